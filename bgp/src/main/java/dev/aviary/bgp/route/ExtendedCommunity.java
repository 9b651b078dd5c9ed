package dev.aviary.bgp.route;

/**
 * An extended community (RFC 4360): eight octets, kept whole.
 *
 * @param bits in network order; compare unsigned
 */
public record ExtendedCommunity(long bits) implements Comparable<ExtendedCommunity> {

  /** False if it must not leave the AS (RFC 4360 §6). */
  public boolean isTransitive() {
    return (bits >>> 56 & 0x40) == 0;
  }

  @Override
  public int compareTo(ExtendedCommunity other) {
    return Long.compareUnsigned(bits, other.bits);
  }

  @Override
  public String toString() {
    return "%016x".formatted(bits);
  }
}
