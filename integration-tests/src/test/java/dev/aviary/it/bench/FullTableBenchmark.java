package dev.aviary.it.bench;

import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A whole speaker in a process of its own takes a table from its feeders and tells it to its sinks:
 * until the last sink has the last prefix, and until it has none any more. BIRD 2.0.12 beside it.
 */
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.MILLISECONDS)
@Fork(1)
@Warmup(iterations = 3) // the peers are Java, too
@Measurement(iterations = 5)
public class FullTableBenchmark {

  /** A speaker that has just started, its sessions up. */
  @State(Scope.Benchmark)
  @SuppressWarnings("NullAway.Init") // by JMH, and before each measurement
  public static class Fresh {
    /** Whose. */
    @Param({"AVIARY", "BIRD"})
    public FullTable.Speaker speaker;

    /** Prefixes, feeders that all say the same, sinks. */
    @Param({"1000000 1 1", "100000 10 2"})
    public String table;

    FullTable running;

    /** A new one for each measurement. */
    @Setup(Level.Invocation)
    public void start() throws IOException, InterruptedException {
      var size = table.split(" ", -1);
      running =
          FullTable.start(
              speaker,
              Integer.parseInt(size[0]),
              Integer.parseInt(size[1]),
              Integer.parseInt(size[2]));
    }

    /** Ends it. */
    @TearDown(Level.Invocation)
    public void stop() throws IOException, InterruptedException {
      running.close();
    }
  }

  /** The same with the table in. */
  public static class Loaded extends Fresh {
    @Override
    public void start() throws IOException, InterruptedException {
      super.start();
      running.load();
      System.out.printf("[%d MiB resident] ", running.residentMiB());
    }
  }

  /** From the first UPDATE to the last that the last sink has. */
  @Benchmark
  public void load(Fresh state) {
    state.running.load();
  }

  /** The same for withdrawals. */
  @Benchmark
  public void withdraw(Loaded state) {
    state.running.withdraw();
  }
}
