package dev.aviary.bgp.session;

import java.time.Duration;
import java.util.random.RandomGenerator;

/** Shortens timers so that routers do not run in step (RFC 4271 §10). */
@FunctionalInterface
public interface Jitter {

  /** {@code time} or a little less. */
  Duration shorten(Duration time);

  /** Leaves every time as it is. */
  static Jitter none() {
    return time -> time;
  }

  /** Takes up to a quarter off, as BIRD does. */
  static Jitter quarter(RandomGenerator random) {
    return time -> time.minusNanos((long) (time.toNanos() * 0.25 * random.nextDouble()));
  }
}
