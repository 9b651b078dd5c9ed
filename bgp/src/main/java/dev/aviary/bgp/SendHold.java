package dev.aviary.bgp;

import dev.aviary.bgp.session.Scheduler;
import dev.aviary.bgp.transport.Wire;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** RFC 9687: a peer that takes nothing for so long is gone, whatever its keepalives say. */
final class SendHold {
  private static final Duration LEAST = Duration.ofMinutes(8);

  private final Scheduler scheduler;
  private final Runnable expired;
  private Scheduler.@Nullable Task task;

  SendHold(Scheduler scheduler, Runnable expired) {
    this.scheduler = scheduler;
    this.expired = expired;
  }

  /** Starts or stops the timer as {@code wire} is full or not. */
  void watch(@Nullable Wire wire, Duration holdTime, boolean established) {
    boolean stuck = established && wire != null && !wire.isWritable();
    if (stuck && task == null) {
      var twice = holdTime.multipliedBy(2);
      task =
          scheduler.after(
              twice.compareTo(LEAST) > 0 ? twice : LEAST,
              () -> {
                task = null;
                expired.run();
              });
    } else if (!stuck && task != null) {
      task.cancel();
      task = null;
    }
  }
}
