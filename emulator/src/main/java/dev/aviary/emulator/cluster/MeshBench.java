package dev.aviary.emulator.cluster;

import dev.aviary.bgp.BgpSpeaker;
import dev.aviary.bgp.NeighborConfig;
import dev.aviary.bgp.SpeakerConfig;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.PathAttribute.OriginAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv4Prefix;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A full mesh of speakers over real TCP, timed from the start of the JVM. */
public final class MeshBench {
  private static final int FIRST_BLOCK = 10 << 24 | 128 << 16;
  private static final long AS = 64512;
  private static final Duration LIMIT = Duration.ofMinutes(2);

  private MeshBench() {}

  /** Runs it; one line of JSON with the fields that the measurement of real speakers has. */
  public static String run(int nodes, int blocks) throws ClusterException, InterruptedException {
    long limit = openFiles();
    long sockets = (long) nodes * (nodes - 1);
    if (limit > 0 && sockets + nodes + 100 > limit) {
      throw ClusterException.environment(
          "a mesh of %d nodes needs %d sockets, this process may open %d: raise it with ulimit -n %d"
              .formatted(nodes, sockets, limit, sockets + nodes + 1000));
    }
    try (var time = ClusterTime.real()) {
      var speakers = new ArrayList<BgpSpeaker>();
      var routes = new int[nodes];
      int port = StandIns.freePort();
      for (int i = 0; i < nodes; i++) {
        var speaker = speaker(time, i, nodes, blocks, port, routes);
        speakers.add(speaker);
      }
      for (var speaker : speakers) {
        time.call(
            () -> {
              speaker.start();
              return true;
            });
      }
      int wanted = nodes * blocks;
      boolean done =
          time.await(() -> Arrays.stream(routes).allMatch(count -> count >= wanted), LIMIT);
      var runtime = ManagementFactory.getRuntimeMXBean();
      double converged = (time.clock().instant().toEpochMilli() - runtime.getStartTime()) / 1000.0;
      var report =
          String.format(
              Locale.ROOT,
              "{\"speaker\": \"aviary\", \"nodes\": %d, \"blocks_per_node\": %d, \"sessions\": %d,"
                  + " \"converged_s\": %s, \"cpu_s\": %.2f, \"rss_mib\": %.1f}",
              nodes,
              blocks,
              sockets / 2,
              done ? String.format(Locale.ROOT, "%.2f", converged) : "null",
              cpuSeconds(),
              residentMib());
      for (var speaker : speakers) {
        time.call(
            () -> {
              speaker.stop(() -> {});
              return true;
            });
      }
      return report;
    }
  }

  private static BgpSpeaker speaker(
      ClusterTime time, int index, int nodes, int blocks, int port, int[] routes)
      throws InterruptedException {
    var own = StandIns.loopback(index + 1);
    var address = address(index);
    var node = time.forNode(own);
    var config =
        SpeakerConfig.builder("n" + index, AsNumber.of(AS), BgpIdentifier.of(address.toString()))
            .ipv4(address)
            .listen(new InetSocketAddress(own, port))
            .build();
    var speaker = new BgpSpeaker(config, node.transport(), node.scheduler());
    time.call(
        () -> {
          // Before the first route, or it would not be counted.
          speaker.listener(
              change ->
                  routes[index] +=
                      (change.after().isPresent() ? 1 : 0) - (change.before().isPresent() ? 1 : 0));
          for (int i = 0; i < nodes; i++) {
            if (i != index) {
              speaker.add(neighbor(index, i, port));
            }
          }
          for (int i = 0; i < blocks; i++) {
            int bits = FIRST_BLOCK + (index * blocks + i) * 64;
            speaker.originate(
                Ipv4Prefix.of(new Ipv4Address(bits), 26),
                PathAttributes.of(new OriginAttribute(Origin.IGP)));
          }
          return true;
        });
    return speaker;
  }

  private static NeighborConfig neighbor(int own, int other, int port) {
    var at = StandIns.loopback(other + 1);
    return NeighborConfig.builder("m" + other, address(other), AsNumber.of(AS))
        .timers(NeighborConfig.Timers.CALICO.withConnectDelay(Duration.ofSeconds(1)))
        .families(AfiSafi.IPV4_UNICAST)
        .dial(new InetSocketAddress(at, port))
        .source(new InetSocketAddress(StandIns.loopback(own + 1), 0))
        .passive(other > own)
        .multihop(true)
        .build();
  }

  private static Ipv4Address address(int index) {
    return new Ipv4Address(10 << 24 | 99 << 16 | (index + 1));
  }

  private static long openFiles() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.UnixOperatingSystemMXBean unix
        ? unix.getMaxFileDescriptorCount()
        : 0;
  }

  private static double cpuSeconds() {
    return ManagementFactory.getOperatingSystemMXBean()
            instanceof com.sun.management.OperatingSystemMXBean system
        ? system.getProcessCpuTime() / 1e9
        : 0;
  }

  /** VmRSS of this process; 0 where the system does not say. */
  private static double residentMib() {
    try {
      List<String> lines = Files.readAllLines(Path.of("/proc/self/status"));
      for (var line : lines) {
        if (line.startsWith("VmRSS:")) {
          return Long.parseLong(line.replaceAll("\\D", "")) / 1024.0;
        }
      }
    } catch (IOException _) {
      // Not Linux: there is no figure.
    }
    return 0;
  }
}
