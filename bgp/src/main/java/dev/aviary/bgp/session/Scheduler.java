package dev.aviary.bgp.session;

import java.time.Duration;
import java.time.InstantSource;

/** Time, as one node sees it. Tasks run on the node's event loop, in order of their time. */
public interface Scheduler extends InstantSource {

  /** Runs {@code task} once, {@code delay} from now. */
  Task after(Duration delay, Runnable task);

  /** Runs {@code task} soon, after what is running now. */
  void execute(Runnable task);

  /** Nanoseconds since some point; only differences mean anything. */
  long nanos();

  /** Something that will run. */
  interface Task {
    /** Keeps it from running; nothing happens if it did already. */
    void cancel();
  }
}
