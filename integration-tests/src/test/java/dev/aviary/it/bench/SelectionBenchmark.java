package dev.aviary.it.bench;

import dev.aviary.bgp.rib.LocRib;
import dev.aviary.bgp.rib.NextHopResolver;
import dev.aviary.bgp.rib.RouteSelection;
import dev.aviary.bgp.rib.Sources;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AsPath;
import dev.aviary.bgp.route.AttributeCache;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.route.Peer;
import dev.aviary.bgp.route.RouteSource;
import dev.aviary.net.Ipv4Address;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A table of 10,000 prefixes with several paths each; time for each route. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class SelectionBenchmark {
  private static final int PREFIXES = 10_000;

  @Param({"1", "2", "10"})
  int paths;

  private final AttributeCache cache = new AttributeCache();
  private final Sources sources =
      new Sources(new RouteSource.Local("static1", RouteSource.STATIC_PREFERENCE));
  private final LocRib rib =
      new LocRib(
          AfiSafi.IPV4_UNICAST,
          cache,
          sources,
          new RouteSelection(RouteSelection.Options.DEFAULT, NextHopResolver.everything()));
  private final PathAttributes[] sets = new PathAttributes[10];

  @Setup
  public void fill() {
    for (int i = 0; i < sets.length; i++) {
      sources.add(
          new RouteSource.Learned(
              new Peer(
                  "p" + i,
                  new Ipv4Address(0x0a00_0002 + i),
                  AsNumber.of(65001 + i % 3),
                  new BgpIdentifier(0x0a00_0002 + i),
                  false,
                  false)));
      sets[i] =
          cache.intern(
              PathAttributes.of(
                  new PathAttribute.OriginAttribute(Origin.IGP),
                  new PathAttribute.AsPathAttribute(
                      AsPath.sequence(AsNumber.of(65001 + i % 3), AsNumber.of(3356))),
                  new PathAttribute.NextHop(new Ipv4Address(0x0a00_0002 + i)),
                  new PathAttribute.MultiExitDisc(i)));
    }
    for (int p = 0; p < paths; p++) {
      put(p);
    }
    settle();
  }

  private void put(int source) {
    for (int i = 0; i < PREFIXES; i++) {
      rib.put((long) (0x0b00_0000 + (i << 8)) << 32, 0, 24, source + 1, 0, sets[source]);
    }
  }

  private void settle() {
    rib.settle();
    rib.settled(_ -> false);
  }

  /** Every prefix is decided anew. */
  @Benchmark
  @OperationsPerInvocation(PREFIXES)
  public int decide() {
    rib.touchAll();
    settle();
    return rib.size();
  }

  /** One more path to every prefix comes and goes. */
  @Benchmark
  @OperationsPerInvocation(PREFIXES)
  public int comeAndGo() {
    int last = sets.length - 1;
    put(last);
    settle();
    rib.withdrawAll(last + 1);
    settle();
    return rib.size();
  }
}
