package dev.aviary.bgp.route;

import java.util.Optional;

/**
 * A standard community (RFC 1997).
 *
 * @param bits the AS in the high 16 bits, its value in the low ones; compare unsigned
 */
public record Community(int bits) implements Comparable<Community> {
  public static final Community GRACEFUL_SHUTDOWN = new Community(0xffff_0000);
  public static final Community LLGR_STALE = new Community(0xffff_0006);
  public static final Community NO_LLGR = new Community(0xffff_0007);
  public static final Community BLACKHOLE = new Community(0xffff_029a);
  public static final Community NO_EXPORT = new Community(0xffff_ff01);
  public static final Community NO_ADVERTISE = new Community(0xffff_ff02);
  public static final Community NO_EXPORT_SUBCONFED = new Community(0xffff_ff03);

  /** Reads "64512:100"; empty where {@code text} is no such pair. */
  public static Optional<Community> parse(String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      return Optional.empty();
    }
    try {
      int high = Integer.parseUnsignedInt(text, 0, colon, 10);
      int low = Integer.parseUnsignedInt(text, colon + 1, text.length(), 10);
      return high >>> 16 == 0 && low >>> 16 == 0
          ? Optional.of(new Community(high << 16 | low))
          : Optional.empty();
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  @Override
  public int compareTo(Community other) {
    return Integer.compareUnsigned(bits, other.bits);
  }

  @Override
  public String toString() {
    return (bits >>> 16) + ":" + (bits & 0xffff);
  }
}
