package dev.aviary.ipam;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Prefixes that are not handed out automatically (IPReservation). */
public record Reservations(List<Prefix> cidrs) {
  static final Reservations NONE = new Reservations(List.of());

  public Reservations {
    cidrs = List.copyOf(cidrs);
  }

  /**
   * From the entries of an IPReservation: trimmed, a bare address is a /32 or /128, and what is
   * neither is skipped.
   */
  public static List<Prefix> parse(List<String> entries) {
    var found = new ArrayList<Prefix>();
    for (var entry : entries) {
      var text = entry.strip();
      Prefix.parse(text)
          .or(() -> IpAddress.parse(text).map(IpAddress::toPrefix))
          .ifPresent(found::add);
    }
    return List.copyOf(found);
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
    return overlaps(block) && sizeInside(block).equals(size(block));
  }

  /** How many addresses of {@code range} are reserved. */
  BigInteger sizeInside(Prefix range) {
    var inside = new ArrayList<Prefix>();
    for (var cidr : cidrs) {
      if (cidr.contains(range)) {
        return size(range);
      }
      if (range.contains(cidr)) {
        inside.add(cidr);
      }
    }
    var covered = BigInteger.ZERO;
    for (var cidr : withoutContained(inside)) {
      covered = covered.add(size(cidr));
    }
    return covered;
  }

  /** Each address once, smallest prefixes first: without what another one contains. */
  static List<Prefix> withoutContained(List<Prefix> cidrs) {
    return cidrs.stream()
        .distinct()
        .filter(
            cidr -> cidrs.stream().noneMatch(other -> !other.equals(cidr) && other.contains(cidr)))
        .sorted(Comparator.comparingInt(Prefix::length).reversed())
        .toList();
  }

  static BigInteger size(Prefix prefix) {
    return BigInteger.ONE.shiftLeft(prefix.family().bits() - prefix.length());
  }
}
