package dev.aviary.ipam.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.ipam.AssignRequest;
import dev.aviary.ipam.Ipam;
import dev.aviary.ipam.IpamVariant;
import dev.aviary.ipam.Laws;
import dev.aviary.ipam.OneNode;
import dev.aviary.net.IpAddress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Two processes on one etcd, one of which is killed in the middle of its work, again and again. */
class EtcdCrashTest {
  private static final int KILLS = 4;
  private static final long SEED = 20261125;

  private static Process start(EtcdServer server, String name, String host, Path log)
      throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            CrashWorker.class.getName(),
            server.endpoints().getFirst().toString(),
            name,
            host,
            log.toString())
        .redirectErrorStream(true)
        .redirectOutput(log.resolveSibling(name + ".out").toFile())
        .start();
  }

  /** Waits until {@code process} has written {@code more} lines, or has ended. */
  private static void awaitLines(Process process, Path log, int more)
      throws IOException, InterruptedException {
    long before = lines(log).size();
    while (process.isAlive() && lines(log).size() < before + more) {
      process.waitFor(20, TimeUnit.MILLISECONDS);
    }
  }

  private static List<String> lines(Path log) throws IOException {
    return Files.exists(log) ? Files.readAllLines(log) : List.of();
  }

  @Test
  void nothingAcknowledgedIsLostWhenAProcessIsKilled(@TempDir Path folder) throws Exception {
    var random = new Random(SEED);
    var steadyLog = folder.resolve("steady.log");
    var mortalLog = folder.resolve("mortal.log");
    try (var server = EtcdServer.start()) {
      var steady = start(server, "steady", "h0", steadyLog);
      try {
        for (int kill = 0; kill < KILLS; kill++) {
          // On the host of the other one, too: they contend for its blocks.
          var mortal = start(server, "mortal" + kill, "h" + kill % 2, mortalLog);
          awaitLines(mortal, mortalLog, 15 + random.nextInt(40));
          assertThat(mortal.isAlive())
              .as(() -> "output: " + output(folder.resolve("mortal.out")))
              .isTrue();
          mortal.destroyForcibly().waitFor();
        }
        awaitLines(steady, steadyLog, 20);
        assertThat(steady.isAlive()).as(() -> output(folder.resolve("steady.out"))).isTrue();
      } finally {
        steady.destroyForcibly().waitFor();
      }
      check(server, steadyLog, mortalLog);
    }
  }

  private static String output(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      return e.toString();
    }
  }

  private static void check(EtcdServer server, Path... logs) throws Exception {
    var patience = EtcdServer.patience(Duration.ofSeconds(20));
    try (var client = server.client(Duration.ofSeconds(20))) {
      var store = new EtcdIpamStore(client, patience, IpamVariant.V3_22);
      Laws.check(store);
      var ipam =
          new Ipam(store, new OneNode(CrashWorker.HOSTS, CrashWorker.POOLS), () -> 2_000_000_000L);
      var acknowledged = new HashMap<String, IpAddress>();
      for (var log : logs) {
        held(lines(log), acknowledged);
      }
      assertThat(new HashSet<>(acknowledged.values()))
          .as("no address twice")
          .hasSize(acknowledged.size());
      for (var entry : acknowledged.entrySet()) {
        assertThat(ipam.assignmentAttributes(entry.getValue()).handle()).isEqualTo(entry.getKey());
        assertThat(ipam.ipsByHandle(entry.getKey())).contains(entry.getValue());
      }
      // Whoever comes next can work with what the dead left, and repairs it.
      for (var host : Set.of("h0", "h1", "h2")) {
        assertThat(ipam.autoAssign(AssignRequest.workload(host, "after-" + host, Map.of())).error())
            .isNull();
      }
      Laws.check(store);
    }
  }

  /** What was acknowledged and not asked to be released; a line that was cut short counts not. */
  private static void held(List<String> lines, Map<String, IpAddress> found) {
    for (var line : lines) {
      var words = line.split(" ", -1);
      if (words[0].equals("assigned") && words.length == 3) {
        IpAddress.parse(words[2]).ifPresent(address -> found.put(words[1], address));
      } else if (words[0].equals("releasing") && words.length == 2) {
        found.remove(words[1]);
      }
    }
  }
}
