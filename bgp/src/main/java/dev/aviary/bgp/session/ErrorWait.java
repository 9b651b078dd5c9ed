package dev.aviary.bgp.session;

import java.time.Duration;

/**
 * How long to stay idle after an error: BIRD's error wait. It doubles from its least to its most
 * while errors follow one another, and starts over when the last one is long past.
 */
final class ErrorWait {
  private final SessionConfig config;
  private final Scheduler scheduler;
  private Duration wait = Duration.ZERO;
  private Duration pause = Duration.ZERO;
  private boolean waits;
  private long last;

  ErrorWait(SessionConfig config, Scheduler scheduler) {
    this.config = config;
    this.scheduler = scheduler;
  }

  void note(SessionFault fault) {
    waits = fault.waits();
    // Without a delay before the first attempt a refused one would be repeated at once, for ever.
    pause =
        fault instanceof SessionFault.Socket && config.connectDelay().isZero() && !config.passive()
            ? config.connectRetry()
            : Duration.ZERO;
    if (!waits) {
      return;
    }
    long now = scheduler.nanos();
    boolean forgotten = !wait.isZero() && now - last > config.errorForget().toNanos();
    var doubled = wait.multipliedBy(2);
    if (wait.isZero() || forgotten) {
      wait = config.errorWaitMin();
    } else {
      wait = doubled.compareTo(config.errorWaitMax()) < 0 ? doubled : config.errorWaitMax();
    }
    last = now;
  }

  Duration next() {
    return waits ? wait : pause;
  }

  void forget() {
    wait = Duration.ZERO;
    waits = false;
  }
}
