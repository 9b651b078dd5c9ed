package dev.aviary.emulator.resource;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Durations as Go writes them: 10s, 1m30s, 1.5h. */
final class GoDuration {
  static final String EXPECTED = "a duration such as 120s or 1m30s";

  private static final Pattern PART = Pattern.compile("([0-9]+(?:\\.[0-9]+)?)(ns|us|µs|ms|s|m|h)");
  private static final Pattern WHOLE =
      Pattern.compile("(?:[0-9]+(?:\\.[0-9]+)?(?:ns|us|µs|ms|s|m|h))+");
  private static final Map<String, Long> NANOS =
      Map.of(
          "ns", 1L,
          "us", 1_000L,
          "µs", 1_000L,
          "ms", 1_000_000L,
          "s", 1_000_000_000L,
          "m", 60_000_000_000L,
          "h", 3_600_000_000_000L);

  private GoDuration() {}

  /** Empty if it is none, or longer than 292 years. */
  static Optional<Duration> parse(String text) {
    if (text.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    if (text.length() > 64 || !WHOLE.matcher(text).matches()) {
      return Optional.empty();
    }
    var total = BigDecimal.ZERO;
    var part = PART.matcher(text);
    while (part.find()) {
      var unit = NANOS.getOrDefault(part.group(2), 0L);
      total = total.add(new BigDecimal(part.group(1)).multiply(BigDecimal.valueOf(unit)));
    }
    return total.compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0
        ? Optional.empty()
        : Optional.of(Duration.ofNanos(total.longValue()));
  }
}
