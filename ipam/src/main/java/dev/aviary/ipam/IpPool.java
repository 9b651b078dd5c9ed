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
 */
public record IpPool(
    String name,
    Prefix cidr,
    int blockSize,
    boolean disabled,
    String nodeSelector,
    Set<IntendedUse> allowedUses) {
  public IpPool {
    allowedUses = Set.copyOf(allowedUses);
    if (blockSize < cidr.length() || blockSize > cidr.family().bits()) {
      throw new IllegalArgumentException("blocks of /" + blockSize + " in " + cidr);
    }
  }

  /** An enabled pool for every node and use, with Calico's default block size. */
  public static IpPool of(Prefix cidr) {
    int blockSize = cidr.family() == IpFamily.IPV4 ? 26 : 122;
    return new IpPool(cidr.toString(), cidr, blockSize, false, "", Set.of(IntendedUse.values()));
  }

  /** The block that {@code inside} lies in. */
  Prefix blockOf(Prefix inside) {
    return inside.withLength(blockSize);
  }
}
