package dev.aviary.ipam;

import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.Set;

/**
 * An administrator's range of addresses, as far as IPAM looks at it.
 *
 * @param blockSize prefix length of its blocks: 20 to 32, or 116 to 128
 * @param disabled gives no new addresses
 * @param nodeSelector which nodes may use it; empty for all
 * @param namespaceSelector whose pods may use it; empty for all (from v3.31 on)
 * @param manual used only when it is asked for by name (from v3.30 on)
 */
public record IpPool(
    String name,
    Prefix cidr,
    int blockSize,
    boolean disabled,
    String nodeSelector,
    Set<IntendedUse> allowedUses,
    String namespaceSelector,
    boolean manual) {
  /** What a pool is for that does not say. */
  public static final Set<IntendedUse> DEFAULT_USES =
      Set.of(IntendedUse.WORKLOAD, IntendedUse.TUNNEL);

  public IpPool {
    allowedUses = Set.copyOf(allowedUses);
    // A disabled pool may be smaller than its blocks: none is ever cut from it.
    if ((blockSize < cidr.length() && !disabled) || blockSize > cidr.family().bits()) {
      throw new IllegalArgumentException("blocks of /" + blockSize + " in " + cidr);
    }
  }

  /** For pods of every namespace, without being asked for. */
  public IpPool(
      String name,
      Prefix cidr,
      int blockSize,
      boolean disabled,
      String nodeSelector,
      Set<IntendedUse> allowedUses) {
    this(name, cidr, blockSize, disabled, nodeSelector, allowedUses, "", false);
  }

  /** An enabled pool for every node and use, with Calico's default block size. */
  public static IpPool of(Prefix cidr) {
    return new IpPool(
        cidr.toString(), cidr, defaultBlockSize(cidr.family()), false, "", DEFAULT_USES);
  }

  /** 26 or 122. */
  public static int defaultBlockSize(IpFamily family) {
    return family == IpFamily.IPV4 ? 26 : 122;
  }

  /** The block that {@code inside} lies in. */
  Prefix blockOf(Prefix inside) {
    return inside.withLength(blockSize);
  }
}
