package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.ClusterOptions;
import dev.aviary.emulator.resource.Resource;
import dev.aviary.emulator.resource.ResourceEdits;
import dev.aviary.emulator.resource.ResourceEdits.Verb;
import dev.aviary.emulator.resource.ResourceLoader;
import dev.aviary.emulator.resource.ResourceLoader.Document;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * A cable that is cut makes silence on a real TCP connection, too: nothing of what was said since
 * arrives, no connection ends, none comes about, and all of it is made up for after the repair.
 */
class TopologyOverTcpTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static String node(int i) {
    return """
        ---
        apiVersion: projectcalico.org/v3
        kind: Node
        metadata: {name: n%1$d}
        spec: {bgp: {ipv4Address: 10.0.0.%1$d/24}}
        """
        .formatted(i);
  }

  private static final String NODES =
      """
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: pool}
      spec: {cidr: 10.244.0.0/16}
      """
          + node(1)
          + node(2)
          + node(3);

  private static String topology(String faults) {
    return """
        apiVersion: aviary.dev/v1
        kind: Topology
        metadata: {name: lab}
        spec: {faults: [%s]}
        """
        .formatted(faults);
  }

  private static String pod(String node) {
    return """
        apiVersion: v1
        kind: Pod
        metadata: {name: on-%1$s}
        spec: {nodeName: %1$s, containers: [{name: c}]}
        """
        .formatted(node);
  }

  private static void apply(Cluster cluster, String yaml) throws Exception {
    var whole = new ArrayList<Resource>();
    var loaded = ResourceLoader.parse(List.of(new Document("given.yaml", NODES + "---\n" + yaml)));
    assertThat(loaded.isValid()).as("%s", loaded).isTrue();
    whole.addAll(loaded.get().resources().all());
    cluster.edit(before -> ResourceEdits.edit(before, Verb.APPLY, whole, false));
  }

  private static List<String> blocks(Cluster cluster, String node) {
    return cluster.speakerView(node).routes(AfiSafi.IPV4_UNICAST).stream()
        .map(view -> view.route().source().name())
        .sorted()
        .toList();
  }

  private static String state(Cluster cluster, String node, int other) {
    return cluster.speakerView(node).neighbor("Mesh_10_0_0_" + other).orElseThrow().state();
  }

  @Test
  void nothingGetsThroughACutCable() throws Exception {
    try (var cluster = Clusters.start(NODES, ClusterOptions.onFreePorts())) {
      cluster.awaitConverged();
      apply(cluster, topology("{fault: cut, machines: [n3]}"));
      var since = cluster.speakerView("n1").neighbor("Mesh_10_0_0_3").orElseThrow().since();
      apply(cluster, pod("n3"));
      apply(cluster, pod("n2"));
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(blocks(cluster, "n1")).containsExactly("Mesh_10_0_0_2"));
      // n3 spoke first, and nobody has heard it; its sessions stand where they stood.
      assertThat(blocks(cluster, "n3")).containsExactly("static1");
      assertThat(state(cluster, "n1", 3)).isEqualTo("Established");
      assertThat(state(cluster, "n3", 1)).isEqualTo("Established");
      // It ends one of them: the other side is not told, and no new one comes about.
      var birdc = cluster.find("n3").orElseThrow();
      cluster.exec(birdc, List.of("birdc", "restart", "Mesh_10_0_0_1"));
      await()
          .atMost(PATIENCE)
          .untilAsserted(() -> assertThat(state(cluster, "n3", 1)).isEqualTo("Connect"));
      assertThat(cluster.speakerView("n1").neighbor("Mesh_10_0_0_3").orElseThrow().since())
          .isEqualTo(since);
      apply(cluster, topology(""));
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(blocks(cluster, "n1")).containsExactly("Mesh_10_0_0_2", "Mesh_10_0_0_3");
                assertThat(blocks(cluster, "n2")).containsExactly("Mesh_10_0_0_3", "static1");
                assertThat(blocks(cluster, "n3")).containsExactly("Mesh_10_0_0_2", "static1");
                assertThat(state(cluster, "n1", 3)).isEqualTo("Established");
              });
    }
  }
}
