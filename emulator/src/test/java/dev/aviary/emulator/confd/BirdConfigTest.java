package dev.aviary.emulator.confd;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.emulator.cluster.BirdExport;
import dev.aviary.emulator.cluster.ClusterException;
import dev.aviary.emulator.cluster.ClusterOptions;
import dev.aviary.emulator.resource.ResourceLoader;
import dev.aviary.emulator.resource.ResourceLoader.Document;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.net.Golden;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BirdConfigTest {
  private static final String TWO_NODES =
      """
      kind: Node
      apiVersion: projectcalico.org/v3
      metadata: {name: a}
      spec: {bgp: {ipv4Address: 10.0.0.9/24}}
      ---
      kind: Node
      apiVersion: projectcalico.org/v3
      metadata: {name: b}
      spec: {bgp: {ipv4Address: 10.0.0.10/24}}
      """;

  private static Resources load(String yaml) {
    var loaded = ResourceLoader.parse(List.of(new Document("t.yaml", yaml)));
    assertThat(loaded.isValid()).as("%s", loaded).isTrue();
    return loaded.get().resources();
  }

  private static Map<String, String> files(String yaml, String node, String version)
      throws ClusterException {
    return BirdExport.of(
        load(yaml), node, ClusterOptions.onFreePorts().withCalico(version), "calico");
  }

  @ParameterizedTest
  @CsvSource({"v3.22, one", "master, one", "v3.22, reflector", "master, reflector"})
  void everyFieldHasItsStatement(String version, String node) throws Exception {
    String yaml;
    try (var in = BirdConfigTest.class.getResourceAsStream("/confd/features.yaml")) {
      yaml = new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
    var out = new StringBuilder();
    files(yaml, node, version)
        .forEach((name, text) -> out.append("#### ").append(name).append('\n').append(text));
    Golden.check("bird-config-" + version + "-" + node + ".txt", out.toString());
  }

  @Test
  void whoWaitsInTheMeshIsDecidedByTheTextOfTheAddress() throws Exception {
    assertThat(files(TWO_NODES, "b", "v3.22").get("bird.cfg"))
        .contains("neighbor 10.0.0.9 as 64512;")
        .contains("passive on; # Mesh is unidirectional");
    assertThat(files(TWO_NODES, "a", "v3.22").get("bird.cfg")).doesNotContain("passive on");
  }

  @Test
  void aSecretThatIsMissingLeavesTheSessionWithoutAPassword() throws Exception {
    var peer =
        """
        ---
        kind: BGPPeer
        apiVersion: projectcalico.org/v3
        metadata: {name: p}
        spec: {peerIP: 10.0.0.99, asNumber: 1, password: {secretKeyRef: {name: s, key: k}}}
        """;
    var secret =
        """
        ---
        kind: Secret
        apiVersion: v1
        metadata: {name: s, namespace: kube-system}
        data: {k: c2VjcmV0}
        """;
    assertThat(files(TWO_NODES + peer, "a", "v3.22").get("bird.cfg")).doesNotContain("password");
    assertThat(files(TWO_NODES + peer + secret, "a", "v3.22").get("bird.cfg"))
        .contains("  password \"secret\";\n");
  }

  @Test
  void aLongFilterNameIsCutAndHashed() throws Exception {
    var name = "a-very-long-name-of-a-filter-which-bird-would-never-take-as-it-is";
    var filter =
        """
        ---
        kind: BGPFilter
        apiVersion: projectcalico.org/v3
        metadata: {name: %s}
        spec: {importV4: [{action: Accept}]}
        """
            .formatted(name);
    assertThat(files(TWO_NODES + filter, "a", "master").get("bird.cfg"))
        .containsPattern(
            "function 'bgp_a-very-long-name-of-a-filter_[0-9A-F]{16}_importFilterV4'\\(\\) \\{\n"
                + "  accept;\n\\}");
  }

  @Test
  void aNodeWithoutIpv4NeedsARouterId() {
    var six =
        """
        kind: Node
        apiVersion: projectcalico.org/v3
        metadata: {name: six}
        spec: {bgp: {ipv6Address: "fd00::1/64"}}
        """;
    org.assertj.core.api.Assertions.assertThatThrownBy(() -> files(six, "six", "v3.22"))
        .hasMessageContaining("has no IPv4 address");
  }
}
