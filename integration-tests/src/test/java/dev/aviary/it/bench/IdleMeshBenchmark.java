package dev.aviary.it.bench;

import dev.aviary.bgp.BgpSpeaker;
import dev.aviary.bgp.NeighborConfig;
import dev.aviary.bgp.SpeakerConfig;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.session.VirtualScheduler;
import dev.aviary.bgp.transport.InProcessNetwork;
import dev.aviary.bgp.transport.InProcessTransport;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
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
import org.openjdk.jmh.annotations.Warmup;

/** A full mesh in which nothing happens but KEEPALIVEs: a day of it in virtual time. */
@State(Scope.Thread)
@BenchmarkMode(Mode.SingleShotTime)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 0)
@Measurement(iterations = 3)
public class IdleMeshBenchmark {
  private static final long AS = 64512;
  private static final int PORT = 179;

  /** How many speakers. */
  @Param("100")
  public int nodes;

  private VirtualScheduler scheduler = new VirtualScheduler(Instant.EPOCH);
  private final List<BgpSpeaker> speakers = new ArrayList<>();

  private static InetAddress address(int node) throws UnknownHostException {
    return InetAddress.getByAddress(new byte[] {10, 0, (byte) (node >>> 8), (byte) node});
  }

  /** Brings the mesh up; the one with the lower number waits. */
  @Setup(Level.Invocation)
  public void start() throws UnknownHostException {
    scheduler = new VirtualScheduler(Instant.EPOCH);
    speakers.clear();
    var network = new InProcessNetwork(scheduler);
    for (int i = 1; i <= nodes; i++) {
      var own = address(i);
      var config =
          SpeakerConfig.builder("node" + i, AsNumber.of(AS), BgpIdentifier.of(own.getHostAddress()))
              .ipv4(Ipv4Address.of(own.getHostAddress()))
              .listen(new InetSocketAddress(own, PORT))
              .behavior(Behavior.BIRD_16)
              .build();
      var speaker = new BgpSpeaker(config, new InProcessTransport(network, own), scheduler);
      for (int j = 1; j <= nodes; j++) {
        if (j != i) {
          speaker.add(neighbor(j, j > i));
        }
      }
      speaker.start();
      speakers.add(speaker);
    }
    scheduler.advance(Duration.ofMinutes(5));
    check();
  }

  private static NeighborConfig neighbor(int node, boolean passive) throws UnknownHostException {
    var at = address(node);
    return NeighborConfig.builder(
            "Mesh_" + node, IpAddress.of(at.getHostAddress()), AsNumber.of(AS))
        .passive(passive)
        .dial(new InetSocketAddress(at, PORT))
        .build();
  }

  private void check() {
    for (var speaker : speakers) {
      if (!speaker.view().neighbors().stream().allMatch(n -> n.state().equals("Established"))) {
        throw new IllegalStateException("a session is down");
      }
    }
  }

  /** 24 hours. */
  @Benchmark
  public void day() {
    scheduler.advance(Duration.ofHours(24));
    check();
  }
}
