package dev.aviary.emulator.bird;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** BIRD's short and long times, in the zone of who reads them. */
record BirdTime(Instant now, ZoneId zone, BirdDialect dialect) {
  private static final Duration LONG_AGO = Duration.ofHours(20);
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd");

  private String time() {
    return switch (dialect) {
      case BIRD_1_6 -> "HH:mm:ss";
      case BIRD_2_0 -> "HH:mm:ss.SSS";
    };
  }

  /** The time of day, after 20 hours the date. */
  String brief(Instant at) {
    var local = at.atZone(zone);
    return Duration.between(at, now).compareTo(LONG_AGO) < 0
        ? DateTimeFormatter.ofPattern(time()).format(local)
        : DATE.format(local);
  }

  /** Date and time. */
  String whole(Instant at) {
    return DateTimeFormatter.ofPattern("yyyy-MM-dd " + time()).format(at.atZone(zone));
  }

  /** What is left of a timer: seconds, in 2.0 with milliseconds. */
  String left(Duration left) {
    return switch (dialect) {
      case BIRD_1_6 -> Long.toString((left.toMillis() + 500) / 1000);
      case BIRD_2_0 -> "%d.%03d".formatted(left.toSeconds(), left.toMillisPart());
    };
  }
}
