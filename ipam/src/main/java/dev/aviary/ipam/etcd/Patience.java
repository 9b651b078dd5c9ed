package dev.aviary.ipam.etcd;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How long a call to etcd may take, and how it waits before it tries again.
 *
 * @param timeout of one call, its tries together
 * @param nanoTime nanoseconds from any start
 * @param pause waits
 */
public record Patience(Duration timeout, LongSupplier nanoTime, Pause pause) {
  private static final Duration FIRST = Duration.ofMillis(20);
  private static final Duration LONGEST = Duration.ofSeconds(1);

  /** Waits for a while. */
  public interface Pause {
    void until(Duration passed) throws InterruptedException;
  }

  Duration left(long since) {
    return timeout.minusNanos(nanoTime.getAsLong() - since);
  }

  /**
   * Waits before the next try: twice as long each time, up to a second.
   *
   * @param tries how many there were
   * @return false if there is no time left for another one
   */
  boolean backOff(int tries, long since) throws InterruptedException {
    var wait = FIRST.multipliedBy(1L << Math.min(tries, 10));
    wait = wait.compareTo(LONGEST) > 0 ? LONGEST : wait;
    if (left(since).compareTo(wait) <= 0) {
      return false;
    }
    pause.until(wait);
    return true;
  }
}
