package dev.aviary.bgp.route;

import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv4Prefix;
import dev.aviary.net.Ipv6Address;
import dev.aviary.net.Ipv6Prefix;
import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * A destination as UPDATEs carry it.
 *
 * @param pathId RFC 7911
 * @param labels MPLS labels (RFC 8277), none in unicast
 * @param distinguisher route distinguisher (RFC 4364), none in unicast
 */
public record Nlri(
    Prefix prefix, OptionalInt pathId, List<Integer> labels, Optional<Octets> distinguisher) {
  public Nlri {
    labels = List.copyOf(labels);
  }

  /** {@code prefix} alone. */
  public static Nlri of(Prefix prefix) {
    return new Nlri(prefix, OptionalInt.empty(), List.of(), Optional.empty());
  }

  /** {@code prefix} under a path identifier. */
  public static Nlri of(Prefix prefix, int pathId) {
    return new Nlri(prefix, OptionalInt.of(pathId), List.of(), Optional.empty());
  }

  /** The prefix with these bits, as {@link PrefixVisitor} gets them. */
  public static Prefix prefix(IpFamily family, long high, long low, int length) {
    return switch (family) {
      case IPV4 -> Ipv4Prefix.of(new Ipv4Address((int) (high >>> 32)), length);
      case IPV6 -> Ipv6Prefix.of(new Ipv6Address(high, low), length);
    };
  }

  /** The first 64 bits of {@code prefix}, as {@link PrefixVisitor} gets them. */
  public static long high(Prefix prefix) {
    return switch (prefix) {
      case Ipv4Prefix v4 -> (long) v4.address().bits() << 32;
      case Ipv6Prefix v6 -> v6.address().high();
    };
  }

  /** The last 64 bits of {@code prefix}. */
  public static long low(Prefix prefix) {
    return switch (prefix) {
      case Ipv4Prefix _ -> 0;
      case Ipv6Prefix v6 -> v6.address().low();
    };
  }

  @Override
  public String toString() {
    return pathId.isPresent()
        ? prefix + " path " + Integer.toUnsignedString(pathId.getAsInt())
        : prefix.toString();
  }
}
