package dev.aviary.emulator.cluster;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Tells when speakers that were looked at again and again have come to rest. */
final class Settling {
  /** Longer than a round of updates takes through a reflector. */
  private static final Duration SILENCE = Duration.ofMillis(600);

  private final InstantSource clock;
  private @Nullable Convergence last;
  private Instant since = Instant.MIN;

  Settling(InstantSource clock) {
    this.clock = clock;
  }

  boolean isOver(Convergence now) {
    if (now.isReached()) {
      return true;
    }
    var instant = clock.instant();
    if (!now.equals(last)) {
      last = now;
      since = instant;
    }
    return now.isUp() && Duration.between(since, instant).compareTo(SILENCE) >= 0;
  }
}
