package dev.aviary.emulator.resource;

import java.util.Optional;

/** AS numbers as manifests write them: plain, or high and low half with a dot (RFC 5396 asdot). */
final class AsNumbers {
  static final String EXPECTED = "an AS number of 1 to 4294967295";

  private AsNumbers() {}

  static Optional<Long> parse(String text) {
    try {
      int dot = text.indexOf('.');
      long value =
          dot < 0
              ? Long.parseLong(text)
              : half(text.substring(0, dot)) << 16 | half(text.substring(dot + 1));
      return value >= 1 && value <= 0xffff_ffffL ? Optional.of(value) : Optional.empty();
    } catch (NumberFormatException _) {
      return Optional.empty();
    }
  }

  private static long half(String text) {
    long value = Long.parseLong(text);
    if (value < 0 || value > 0xffff) {
      throw new NumberFormatException(text);
    }
    return value;
  }
}
