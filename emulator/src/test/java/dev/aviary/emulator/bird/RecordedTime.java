package dev.aviary.emulator.bird;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneOffset;

/** Times as replies have them, on the day of the recording. */
final class RecordedTime {
  private static final LocalDate DAY = LocalDate.of(2026, 11, 22);

  private RecordedTime() {}

  static Instant brief(String text) {
    return text.contains(":")
        ? DAY.atTime(LocalTime.parse(text)).toInstant(ZoneOffset.UTC)
        : LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant();
  }

  static Instant whole(String text) {
    var parts = text.split(" ", -1);
    return LocalDate.parse(parts[0]).atTime(LocalTime.parse(parts[1])).toInstant(ZoneOffset.UTC);
  }
}
