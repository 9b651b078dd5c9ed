package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.emulator.cluster.ClusterOptions;
import dev.aviary.kernel.Conversation;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.PacketWalk;
import dev.aviary.kernel.Probe;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Beside the machine's own kernel, in namespaces: random rules count the same packets, and what we
 * print, the real tools load. More seeds by hand: {@code -Daviary.seeds=1000}.
 */
class RealKernelTest {
  private static final int PROBES = 30;

  @TempDir private Path folder = Path.of("");

  private static List<String> rules(String saved) {
    return saved
        .lines()
        .filter(line -> line.startsWith("["))
        .map(line -> line.replaceFirst("^\\[(\\d+):\\d+]", "[$1]").stripTrailing())
        .toList();
  }

  private List<String> really(String tables, List<RandomRules.Sent> probes) throws Exception {
    Files.writeString(folder.resolve("tables"), tables);
    var script =
        new StringBuilder("ip link set lo up; iptables-legacy-restore < tables || exit 9\n");
    for (var sent : probes) {
      script
          .append("timeout 0.3 bash -c 'echo -n x > /dev/")
          .append(sent.tcp() ? "tcp" : "udp")
          .append('/')
          .append(sent.address())
          .append('/')
          .append(sent.port())
          .append("' 2>/dev/null\n");
    }
    script.append("sleep 0.05; iptables-legacy-save -c\n");
    return rules(
        RealHost.run(
            script.toString(), folder, "ip", "iptables-legacy-restore", "iptables-legacy-save"));
  }

  private static List<String> here(String tables, List<RandomRules.Sent> probes, long seed)
      throws Exception {
    var now = Instant.parse("2026-11-25T12:00:00Z");
    var kernel = new Kernel("here", () -> now, new Random(seed));
    kernel.iptablesRestore(IpFamily.IPV4, tables, false);
    for (var sent : probes) {
      var to = IpAddress.of(sent.address());
      var probe = sent.tcp() ? Probe.tcp(to, sent.port()) : Probe.udp(to, sent.port());
      var walk = PacketWalk.silent();
      Conversation.start(kernel, probe.withPayload("x"), walk).close();
    }
    return rules(kernel.iptablesSave(IpFamily.IPV4, null, true));
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void randomRulesCountTheSamePackets(long seed) throws Exception {
    compare(seed);
  }

  /** By hand, for as many seeds as one likes. */
  @Test
  void manySeeds() throws Exception {
    long last = Long.getLong("aviary.seeds", 10);
    for (long seed = 11; seed <= last; seed++) {
      compare(seed);
    }
  }

  private void compare(long seed) throws Exception {
    var generator = new RandomRules(seed);
    var tables = generator.tables();
    var probes = generator.probes(PROBES);
    assertThat(here(tables, probes, seed))
        .as("seed %d", seed)
        .containsExactlyInAnyOrderElementsOf(really(tables, probes));
  }

  /** Sets are left out: not every machine has ipset. */
  private static String withoutSets(String saved) {
    var out = new StringBuilder();
    saved
        .lines()
        .filter(line -> !line.contains("--match-set"))
        .forEach(line -> out.append(line).append('\n'));
    return out.toString();
  }

  @Test
  void theRealToolsLoadWhatWePrint() throws Exception {
    try (var cluster = Clusters.demo(ClusterOptions.inVirtualTime())) {
      cluster.awaitConverged();
      var saved = withoutSets(Clusters.exec(cluster, "master", "iptables-save"));
      Files.writeString(folder.resolve("tables"), saved);
      var script =
          "iptables-legacy-restore --test < tables && iptables-legacy-restore < tables"
              + " && iptables-legacy-save";
      var real = RealHost.run(script, folder, "iptables-legacy-restore", "iptables-legacy-save");
      assertThat(appended(real)).containsExactlyInAnyOrderElementsOf(appended(saved));

      var routes = new StringBuilder();
      for (var line : Clusters.exec(cluster, "master", "ip route").lines().toList()) {
        if (!line.contains("proto kernel")) {
          routes.append("route add ").append(line).append('\n');
        }
      }
      Files.writeString(folder.resolve("routes"), routes.toString());
      RealHost.run(
          """
          set -e
          for dev in $(grep -o 'dev [^ ]*' routes | sort -u | sed 's/dev //'); do
            ip link add $dev type veth peer name x$(echo $dev | cut -c1-12)
            ip link set x$(echo $dev | cut -c1-12) up
            ip link set $dev up
          done
          ip addr add 192.168.43.152/24 dev ens33
          ip -batch routes
          """,
          folder,
          "ip");
    }
  }

  private static List<String> appended(String saved) {
    return saved.lines().filter(line -> line.startsWith("-A ")).map(String::strip).toList();
  }
}
