package dev.aviary.emulator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.bgp.NeighborConfig;
import dev.aviary.bgp.NeighborConfig.LimitAction;
import dev.aviary.bgp.NeighborConfig.MaximumPrefixes;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.emulator.resource.ResourceLoader;
import dev.aviary.emulator.resource.ResourceLoader.Document;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A session that ends since one side takes fewer prefixes; no resource of Calico's asks for it. */
class PrefixLimitTest {
  private static final String TWO =
      """
      apiVersion: projectcalico.org/v3
      kind: BGPConfiguration
      metadata: {name: default}
      spec: {serviceClusterIPs: [{cidr: 10.96.0.0/16}, {cidr: 10.97.0.0/16}]}
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
      """;

  @Test
  void explainSaysWhoHasToldTooMuch() throws Exception {
    var loaded = ResourceLoader.parse(List.of(new Document("cluster.yaml", TWO)));
    try (var cluster =
        Cluster.start(loaded.get().resources(), ClusterOptions.inVirtualTime(), _ -> {})) {
      cluster.awaitConverged();
      var strict =
          NeighborConfig.builder("Mesh_10_0_0_2", IpAddress.of("10.0.0.2"), AsNumber.of(64512))
              .timers(NeighborConfig.Timers.CALICO)
              .passive(true)
              .multihop(true)
              .maximum(new MaximumPrefixes(1, LimitAction.DISABLE, Duration.ZERO))
              .from(cluster.bgpAddress("n2").getAddress())
              .build();
      cluster.onLoop(
          () -> {
            cluster.node("n1").speaker(IpFamily.IPV4).orElseThrow().change(strict);
            return true;
          });
      cluster.pass(Duration.ofSeconds(30));
      assertThat(cluster.explainSession("n1", "n2", IpFamily.IPV4).text())
          .contains("Maximum number of prefixes reached")
          .endsWith("=> down: n2 has told more prefixes than the other side takes\n");
    }
  }
}
