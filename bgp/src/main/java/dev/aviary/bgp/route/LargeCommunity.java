package dev.aviary.bgp.route;

import java.util.Comparator;
import java.util.Optional;

/** A large community (RFC 8092): three unsigned 32-bit numbers. */
public record LargeCommunity(int global, int first, int second)
    implements Comparable<LargeCommunity> {
  private static final Comparator<LargeCommunity> ORDER =
      Comparator.comparing(LargeCommunity::global, Integer::compareUnsigned)
          .thenComparing(LargeCommunity::first, Integer::compareUnsigned)
          .thenComparing(LargeCommunity::second, Integer::compareUnsigned);

  /** Reads "64512:1:2"; empty where {@code text} is no such triple. */
  public static Optional<LargeCommunity> parse(String text) {
    int a = text.indexOf(':');
    int b = text.indexOf(':', a + 1);
    if (a < 1 || b < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new LargeCommunity(
              Integer.parseUnsignedInt(text, 0, a, 10),
              Integer.parseUnsignedInt(text, a + 1, b, 10),
              Integer.parseUnsignedInt(text, b + 1, text.length(), 10)));
    } catch (NumberFormatException e) {
      return Optional.empty();
    }
  }

  @Override
  public int compareTo(LargeCommunity other) {
    return ORDER.compare(this, other);
  }

  @Override
  public String toString() {
    return Integer.toUnsignedString(global)
        + ":"
        + Integer.toUnsignedString(first)
        + ":"
        + Integer.toUnsignedString(second);
  }
}
