package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aviary.emulator.cluster.ClusterOptions;
import dev.aviary.emulator.resource.ResourceEdits;
import dev.aviary.emulator.resource.ResourceEdits.Verb;
import dev.aviary.emulator.resource.ResourceLoader;
import dev.aviary.emulator.resource.ResourceLoader.Document;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A real BIRD speaks in a pod that a BGPPeer's localWorkloadSelector chooses. */
class PodPeersTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final Pattern POD =
      Pattern.compile("pod (\\S+) AS 65100 dials it from (127\\.\\S+)");

  private static final String ROUTER =
      """
      apiVersion: v1
      kind: Pod
      metadata: {name: router, labels: {app: router}}
      spec: {nodeName: n1, containers: [{name: c}]}
      """;

  private static final String CLUSTER =
      """
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: pool}
      spec: {cidr: 10.244.0.0/16}
      ---
      apiVersion: projectcalico.org/v3
      kind: Node
      metadata: {name: n1}
      spec: {bgp: {ipv4Address: 10.0.0.1/24}}
      ---
      apiVersion: projectcalico.org/v3
      kind: Node
      metadata: {name: n2}
      spec: {bgp: {ipv4Address: 10.0.0.2/24}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: other}
      spec: {nodeName: n2, containers: [{name: c}]}
      ---
      apiVersion: projectcalico.org/v3
      kind: BGPPeer
      metadata: {name: pods}
      spec: {nodeSelector: all(), localWorkloadSelector: app == 'router', asNumber: 65100}
      ---
      """
          + ROUTER;

  @Test
  void aPodTellsItsNodeAndIsTold() throws Exception {
    try (var cluster = Clusters.start(CLUSTER, ClusterOptions.onFreePorts())) {
      cluster.awaitConverged();
      var pod = POD.matcher(String.join("\n", cluster.speakers()));
      assertThat(pod.find()).as("%s", cluster.speakers()).isTrue();
      var address = pod.group(1);
      var name = "Local_Workload_" + address.replace('.', '_');
      var node = cluster.bgpAddress("n1");
      var config =
          """
          router id %1$s;
          listen bgp address %2$s port %3$d;
          protocol device { scan time 10; }
          protocol static { route 10.244.200.0/24 blackhole; }
          protocol bgp node {
            local %2$s as 65100;
            neighbor %4$s port %3$d as 64512;
            source address %2$s;
            multihop;
            connect delay time 1;
            import all;
            export filter {
              if source = RTS_STATIC then { bgp_next_hop = %1$s; accept; }
              reject;
            };
          }
          """
              .formatted(address, pod.group(2), node.getPort(), node.getAddress().getHostAddress());
      var folder = Path.of("target", "place", "pod");
      try (var bird = Peers.Bird.start(Peers.unpacked("bird"), folder, config)) {
        await()
            .atMost(PATIENCE)
            .untilAsserted(
                () -> {
                  assertThat(cluster.speakerView("n1").neighbor(name).orElseThrow().state())
                      .isEqualTo("Established");
                  // What it tells goes to the pod, by the pod's own interface.
                  assertThat(Clusters.exec(cluster, "n1", "ip route"))
                      .containsPattern(
                          "10\\.244\\.200\\.0/24 via "
                              + Pattern.quote(address)
                              + " dev cali\\w+ proto bird");
                  assertThat(bird.birdc("show route protocol node")).contains("10.244.");
                });
        var without =
            ResourceLoader.parse(List.of(new Document("pod.yaml", CLUSTER))).get().resources();
        cluster.edit(
            before ->
                ResourceEdits.edit(
                    before,
                    Verb.DELETE,
                    without.all().stream()
                        .filter(resource -> resource.metadata().name().equals("router"))
                        .toList(),
                    false));
        assertThat(cluster.speakerView("n1").neighbor(name)).isEmpty();
        assertThat(Clusters.exec(cluster, "n1", "ip route")).doesNotContain("10.244.200.0/24");
      }
    }
  }
}
