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
          .contains(
              "n3: BGPPeer p: node is n1, not n3; the other way round asNumber is 65000, and n3 is"
                  + " AS 64512\n")
          .endsWith("=> configuration missing: n3 does not know the other\n");
      terminal.given(
          "apply",
          """
          apiVersion: projectcalico.org/v3
          kind: BGPPeer
          metadata: {name: q}
          spec: {nodeSelector: number == '2', peerSelector: number == '9'}
          """);
      assertThat(terminal.run("explain", "session", "n2", "n3").out())
          .contains("n2: BGPPeer q: peerSelector 'number == '9'' does not select n3; the other way")
          .contains("n3: BGPPeer q: nodeSelector 'number == '2'' does not select n3; ");
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
  void aSessionThatIsRefused() throws Exception {
    var yaml =
        pair(
                ", asNumber: 64512, reversePeering: Manual",
                ", asNumber: 64512, reversePeering: Manual")
            .replace("peerIP: 10.0.0.2", "peerIP: 10.0.0.2:1790")
            .replace("peerIP: 10.0.0.1", "peerIP: 10.0.0.1:1791");
    try (var terminal = Terminal.start(yaml, "v3.22")) {
      terminal.cluster().pass(Duration.ofSeconds(20));
      assertThat(terminal.run("explain", "session", "n1", "n2").out())
          .contains("n1: Node_10_0_0_2_port_1790 (node specific), AS 64512, dials port 1790")
          .contains("last error: Socket: Connection refused")
          .endsWith("=> down: refused: nobody listens at n2 port 1790 for n1\n");
      // Where it listens at the port after all, it is taken.
      terminal.given(
          "apply",
          """
          apiVersion: projectcalico.org/v3
          kind: BGPConfiguration
          metadata: {name: node.n2}
          spec: {listenPort: 1790}
          """);
      terminal.cluster().pass(Duration.ofSeconds(20));
      assertThat(terminal.run("explain", "session", "n1", "n2").code()).isZero();
    }
  }

  @Test
  void aSessionWhosePacketsHaveNoWay() throws Exception {
    var yaml =
        (POOL + node(1, "") + node(2, "")).replace("10.0.0.2/24", "10.0.1.2/24")
            + """
            ---
            apiVersion: aviary.dev/v1
            kind: Topology
            metadata: {name: t}
            spec: {nodes: [{name: n2, segment: far}]}
            """;
    try (var terminal = Terminal.start(yaml, "v3.22")) {
      terminal.cluster().pass(Duration.ofSeconds(20));
      assertThat(terminal.run("explain", "session", "n1", "n2").out())
          .contains("n2: Connect since ")
          .endsWith("=> down: not reached: n1 has no way to 10.0.1.2: Network is unreachable\n");
      assertThat(terminal.run("explain", "session", "n1", "n2", "-o", "json").out())
          .contains("\"stage\": \"reachability\"", "\"passed\": false");
    }
  }

  @Test
  void aSessionThatAnOperatorEnded() throws Exception {
    try (var terminal = Terminal.open(POOL + node(1, "") + node(2, ""), "v3.22")) {
      terminal.run("exec", "n1", "--", "birdc", "disable", "Mesh_10_0_0_2");
      terminal.cluster().pass(Duration.ofSeconds(5));
      assertThat(terminal.run("explain", "session", "n2", "n1").out())
          .contains("n2: ", "n1: ", "last error: BGP Error: Administrative shutdown")
          .endsWith("=> down: disabled at n1\n");
    }
  }

  @Test
  void aSessionThatWaitsAfterAnError() throws Exception {
    var yaml = pair(", asNumber: 65009", ", asNumber: 64512");
    try (var terminal = Terminal.start(yaml, "v3.22")) {
      terminal.cluster().pass(Duration.ofSeconds(4));
      assertThat(terminal.run("explain", "session", "n1", "n2").out())
          .containsPattern("n1: Idle since .*Bad peer AS, error wait: \\d+ of \\d+ s left");
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

  private static final String NO_MESH =
      """
      ---
      apiVersion: projectcalico.org/v3
      kind: BGPConfiguration
      metadata: {name: default}
      spec: {nodeToNodeMeshEnabled: false}
      """;

  /** Three ASes, all with sessions to all that {@code links} names, as "1-2". */
  private static String ases(String... links) {
    var yaml = new StringBuilder(POOL + NO_MESH);
    for (int i = 1; i <= 3; i++) {
      yaml.append(node(i, ", asNumber: 6500" + i));
    }
    for (var link : links) {
      for (var way : java.util.List.of(link, link.substring(2) + "-" + link.charAt(0))) {
        yaml.append(
            """
            ---
            apiVersion: projectcalico.org/v3
            kind: BGPPeer
            metadata: {name: p%1$s}
            spec: {node: n%2$s, peerIP: 10.0.0.%3$s, asNumber: 6500%3$s, filters: [f%1$s]}
            """
                .formatted(way, way.charAt(0), way.charAt(2)));
      }
    }
    return yaml.toString();
  }

  private static String filter(String name, String rules) {
    return """
        ---
        apiVersion: projectcalico.org/v3
        kind: BGPFilter
        metadata: {name: %s}
        spec: {%s}
        """
        .formatted(name, rules);
  }

  @Test
  void aRouteHopByHop() throws Exception {
    try (var terminal = Terminal.open(ases("1-2", "2-3"), "v3.22")) {
      var block = block(terminal, "n1");
      var ran = terminal.run("explain", "route", block, "--from", "n1", "--to", "n3");
      assertThat(ran.out())
          .containsSubsequence(
              "n1: originates it\n",
              "n1 -> n2: export filter: own block " + block,
              "; leaves with next hop 10.0.0.1, path 65001, LOCAL_PREF none\n",
              "n1 -> n2: import filter: no filter speaks against it\n",
              "n2: best route of Node_10_0_0_1, decided by only_route\n",
              "n2 -> n3: export filter: pool 10.244.0.0/16; leaves with next hop 10.0.0.2, path"
                  + " 65002 65001",
              "n3: best route of Node_10_0_0_2, decided by only_route\n",
              "n3: next hop 10.0.0.2 is on eth0\n",
              "n3: in the kernel as: ",
              "=> there\n");
      assertThat(terminal.run("explain", "route", block, "--to", "n3").out())
          .contains("n1 -> n2: export filter: own block ");
      assertThat(terminal.run("explain", "route", block, "--to", "n3", "-o", "json").out())
          .contains("\"stage\": \"export\"", "\"stage\": \"kernel\"", "\"passed\": true");
    }
  }

  /** Where a route ends on its way from n1 to n3, and what its last step says. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "f1-2;exportV4: [{action: Reject, matchOperator: In, cidr: 10.244.0.0/16}];n1 -> n2: export"
            + " filter: BGPFilter f1-2, export rule 1",
        "f2-1;importV4: [{action: Accept, matchOperator: In, cidr: 10.9.0.0/16}, {action:"
            + " Reject}];n1 -> n2: import filter: BGPFilter f2-1, import rule 2",
        "f1-2;exportV4: [{action: Accept, matchOperator: In, cidr: 10.244.0.0/16, operations:"
            + " [{addCommunity: {value: \"65535:65281\"}}]}];n2 -> n3: its community NO_EXPORT keeps"
            + " it in the AS",
        "f1-2;exportV4: [{action: Accept, matchOperator: In, cidr: 10.244.0.0/16, operations:"
            + " [{prependASPath: {prefix: [65003]}}]}];n2 -> n3: loop check: AS 65003 stands in the"
            + " path already",
        "f3-2;importV4: [{action: Reject}];n2 -> n3: import filter: BGPFilter f3-2, import rule 1",
      })
  void aRouteThatIsStopped(String name, String rules, String step) throws Exception {
    var yaml = ases("1-2", "2-3") + filter(name, rules);
    try (var terminal = Terminal.open(yaml, "v3.22")) {
      var block = block(terminal, "n1");
      var ran = terminal.run("explain", "route", block, "--from", "n1", "--to", "n3");
      assertThat(ran.code()).isEqualTo(1);
      assertThat(ran.out()).contains("  " + step + "\n=> not at n3: ").contains(step);
      var json = terminal.run("explain", "route", block, "--to", "n3", "-o", "json").out();
      assertThat(json).contains("\"passed\": false", step.substring(step.indexOf(": ") + 2));
    }
  }

  @Test
  void aRouteThatComesRound() throws Exception {
    try (var terminal = Terminal.open(ases("1-2", "2-3", "1-3"), "v3.22")) {
      var block = block(terminal, "n1");
      assertThat(terminal.run("explain", "route", block, "--from", "n3", "--to", "n1").out())
          .contains("n3 -> n1: it came from there\n");
      assertThat(terminal.run("explain", "route", block, "--from", "n2", "--to", "n3").out())
          .contains(
              "n3: not the best: that is the one of Node_10_0_0_1, decided by as_path_length");
    }
  }

  @Test
  void aRouteThatNoReflectorTellsOn() throws Exception {
    var yaml = POOL + NO_MESH + node(1, "") + node(2, "") + node(3, "");
    var peers =
        peer("n1", "10.0.0.2", ", asNumber: 64512") + peer("n3", "10.0.0.2", ", asNumber: 64512");
    try (var terminal = Terminal.open(yaml + peers, "v3.22")) {
      var block = block(terminal, "n1");
      assertThat(terminal.run("explain", "route", block, "--to", "n3").out())
          .contains("n2 -> n3: what iBGP told is not told on by iBGP: no route reflector\n")
          .contains("=> not at n3: what iBGP told is not told on by iBGP: no route reflector\n");
      assertThat(terminal.run("explain", "route", block, "--from", "n3", "--to", "n1").out())
          .contains("n3: has it not, and does not originate it\n");
      var own = block(terminal, "n3");
      terminal.run(
          "patch", "node", "n2", "-p", "{spec: {bgp: {routeReflectorClusterID: 1.1.1.1}}}");
      terminal.cluster().pass(Duration.ofSeconds(30));
      assertThat(terminal.run("explain", "route", own, "--to", "n1").out())
          .containsSubsequence(
              "n3 -> n2: export filter: own block", "n2 -> n1: export filter: pool")
          .endsWith("=> there\n");
    }
  }
}
