package dev.aviary.bgp.session;

import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;

/** Time that moves when told to: runs due tasks in order of time, then of arrival. */
public final class VirtualScheduler implements Scheduler {
  private final Instant start;
  private final PriorityQueue<Entry> queue = new PriorityQueue<>();
  private long now;
  private long sequence;

  /** Time begins at {@code start}. */
  public VirtualScheduler(Instant start) {
    this.start = start;
  }

  private static final class Entry implements Comparable<Entry>, Task {
    private final long time;
    private final long sequence;
    private Runnable task;

    Entry(long time, long sequence, Runnable task) {
      this.time = time;
      this.sequence = sequence;
      this.task = task;
    }

    @Override
    public void cancel() {
      task = () -> {};
    }

    @Override
    public int compareTo(Entry other) {
      int byTime = Long.compare(time, other.time);
      return byTime != 0 ? byTime : Long.compare(sequence, other.sequence);
    }
  }

  @Override
  public Task after(Duration delay, Runnable task) {
    var entry = new Entry(now + Math.max(0, delay.toNanos()), sequence++, task);
    queue.add(entry);
    return entry;
  }

  @Override
  public void execute(Runnable task) {
    after(Duration.ZERO, task);
  }

  @Override
  public long nanos() {
    return now;
  }

  @Override
  public Instant instant() {
    return start.plusNanos(now);
  }

  /** Lets {@code time} pass and runs all that is due in it, also what those tasks ask for. */
  public void advance(Duration time) {
    long until = now + time.toNanos();
    for (var next = queue.peek(); next != null && next.time <= until; next = queue.peek()) {
      queue.remove();
      now = next.time;
      next.task.run();
    }
    now = until;
  }

  /** Runs the next task, moving to its time; false if there is none. */
  public boolean step() {
    var next = queue.poll();
    if (next == null) {
      return false;
    }
    now = next.time;
    next.task.run();
    return true;
  }
}
