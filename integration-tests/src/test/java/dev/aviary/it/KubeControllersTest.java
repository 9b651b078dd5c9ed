package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.ClusterOptions;
import dev.aviary.emulator.resource.NodeResource;
import dev.aviary.emulator.resource.PodResource;
import dev.aviary.emulator.resource.Resource;
import dev.aviary.emulator.resource.ResourceEdits;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.ipam.Block;
import dev.aviary.ipam.TunnelAddresses;
import dev.aviary.net.IpAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** What a running cluster does with addresses and blocks that nobody needs any more. */
class KubeControllersTest {
  private static final IpAddress LEAKED = IpAddress.of("10.244.219.99");

  private static Cluster tunnels() throws Exception {
    return tunnels("");
  }

  private static String controllers(String spec) {
    return """
        ---
        apiVersion: projectcalico.org/v3
        kind: KubeControllersConfiguration
        metadata: {name: default}
        spec: {controllers: %s}
        """
        .formatted(spec);
  }

  private static Cluster tunnels(String more) throws Exception {
    var demo = Clusters.text("/dev/aviary/emulator/demo/cluster.yaml");
    // Its topology would name a node that is deleted.
    var documents =
        Arrays.stream(demo.split("(?m)^---$", -1))
            .filter(document -> !document.contains("kind: Topology"));
    return Clusters.start(
        documents.collect(Collectors.joining("---")).replace("ipipMode: Never", "ipipMode: Always")
            + more,
        ClusterOptions.inVirtualTime());
  }

  private static List<String> owners(Cluster cluster) throws Exception {
    return cluster.addressing().ipam().blocks().stream()
        .flatMap(block -> block.owner().stream())
        .map(Object::toString)
        .sorted()
        .toList();
  }

  private static ResourceEdits.Outcome without(Resources before, String node) {
    var left = new ArrayList<Resource>(before.all());
    left.removeIf(
        resource ->
            resource instanceof PodResource pod
                ? pod.node().equals(node)
                : resource instanceof NodeResource && resource.metadata().name().equals(node));
    return new ResourceEdits.Outcome(new Resources(left), 1, List.of());
  }

  @Test
  void aNodeThatIsDeletedLeavesNeitherBlockNorAddressNorRoute() throws Exception {
    try (var cluster = tunnels()) {
      cluster.awaitConverged();
      assertThat(owners(cluster)).containsExactly("host:master", "host:node1");
      var ipam = cluster.addressing().ipam();
      assertThat(ipam.ipsByHandle(TunnelAddresses.Kind.IPIP.handle("node1"))).hasSize(1);
      assertThat(Clusters.exec(cluster, "master", "ip route")).contains("10.244.166.128/26 via");

      cluster.edit(before -> without(before, "node1"));
      assertThat(owners(cluster)).containsExactly("host:master");
      assertThat(ipam.blocks().stream().map(Block::cidr).map(Object::toString))
          .containsExactly("10.244.219.64/26");
      assertThat(ipam.blocks().getFirst().attributes())
          .allSatisfy(entry -> assertThat(entry.secondary()).containsEntry("node", "master"));
      cluster.pass(Duration.ofSeconds(1));
      assertThat(Clusters.exec(cluster, "master", "ip route")).doesNotContain("10.244.166.128/26");
    }
  }

  private static void leak(Cluster cluster) throws Exception {
    var attributes = Map.of("node", "master", "namespace", "default", "pod", "forgotten");
    cluster
        .addressing()
        .ipam()
        .assignIp(LEAKED, "master", "k8s-pod-network.forgotten", attributes, null);
  }

  private static boolean isLeaked(Cluster cluster) throws Exception {
    return cluster.addressing().ipam().blocks().stream()
        .flatMap(block -> block.attributes().stream())
        .anyMatch(entry -> "forgotten".equals(entry.secondary().get("pod")));
  }

  @Test
  void anAddressOfAPodThatNobodyKnowsGoesAfterTheGracePeriod() throws Exception {
    try (var cluster = tunnels()) {
      leak(cluster);
      // It is seen first after seven and a half minutes, and looked at then each time.
      cluster.pass(Duration.ofMinutes(22));
      assertThat(isLeaked(cluster)).isTrue();
      cluster.pass(Duration.ofMinutes(1));
      assertThat(isLeaked(cluster)).isFalse();
      assertThat(cluster.workloadPods()).hasSize(2);
    }
  }

  @Test
  void theGracePeriodIsTheConfigurations() throws Exception {
    try (var cluster = tunnels(controllers("{node: {leakGracePeriod: 2m}}"))) {
      leak(cluster);
      // Looked at each minute, suspected at the first one.
      cluster.pass(Duration.ofSeconds(179));
      assertThat(isLeaked(cluster)).isTrue();
      cluster.pass(Duration.ofSeconds(2));
      assertThat(isLeaked(cluster)).isFalse();
    }
  }

  @Test
  void withoutAGracePeriodNoAddressOfALivingNodeGoes() throws Exception {
    try (var cluster = tunnels(controllers("{node: {leakGracePeriod: 0s}}"))) {
      leak(cluster);
      cluster.pass(Duration.ofHours(2));
      assertThat(isLeaked(cluster)).isTrue();
      cluster.edit(before -> without(before, "node1"));
      assertThat(owners(cluster)).containsExactly("host:master");
    }
  }

  @Test
  void withoutTheNodeControllerNobodyCleansUp() throws Exception {
    try (var cluster = tunnels(controllers("{policy: {reconcilerPeriod: 1m}}"))) {
      cluster.edit(before -> without(before, "node1"));
      cluster.pass(Duration.ofHours(1));
      assertThat(owners(cluster)).containsExactly("host:master", "host:node1");
    }
  }
}
