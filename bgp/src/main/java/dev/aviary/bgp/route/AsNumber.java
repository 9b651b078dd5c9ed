package dev.aviary.bgp.route;

import java.util.Optional;

/**
 * An autonomous system's number (RFC 6793: 4 octets).
 *
 * @param bits the 32 bits; compare unsigned
 */
public record AsNumber(int bits) implements Comparable<AsNumber> {
  /** Stands in 2-octet fields for a number that does not fit (RFC 6793 §9). */
  public static final AsNumber TRANS = new AsNumber(23456);

  /**
   * The number {@code value}.
   *
   * @throws IllegalArgumentException if it is not 0 to 4294967295
   */
  public static AsNumber of(long value) {
    if (value < 0 || value > 0xffff_ffffL) {
      throw new IllegalArgumentException("AS number " + value + " is not 0 to 4294967295");
    }
    return new AsNumber((int) value);
  }

  /** Reads "64512" or "1.10" (RFC 5396 asdot); empty where {@code text} is neither. */
  public static Optional<AsNumber> parse(String text) {
    try {
      int dot = text.indexOf('.');
      if (dot < 0) {
        long value = Long.parseUnsignedLong(text);
        return value >>> 32 == 0 ? Optional.of(of(value)) : Optional.empty();
      }
      int high = Integer.parseUnsignedInt(text, 0, dot, 10);
      int low = Integer.parseUnsignedInt(text, dot + 1, text.length(), 10);
      return high >>> 16 == 0 && low >>> 16 == 0
          ? Optional.of(new AsNumber(high << 16 | low))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  /** The number, 0 to 4294967295. */
  public long value() {
    return Integer.toUnsignedLong(bits);
  }

  /** True if it fits a 2-octet field. */
  public boolean fitsTwoOctets() {
    return bits >>> 16 == 0;
  }

  /** True for a number of private use: 64512 to 65534, 4200000000 to 4294967294 (RFC 6996 §5). */
  public boolean isPrivate() {
    long value = value();
    return (value >= 64512 && value <= 65534)
        || (value >= 4_200_000_000L && value <= 4_294_967_294L);
  }

  @Override
  public int compareTo(AsNumber other) {
    return Integer.compareUnsigned(bits, other.bits);
  }

  @Override
  public String toString() {
    return Integer.toUnsignedString(bits);
  }
}
