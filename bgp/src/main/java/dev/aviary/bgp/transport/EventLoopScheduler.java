package dev.aviary.bgp.transport;

import dev.aviary.bgp.session.Scheduler;
import io.netty.channel.EventLoop;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Real time on a Netty event loop; what the time of day is comes from outside. */
public final class EventLoopScheduler implements Scheduler {
  private final EventLoop loop;
  private final InstantSource clock;

  public EventLoopScheduler(EventLoop loop, InstantSource clock) {
    this.loop = loop;
    this.clock = clock;
  }

  @Override
  public Task after(Duration delay, Runnable task) {
    var future = loop.schedule(task, delay.toNanos(), java.util.concurrent.TimeUnit.NANOSECONDS);
    return () -> future.cancel(false);
  }

  @Override
  public void execute(Runnable task) {
    loop.execute(task);
  }

  @Override
  public long nanos() {
    return loop.ticker().nanoTime();
  }

  @Override
  public Instant instant() {
    return clock.instant();
  }
}
