package dev.aviary.emulator.cluster;

import dev.aviary.bgp.session.Scheduler;
import dev.aviary.bgp.session.VirtualScheduler;
import dev.aviary.bgp.transport.EventLoopScheduler;
import dev.aviary.bgp.transport.InProcessNetwork;
import dev.aviary.bgp.transport.InProcessTransport;
import dev.aviary.bgp.transport.TcpTransport;
import dev.aviary.emulator.node.NodeTime;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.InetAddress;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/**
 * The clock of a cluster and the loop that all of it runs on: real, with sockets, or virtual,
 * without any. The one place that reads the time of day.
 */
public abstract sealed class ClusterTime implements AutoCloseable {

  /** What a node at {@code address} runs on. */
  public abstract NodeTime forNode(InetAddress address);

  public abstract InstantSource clock();

  private volatile Passage passage = Passage.EVERYTHING;

  /** From now on connections of nodes carry what {@code value} lets through. */
  void passage(Passage value) {
    passage = value;
  }

  final boolean isOpen(InetAddress one, InetAddress other) {
    return passage.isOpen(one, other);
  }

  /** Runs {@code work} on the loop and waits for its answer. */
  abstract <T> T call(Callable<T> work) throws InterruptedException;

  /** Runs {@code work} on the loop without waiting for it. */
  abstract void execute(Runnable work);

  /** Runs {@code work} on the loop again and again, each time after what {@code period} says. */
  abstract void every(Supplier<Duration> period, Runnable work);

  private static void every(Scheduler scheduler, Supplier<Duration> period, Runnable work) {
    scheduler.after(
        period.get(),
        () -> {
          work.run();
          every(scheduler, period, work);
        });
  }

  /** Nanoseconds from any start, for waits that are real although the cluster's time is not. */
  static long nanoTime() {
    return System.nanoTime();
  }

  /** Waits until {@code condition}, which is looked at on the loop; false after {@code limit}. */
  abstract boolean await(BooleanSupplier condition, Duration limit) throws InterruptedException;

  @Override
  public abstract void close();

  /** Real time on an event loop of its own. */
  static ClusterTime real() {
    return new Real();
  }

  /** Time that moves only while somebody waits. */
  static ClusterTime virtual() {
    return new Virtual();
  }

  private static <T> T joined(CompletableFuture<T> future) throws InterruptedException {
    try {
      return future.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException bug) {
        throw bug;
      }
      throw new IllegalStateException(e.getCause());
    }
  }

  private static final class Real extends ClusterTime {
    /** How often a condition is looked at; what it waits for takes longer. */
    private static final Duration LOOK = Duration.ofMillis(5);

    private final MultiThreadIoEventLoopGroup group = TcpTransport.newGroup(1);
    private final IoEventLoop loop = group.next();
    private final InstantSource clock = Clock.systemUTC();
    private final Scheduler scheduler = new EventLoopScheduler(loop, clock);

    @Override
    public NodeTime forNode(InetAddress address) {
      return new NodeTime(
          scheduler, new GatedTransport(new TcpTransport(loop), address, scheduler, this::isOpen));
    }

    @Override
    public InstantSource clock() {
      return clock;
    }

    @Override
    <T> T call(Callable<T> work) throws InterruptedException {
      var answer = new CompletableFuture<T>();
      loop.execute(
          () -> {
            try {
              answer.complete(work.call());
            } catch (Exception e) {
              answer.completeExceptionally(e);
            }
          });
      return joined(answer);
    }

    @Override
    void execute(Runnable work) {
      loop.execute(work);
    }

    @Override
    void every(Supplier<Duration> period, Runnable work) {
      ClusterTime.every(scheduler, period, work);
    }

    @Override
    boolean await(BooleanSupplier condition, Duration limit) throws InterruptedException {
      var met = new CompletableFuture<Boolean>();
      loop.execute(() -> look(condition, met));
      try {
        return met.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException _) {
        met.cancel(false);
        return false;
      } catch (ExecutionException e) {
        throw new IllegalStateException(e.getCause());
      }
    }

    private void look(BooleanSupplier condition, CompletableFuture<Boolean> met) {
      try {
        if (met.isCancelled()) {
          return;
        }
        if (condition.getAsBoolean()) {
          met.complete(true);
        } else {
          scheduler.after(LOOK, () -> look(condition, met));
        }
      } catch (RuntimeException e) {
        met.completeExceptionally(e);
      }
    }

    @Override
    public void close() {
      group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  private static final class Virtual extends ClusterTime {
    private static final Duration STEP = Duration.ofMillis(10);

    private final VirtualScheduler scheduler =
        new VirtualScheduler(Instant.parse("2022-01-28T22:53:46Z"));
    private final InProcessNetwork network =
        new InProcessNetwork(
            scheduler,
            (from, to) ->
                isOpen(from.getAddress(), to.getAddress())
                    ? Optional.of(Duration.ZERO)
                    : Optional.empty());

    @Override
    public NodeTime forNode(InetAddress address) {
      return new NodeTime(scheduler, new InProcessTransport(network, address));
    }

    @Override
    public InstantSource clock() {
      return scheduler;
    }

    @Override
    synchronized <T> T call(Callable<T> work) throws InterruptedException {
      var answer = new CompletableFuture<T>();
      try {
        answer.complete(work.call());
      } catch (Exception e) {
        answer.completeExceptionally(e);
      }
      scheduler.advance(Duration.ZERO);
      return joined(answer);
    }

    @Override
    synchronized void execute(Runnable work) {
      work.run();
    }

    @Override
    synchronized void every(Supplier<Duration> period, Runnable work) {
      ClusterTime.every(scheduler, period, work);
    }

    @Override
    synchronized boolean await(BooleanSupplier condition, Duration limit) {
      for (var waited = Duration.ZERO; waited.compareTo(limit) <= 0; waited = waited.plus(STEP)) {
        if (condition.getAsBoolean()) {
          return true;
        }
        scheduler.advance(STEP);
      }
      return false;
    }

    @Override
    public void close() {
      // Nothing runs outside a call.
    }
  }
}
