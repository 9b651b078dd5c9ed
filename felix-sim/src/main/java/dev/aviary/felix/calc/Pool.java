package dev.aviary.felix.calc;

import dev.aviary.net.Prefix;

/** An IP pool; disabled ones too, since their addresses may still be in use. */
public record Pool(Prefix cidr, boolean natOutgoing, Mode ipip, Mode vxlan) {

  /** When traffic between hosts is tunnelled. */
  public enum Mode {
    NEVER,
    ALWAYS,
    /** Only where the hosts aren't on one segment. */
    CROSS_SUBNET
  }

  /** A pool without tunnels. */
  public static Pool of(Prefix cidr, boolean natOutgoing) {
    return new Pool(cidr, natOutgoing, Mode.NEVER, Mode.NEVER);
  }
}
