package dev.aviary.net;

import java.util.Optional;

/**
 * An IPv4 or IPv6 address. Addresses compare by family (IPv4 first), then as unsigned numbers.
 * {@code toString} prints the dotted quad, or RFC 5952's canonical text.
 */
public sealed interface IpAddress extends Comparable<IpAddress> permits Ipv4Address, Ipv6Address {

  /** Its family. */
  IpFamily family();

  /** Bit {@code index} (0 is the most significant one) as 0 or 1. */
  int bit(int index);

  /** The address {@code offset} further on; wraps around at the end of the family's range. */
  IpAddress plus(long offset);

  /** Its octets in network order: 4 or 16 of them, a new array each time. */
  byte[] octets();

  /** The host prefix of just this address: /32 or /128. */
  Prefix toPrefix();

  /** {@code 0.0.0.0} or {@code ::}. */
  boolean isUnspecified();

  /** 127.0.0.0/8 or {@code ::1}. */
  boolean isLoopback();

  /** 224.0.0.0/4 or ff00::/8. */
  boolean isMulticast();

  /** 169.254.0.0/16 or fe80::/10. */
  boolean isLinkLocal();

  /**
   * Reads a dotted quad or an IPv6 text (RFC 4291 §2.2), without zone, prefix length or blanks.
   *
   * @throws IllegalArgumentException if {@code text} is neither
   */
  static IpAddress of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not an IP address: '" + text + "'"));
  }

  /** As {@link #of}, but empty where {@code text} is no address. */
  static Optional<IpAddress> parse(String text) {
    return text.indexOf(':') >= 0
        ? Ipv6Address.parse(text).map(a -> a)
        : Ipv4Address.parse(text).map(a -> a);
  }

  /**
   * The address with these octets in network order.
   *
   * @throws IllegalArgumentException if there are neither 4 nor 16
   */
  static IpAddress of(byte[] octets) {
    return switch (octets.length) {
      case 4 -> Ipv4Address.of(octets);
      case 16 -> Ipv6Address.of(octets);
      default -> throw new IllegalArgumentException("an address of " + octets.length + " octets");
    };
  }
}
