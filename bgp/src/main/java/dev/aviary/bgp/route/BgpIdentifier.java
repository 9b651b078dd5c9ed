package dev.aviary.bgp.route;

import dev.aviary.net.Ipv4Address;

/**
 * A BGP Identifier: any non-zero 32 bits, written as an IPv4 address (RFC 6286).
 *
 * @param bits the 32 bits; compare unsigned
 */
public record BgpIdentifier(int bits) implements Comparable<BgpIdentifier> {

  /**
   * Reads a dotted quad.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static BgpIdentifier of(String text) {
    return new BgpIdentifier(Ipv4Address.of(text).bits());
  }

  @Override
  public int compareTo(BgpIdentifier other) {
    return Integer.compareUnsigned(bits, other.bits);
  }

  @Override
  public String toString() {
    return new Ipv4Address(bits).toString();
  }
}
