package dev.aviary.ipam;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.math.BigInteger;
import java.util.List;

/** Prefixes that are not handed out automatically (IPReservation). */
public record Reservations(List<Prefix> cidrs) {
  static final Reservations NONE = new Reservations(List.of());

  public Reservations {
    cidrs = List.copyOf(cidrs);
  }

  boolean contains(IpAddress address) {
    for (var cidr : cidrs) {
      if (cidr.contains(address)) {
        return true;
      }
    }
    return false;
  }

  boolean overlaps(Prefix block) {
    for (var cidr : cidrs) {
      if (cidr.overlaps(block)) {
        return true;
      }
    }
    return false;
  }

  /** True if one reservation covers the block, or the union of several does. */
  boolean covers(Prefix block) {
    // Those inside it, without any that another one contains, so that nothing counts twice.
    var inside = cidrs.stream().filter(block::contains).distinct().toList();
    var covered = BigInteger.ZERO;
    for (var cidr : inside) {
      if (inside.stream().noneMatch(other -> !other.equals(cidr) && other.contains(cidr))) {
        covered = covered.add(size(cidr));
      }
    }
    return covered.equals(size(block));
  }

  private static BigInteger size(Prefix prefix) {
    return BigInteger.ONE.shiftLeft(prefix.family().bits() - prefix.length());
  }
}
