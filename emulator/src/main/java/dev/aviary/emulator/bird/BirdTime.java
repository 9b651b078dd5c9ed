package dev.aviary.emulator.bird;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;

/** BIRD 1.6's short and long times, in the zone of who reads them. */
record BirdTime(Instant now, ZoneId zone) {
  private static final Duration LONG_AGO = Duration.ofHours(20);
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss");
  private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("yyyy-MM-dd");
  private static final DateTimeFormatter BOTH = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss");

  /** The time of day, after 20 hours the date. */
  String brief(Instant at) {
    var local = at.atZone(zone);
    return Duration.between(at, now).compareTo(LONG_AGO) < 0
        ? TIME.format(local)
        : DATE.format(local);
  }

  /** Date and time. */
  String whole(Instant at) {
    return BOTH.format(at.atZone(zone));
  }
}
