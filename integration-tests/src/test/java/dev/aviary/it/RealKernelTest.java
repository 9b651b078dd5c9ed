package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.emulator.cluster.ClusterOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Beside the machine's own kernel, in namespaces: a router with random sets and rules, IPv4 for odd
 * seeds and IPv6 for even ones, counts the same packets and octets, knows the same connections, and
 * the senders see the same. What we print, the real tools load. More seeds by hand: {@code
 * -Daviary.seeds=1000}.
 */
class RealKernelTest {
  private static final int PROBES = 30;

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16})
  void randomRulesDoTheSame(long seed) throws Exception {
    compare(seed);
  }

  /** By hand, for as many seeds as one likes. */
  @Test
  void manySeeds() throws Exception {
    long last = Long.getLong("aviary.seeds", 16);
    for (long seed = Long.getLong("aviary.seeds.from", 17); seed <= last; seed++) {
      compare(seed);
    }
  }

  private void compare(long seed) throws Exception {
    var lab = seed % 2 == 0 ? LabAddresses.V6 : LabAddresses.V4;
    var generator = new RandomLab(seed, lab);
    var sets = generator.sets();
    var tables = generator.tables();
    var probes = generator.probes(PROBES);
    var here = new SimulatedLab(lab, seed).run(sets, tables, probes);
    var real = new RealLab(lab, folder).run(sets, tables, probes);
    assertThat(here).as("seed %d", seed).containsExactlyInAnyOrderElementsOf(real);
  }

  @Test
  void theRealToolsLoadWhatWePrint() throws Exception {
    try (var cluster = Clusters.demo(ClusterOptions.inVirtualTime())) {
      cluster.awaitConverged();
      var saved = Clusters.exec(cluster, "master", "iptables-save");
      var sets = Clusters.exec(cluster, "master", "ipset save");
      Files.writeString(folder.resolve("tables"), saved);
      Files.writeString(folder.resolve("sets"), sets);
      var real = RealHost.run("ipset restore < sets && ipset save", folder, "ipset");
      assertThat(members(real)).containsExactlyInAnyOrderElementsOf(members(sets));
      for (var backEnd : List.of("iptables-legacy", "iptables-nft")) {
        var script =
            "ipset restore < sets && %s-restore --test < tables && %s-restore < tables && %s-save"
                .formatted(backEnd, backEnd, backEnd);
        var loaded = RealHost.run(script, folder, "ipset", backEnd + "-restore");
        assertThat(appended(loaded))
            .as(backEnd)
            .containsExactlyInAnyOrderElementsOf(appended(saved));
      }

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

  private static List<String> members(String saved) {
    return saved.lines().filter(line -> line.startsWith("add ")).map(String::strip).toList();
  }

  private static List<String> appended(String saved) {
    return saved.lines().filter(line -> line.startsWith("-A ")).map(String::strip).toList();
  }
}
