package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.ClusterOptions;
import dev.aviary.emulator.resource.ResourceEdits;
import dev.aviary.emulator.resource.ResourceEdits.Verb;
import dev.aviary.emulator.resource.ResourceLoader;
import dev.aviary.emulator.resource.ResourceLoader.Document;
import dev.aviary.net.IpFamily;
import io.netty.channel.epoll.Epoll;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** TCP-MD5 between whole nodes on real sockets, with passwords from a Secret. */
class PasswordTest {
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

  private static String peer(String name, int of, int to, String key) {
    return """
        ---
        apiVersion: projectcalico.org/v3
        kind: BGPPeer
        metadata: {name: %s}
        spec:
          node: n%d
          peerIP: 10.0.0.%d
          asNumber: 64512
          password: {secretKeyRef: {name: passwords, key: %s}}
        """
        .formatted(name, of, to, key);
  }

  private static String secret(String other) {
    return """
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: passwords, namespace: kube-system}
        stringData: {one: sesame, other: %s}
        """
        .formatted(other);
  }

  private static final String CLUSTER =
      """
      apiVersion: projectcalico.org/v3
      kind: BGPConfiguration
      metadata: {name: default}
      spec: {nodeToNodeMeshEnabled: false}
      """
          + node(1)
          + node(2)
          + node(3)
          + peer("a", 1, 2, "one")
          + peer("b", 2, 1, "one")
          + peer("c", 2, 3, "one")
          + peer("d", 3, 2, "other");

  private static String state(Cluster cluster, String node, int other) {
    return cluster.speakerView(node).neighbor("Node_10_0_0_" + other).orElseThrow().state();
  }

  @Test
  void theRightPasswordOpensAndAWrongOneIsSilence() throws Exception {
    org.junit.jupiter.api.Assumptions.assumeTrue(Epoll.isAvailable(), "TCP-MD5 needs Linux");
    try (var cluster = Clusters.start(CLUSTER + secret("simsim"), ClusterOptions.onFreePorts())) {
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(state(cluster, "n1", 2)).isEqualTo("Established");
                assertThat(state(cluster, "n2", 3)).isEqualTo("Connect");
              });
      assertThat(state(cluster, "n3", 2)).isNotEqualTo("Established");
      assertThat(cluster.explainSession("n2", "n3", IpFamily.IPV4).verdict())
          .isEqualTo("down: the passwords (MD5) differ");
      var changed =
          ResourceLoader.parse(List.of(new Document("s.yaml", CLUSTER + secret("sesame"))));
      cluster.edit(
          before -> ResourceEdits.edit(before, Verb.APPLY, changed.get().resources().all(), false));
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () -> {
                assertThat(state(cluster, "n2", 3)).isEqualTo("Established");
                assertThat(state(cluster, "n3", 2)).isEqualTo("Established");
              });
      assertThat(state(cluster, "n1", 2)).isEqualTo("Established");
    }
  }
}
