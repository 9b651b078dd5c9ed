package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.ClusterOptions;
import dev.aviary.net.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What the real tools printed on the golden cluster, from the same cluster's manifests. */
class TextsVectorsTest {
  private static @Nullable Cluster cluster;

  @BeforeAll
  static void start() throws Exception {
    cluster = Clusters.seed(ClusterOptions.inVirtualTime());
    cluster.awaitConverged();
  }

  @AfterAll
  static void stop() {
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String exec(String where, String command) {
    assertThat(cluster).isNotNull();
    return Clusters.exec(cluster, where, command);
  }

  static Stream<Arguments> stateless() {
    return Stream.of(
        Arguments.of("master", "ip route", "master.ip-route.txt"),
        Arguments.of("node1", "ip route", "node1.ip-route.txt"),
        Arguments.of("master", "route -n", "master.route-n.txt"),
        Arguments.of("node1", "route -n", "node1.route-n.txt"),
        Arguments.of("pod1", "route -n", "pod1.route-n.txt"),
        Arguments.of("pod2", "route -n", "pod2.route-n.txt"),
        Arguments.of("master", "ip rule", "master.ip-rule.txt"),
        Arguments.of("node1", "ip rule", "node1.ip-rule.txt"));
  }

  @ParameterizedTest
  @MethodSource("stateless")
  void textsAreEqual(String where, String command, String golden) {
    assertThat(exec(where, command)).isEqualTo(Vectors.text("kernel-golden/seed/texts/" + golden));
  }

  @ParameterizedTest
  @MethodSource("nodes")
  void tablesAreEqual(String node) {
    var golden =
        Vectors.text("kernel-golden/seed/texts/" + node + ".iptables-save.legacy.before.txt");
    assertThat(rules(exec(node, "iptables-save"))).isEqualTo(rules(golden));
  }

  static List<String> nodes() {
    return List.of("master", "node1");
  }

  /**
   * The lines of each table, without dates and counters: in which order tables are listed depends
   * on who used them first. The chain of the one policy that selects by label is left out: the
   * golden cluster's set has a made-up name.
   */
  private static Map<String, List<String>> rules(String save) {
    var tables = new TreeMap<String, List<String>>();
    List<String> table = new ArrayList<>();
    for (var line : save.lines().toList()) {
      if (line.startsWith("*")) {
        table = tables.computeIfAbsent(line, _ -> new ArrayList<>());
      } else if (!line.startsWith("#") && !line.startsWith("-A cali-pi-_qE-3yu5YL5w5ty_Ksxj")) {
        table.add(line.replaceAll("\\[\\d+:\\d+]", "[]"));
      }
    }
    return tables;
  }

  @Test
  void namesThatPeopleLookForComeOut() {
    var save = exec("master", "iptables-save");
    assertThat(save)
        .contains("cali:flqWnvo8yq4ULQLa")
        .contains("cali:6gwbT8clXdHdC1b1")
        .contains("cali:O3lYWMrLQYEMJtB5")
        .contains(":KUBE-SVC-OCJIUORDHIMMVHOI - ")
        .contains(":KUBE-SEP-X4R67US2PCZJVEDY - ");
  }
}
