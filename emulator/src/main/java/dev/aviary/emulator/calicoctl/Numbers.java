package dev.aviary.emulator.calicoctl;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Locale;

/** Numbers as calicoctl prints them: C's "%.5g", and percentages that are rounded half to even. */
final class Numbers {
  private static final int DIGITS = 5;
  private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

  private Numbers() {}

  /** Five digits, an exponent where those do not reach. */
  static String text(BigInteger value) {
    var rounded = new BigDecimal(value).round(new MathContext(DIGITS, RoundingMode.HALF_EVEN));
    int exponent = rounded.precision() - rounded.scale() - 1;
    if (exponent < DIGITS) {
      return rounded.toBigInteger().toString();
    }
    var digits =
        new BigDecimal(rounded.unscaledValue(), rounded.precision() - 1)
            .stripTrailingZeros()
            .toPlainString();
    return digits + String.format(Locale.ROOT, "e+%02d", exponent);
  }

  /** "5 (8%)". */
  static String share(BigInteger part, BigInteger whole) {
    var percent =
        new BigDecimal(part)
            .multiply(HUNDRED)
            .divide(new BigDecimal(whole), 0, RoundingMode.HALF_EVEN);
    // Go keeps the sign of what is rounded to zero.
    var sign = part.signum() < 0 && percent.signum() == 0 ? "-" : "";
    return text(part) + " (" + sign + percent.toPlainString() + "%)";
  }

  static String share(long part, long whole) {
    return share(BigInteger.valueOf(part), BigInteger.valueOf(whole));
  }
}
