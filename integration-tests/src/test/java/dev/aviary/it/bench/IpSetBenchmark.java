package dev.aviary.it.bench;

import dev.aviary.kernel.ipset.IpSetException;
import dev.aviary.kernel.ipset.IpSets;
import dev.aviary.kernel.ipset.PacketView;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A source address is looked for in a hash:net set of host addresses, found and not found. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class IpSetBenchmark {
  private static final int FIRST = 0x0af40000;
  private static final List<Boolean> SOURCE = List.of(true);

  @Param({"10", "100000"})
  int entries;

  private final IpSets sets =
      new IpSets(InstantSource.fixed(Instant.EPOCH), RandomGenerator.of("L64X128MixRandom"));
  private int next;

  private record From(IpAddress source) implements PacketView {
    @Override
    public IpAddress address(boolean ofSource) {
      return source;
    }

    @Override
    public int port(boolean ofSource) {
      return -1;
    }

    @Override
    public int protocol() {
      return 6;
    }
  }

  @Setup
  public void fill() throws IpSetException {
    var text = new StringBuilder("create s hash:net maxelem 1048576\n");
    for (int i = 0; i < entries; i++) {
      text.append("add s ").append(new Ipv4Address(FIRST + i)).append('\n');
    }
    sets.restore(text.toString());
  }

  @Benchmark
  public boolean found() {
    next = next + 1 == entries ? 0 : next + 1;
    return sets.matches("s", new From(new Ipv4Address(FIRST + next)), SOURCE);
  }

  @Benchmark
  public boolean notFound() {
    next = next + 1 == entries ? 0 : next + 1;
    return sets.matches("s", new From(new Ipv4Address(next)), SOURCE);
  }
}
