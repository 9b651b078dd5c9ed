package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.emulator.cli.Main;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Fifty nodes go the way that Calico's documentation describes: from the full mesh to route
 * reflectors inside the cluster, and from there to an AS per rack behind a top-of-rack router. What
 * each step does to sessions and routes is told by the verbs that people use.
 */
class ProceduresTest {
  private static final int NODES = 50;

  @TempDir private Path folder = Path.of("");

  private String file(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private static String name(int i) {
    return "n%02d".formatted(i);
  }

  private static String node(int i, String labels, String bgp) {
    return """
        ---
        apiVersion: projectcalico.org/v3
        kind: Node
        metadata: {name: %s, labels: {%s}}
        spec: {bgp: {ipv4Address: 10.0.0.%d/24%s}}
        """
        .formatted(name(i), labels, i, bgp);
  }

  private static String cluster() {
    var yaml =
        new StringBuilder(
            """
            apiVersion: projectcalico.org/v3
            kind: IPPool
            metadata: {name: pool}
            spec: {cidr: 10.244.0.0/16}
            ---
            apiVersion: projectcalico.org/v3
            kind: BGPConfiguration
            metadata: {name: default}
            spec: {nodeToNodeMeshEnabled: true, asNumber: 64512}
            """);
    for (int i = 1; i <= NODES; i++) {
      yaml.append(node(i, "", ""))
          .append(
              """
              ---
              apiVersion: v1
              kind: Pod
              metadata: {name: p%1$d}
              spec: {nodeName: %2$s, containers: [{name: c}]}
              """
                  .formatted(i, name(i)));
    }
    return yaml.toString();
  }

  private static String reflectorPeers() {
    return """
        kind: BGPPeer
        apiVersion: projectcalico.org/v3
        metadata: {name: peer-with-route-reflectors}
        spec: {nodeSelector: all(), peerSelector: route-reflector == 'true'}
        """;
  }

  /**
   * n01 and n02 become the routers of two racks, with an AS each; the others are in their racks.
   */
  private static String racks() {
    var yaml = new StringBuilder();
    for (int i = 1; i <= NODES; i++) {
      boolean first = i % 2 == 1;
      yaml.append(
          i <= 2
              ? node(i, "tor: " + (first ? "a" : "b"), ", asNumber: " + (first ? 65101 : 65102))
              : node(i, "rack: " + (first ? "a" : "b"), ", asNumber: " + (first ? 65001 : 65002)));
    }
    for (var rack : List.of("a", "b")) {
      boolean first = rack.equals("a");
      yaml.append(
          """
          ---
          kind: BGPPeer
          apiVersion: projectcalico.org/v3
          metadata: {name: rack-%s}
          spec:
            nodeSelector: rack == '%s'
            peerIP: 10.0.0.%d
            asNumber: %d
            numAllowedLocalASNumbers: 1
          """
              .formatted(rack, rack, first ? 1 : 2, first ? 65101 : 65102));
    }
    return yaml.append(
            """
            ---
            kind: BGPPeer
            apiVersion: projectcalico.org/v3
            metadata: {name: spine}
            spec: {nodeSelector: tor == 'a', peerSelector: tor == 'b'}
            """)
        .toString();
  }

  @Test
  void fromTheMeshToReflectorsToRacks() throws Exception {
    var script =
        file(
            "s.txt",
            """
            # == mesh
            node status -A
            exec n50 -- ip route
            # == reflectors
            patch node n01 -p '{"spec":{"bgp":{"routeReflectorClusterID":"244.0.0.1"}}}'
            patch node n02 -p '{"spec":{"bgp":{"routeReflectorClusterID":"244.0.0.1"}}}'
            label node n01 route-reflector=true
            label node n02 route-reflector=true
            apply -f %s
            patch bgpconfig default -p '{"spec":{"nodeToNodeMeshEnabled":false}}'
            wait
            node status -A
            exec n50 -- ip route
            explain session n03 n01
            -explain session n03 n04
            # == racks
            delete bgppeer peer-with-route-reflectors
            apply -f %s
            wait
            node status -A
            exec n50 -- ip route
            exec n03 -- ip route
            """
                .formatted(file("rr.yaml", reflectorPeers()), file("racks.yaml", racks())));
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int code =
        Main.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            List.of("run", "-f", file("c.yaml", cluster()), "--virtual", script));
    assertThat(code).as(err.toString(StandardCharsets.UTF_8)).isZero();
    var parts = out.toString(StandardCharsets.UTF_8).split("== \\w+\n", -1);
    assertThat(parts).hasSize(4);

    assertThat(count(parts[1], "| Established |")).isEqualTo(NODES * (NODES - 1));
    assertThat(count(parts[1], "node-to-node mesh")).isEqualTo(NODES * (NODES - 1));
    assertThat(count(parts[1], " proto bird")).isEqualTo(NODES);

    // Each of 48 clients has both reflectors; each of those has all of them and the other.
    assertThat(parts[2]).doesNotContain("| node-to-node mesh");
    assertThat(count(parts[2], "| Established |")).isEqualTo(48 * 2 + 2 * 49);
    assertThat(count(parts[2], " proto bird")).isEqualTo(NODES);
    assertThat(count(parts[2], "=> up since ")).isEqualTo(1);
    assertThat(parts[2]).contains("=> configuration missing: neither has the other as a peer\n");

    // One session for each node to its router, and one between the routers.
    assertThat(count(parts[3], "| Established |")).isEqualTo(2 * 48 + 2);
    assertThat(count(parts[3], " via 10.0.0.2 dev eth0 proto bird")).isEqualTo(NODES - 1);
    assertThat(count(parts[3], " via 10.0.0.1 dev eth0 proto bird")).isEqualTo(NODES - 1);
  }

  private static int count(String text, String part) {
    int found = 0;
    for (int at = text.indexOf(part); at >= 0; at = text.indexOf(part, at + 1)) {
      found++;
    }
    return found;
  }
}
