package dev.aviary.emulator.cluster;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.function.Consumer;

/** Tells what was done and how long it took since the last time. */
final class Stopwatch {
  private final InstantSource clock;
  private final Consumer<String> listener;
  private Instant last;

  Stopwatch(InstantSource clock, Consumer<String> listener) {
    this.clock = clock;
    this.listener = listener;
    this.last = clock.instant();
  }

  void lap(String what) {
    var now = clock.instant();
    double seconds = Duration.between(last, now).toMillis() / 1000.0;
    listener.accept(String.format(Locale.ROOT, "%-50s %6.2f s", what, seconds));
    last = now;
  }
}
