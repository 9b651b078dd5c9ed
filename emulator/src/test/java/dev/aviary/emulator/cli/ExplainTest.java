package dev.aviary.emulator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.RouteSource;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ExplainTest {
  private static String node(int i, String more) {
    return """
        ---
        apiVersion: projectcalico.org/v3
        kind: Node
        metadata: {name: n%1$d, labels: {number: "%1$d"}}
        spec: {bgp: {ipv4Address: 10.0.0.%1$d/24%2$s}}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: p%1$d}
        spec: {nodeName: n%1$d, containers: [{name: c}]}
        """
        .formatted(i, more);
  }

  private static final String POOL =
      """
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: pool}
      spec: {cidr: 10.244.0.0/16}
      """;

  private static String block(Terminal terminal, String node) {
    return terminal.cluster().speakerView(node).routes(AfiSafi.IPV4_UNICAST).stream()
        .filter(view -> view.route().source() instanceof RouteSource.Local)
        .map(view -> view.route().prefix().toString())
        .filter(prefix -> prefix.startsWith("10.244."))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void aSessionThatIsUp() throws Exception {
    try (var terminal = Terminal.open(POOL + node(1, "") + node(2, ""), "v3.22")) {
      var ran = terminal.run("explain", "session", "n1", "n2");
      assertThat(ran.code()).isZero();
      assertThat(ran.out())
          .startsWith("session n1 - n2 (IPv4)\n")
          .contains("n1: Mesh_10_0_0_2 (node-to-node mesh), AS 64512, waits to be dialled")
          .contains("n2: Mesh_10_0_0_1 (node-to-node mesh), AS 64512, dials port 179")
          .contains("-> Established")
          .containsPattern("=> up since \\d\\d:\\d\\d:\\d\\d\n");
      assertThat(terminal.run("explain", "session", "n1", "n2", "-o", "json").out())
          .contains("\"holds\": true");
      assertThat(terminal.run("explain", "session", "n1", "nobody").code()).isEqualTo(3);
    }
  }

  @Test
  void aSessionThatIsNotConfiguredOrCannotBe() throws Exception {
    var reflector = node(3, ", routeReflectorClusterID: 244.0.0.1");
    try (var terminal = Terminal.open(POOL + node(1, "") + node(2, "") + reflector, "v3.22")) {
      assertThat(terminal.run("explain", "session", "n1", "n3").out())
          .contains("n1: no peer: the mesh leaves route reflectors out, and no BGPPeer names it")
          .contains("n3: no peer: a route reflector is not in the mesh, and no BGPPeer names it")
          .endsWith("=> configuration missing: neither has the other as a peer\n");
      assertThat(terminal.run("explain", "session", "n1", "n2", "-6").out())
          .endsWith("=> n1 has no address of this family\n");
      terminal.given(
          "apply",
          """
          apiVersion: projectcalico.org/v3
          kind: BGPPeer
          metadata: {name: p}
          spec: {node: n1, peerIP: 10.0.0.3, asNumber: 65000}
          """);
      terminal.cluster().pass(Duration.ofSeconds(5));
      assertThat(terminal.run("explain", "session", "n1", "n3").out())
          .endsWith("=> configuration missing: n3 does not know the other\n");
    }
  }

  private static String peer(String node, String address, String more) {
    return """
        ---
        apiVersion: projectcalico.org/v3
        kind: BGPPeer
        metadata: {name: from-%1$s}
        spec: {node: %1$s, peerIP: %2$s%3$s}
        """
        .formatted(node, address, more);
  }

  private static String pair(String here, String there) {
    return POOL
        + node(1, "")
        + node(2, "")
        + """
        ---
        apiVersion: projectcalico.org/v3
        kind: BGPConfiguration
        metadata: {name: default}
        spec: {nodeToNodeMeshEnabled: false}
        ---
        apiVersion: v1
        kind: Secret
        metadata: {name: s, namespace: kube-system}
        stringData: {good: sesame, bad: simsim}
        """
        + peer("n1", "10.0.0.2", here)
        + peer("n2", "10.0.0.1", there);
  }

  /** What keeps two nodes apart, and the event that it was seen by. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "asNumber: 64512, password: {secretKeyRef: {name: s, key: good}};asNumber: 64512, password:"
            + " {secretKeyRef: {name: s, key: bad}};the passwords (MD5) differ;Active -> Connect",
        "asNumber: 64512, password: {secretKeyRef: {name: s, key: good}};asNumber: 64512;the"
            + " passwords (MD5) differ;Active -> Connect",
        "asNumber: 65009;asNumber: 64512;n1 expects AS 65009, n2 is AS 64512;Bad peer AS",
        "asNumber: 64512, ttlSecurity: 1;asNumber: 64512;only one side has TTL security;OpenSent",
      })
  void aSessionThatTheTwoSidesDoNotAgreeOn(String here, String there, String why, String seen)
      throws Exception {
    try (var terminal = Terminal.start(pair(", " + here, ", " + there), "v3.22")) {
      terminal.cluster().pass(Duration.ofSeconds(60));
      var ran = terminal.run("explain", "session", "n1", "n2");
      assertThat(ran.code()).isEqualTo(1);
      assertThat(ran.out()).contains(seen).endsWith("=> down: " + why + "\n");
      assertThat(terminal.run("explain", "session", "n1", "n2", "-o", "json").out())
          .contains("\"holds\": false");
    }
  }

  @Test
  void aRouteAndTheStatementThatKeepsItBack() throws Exception {
    var cluster =
        POOL
            + node(1, "")
            + node(2, "")
            + """
            ---
            apiVersion: projectcalico.org/v3
            kind: BGPConfiguration
            metadata: {name: default}
            spec: {nodeToNodeMeshEnabled: false, serviceClusterIPs: [{cidr: 10.96.0.0/16}]}
            ---
            apiVersion: projectcalico.org/v3
            kind: BGPPeer
            metadata: {name: p}
            spec: {nodeSelector: number == '1', peerSelector: number == '2', filters: [f]}
            ---
            apiVersion: projectcalico.org/v3
            kind: BGPFilter
            metadata: {name: f}
            spec:
              exportV4:
                - {action: Accept, matchOperator: Equal, cidr: 10.1.0.0/16}
                - {action: Reject, matchOperator: In, cidr: 10.244.0.0/16}
            """;
    try (var terminal = Terminal.open(cluster, "v3.22")) {
      var block = block(terminal, "n1");
      var ran = terminal.run("explain", "route", block, "--to", "n2");
      assertThat(ran.code()).isEqualTo(1);
      assertThat(ran.out())
          .contains("n1: originates it\n")
          .contains("n1 -> n2: export filter: BGPFilter f, export rule 2\n")
          .endsWith("=> not at n2: export filter: BGPFilter f, export rule 2\n");
      assertThat(terminal.run("explain", "route", block, "--to", "n1").out())
          .contains("n1: best route of static1, decided by only_route")
          .endsWith("=> there\n");
      assertThat(terminal.run("explain", "route", "10.96.0.0/16", "--to", "n2").out())
          .contains("kept out of the kernel: a service prefix (calico_kernel_programming)");
      assertThat(terminal.run("explain", "route", "10.99.0.0/16").out())
          .endsWith(
              "=> nobody originates it: no node has such a block, no service such a prefix\n");
      terminal.run("patch", "ippool", "pool", "-p", "{spec: {disableBGPExport: true}}");
      terminal.run("delete", "bgpfilter", "f");
      terminal.cluster().pass(Duration.ofSeconds(2));
      assertThat(terminal.run("explain", "route", block, "--to", "n2").out())
          .endsWith("=> not at n2: export filter: pool 10.244.0.0/16 has disableBGPExport\n");
    }
  }
}
