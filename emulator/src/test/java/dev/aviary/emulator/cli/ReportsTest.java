package dev.aviary.emulator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports of a cluster with both families, and verbs that come from another process. */
class ReportsTest {
  private static final String CLUSTER =
      """
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: pool}
      spec: {cidr: 10.244.0.0/16}
      ---
      apiVersion: projectcalico.org/v3
      kind: Node
      metadata: {name: a}
      spec: {bgp: {ipv4Address: 10.0.0.1/24, ipv6Address: "fd00:43::1/64"}}
      ---
      apiVersion: projectcalico.org/v3
      kind: Node
      metadata: {name: b}
      spec: {bgp: {ipv4Address: 10.0.0.2/24, ipv6Address: "fd00:43::2/64"}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web}
      spec: {nodeName: b, containers: [{name: c}]}
      ---
      apiVersion: projectcalico.org/v3
      kind: CalicoNodeStatus
      metadata: {name: a}
      spec: {node: a, classes: [Agent, BGP, Routes], updatePeriodSeconds: 10}
      """;

  @TempDir private Path folder = Path.of("");

  @Test
  void nodeStatusHasBothFamilies() throws Exception {
    try (var terminal = Terminal.open(CLUSTER, "v3.22")) {
      assertThat(terminal.run("node", "status", "--node", "b").out())
          .startsWith(
              """
              Calico process is running.

              IPv4 BGP status
              +--------------+-------------------+-------+----------+-------------+
              | PEER ADDRESS |     PEER TYPE     | STATE |  SINCE   |    INFO     |
              +--------------+-------------------+-------+----------+-------------+
              | 10.0.0.1     | node-to-node mesh | up    |\
              """)
          .contains("\n\nIPv6 BGP status\n")
          .containsPattern(
              "\\| fd00:43::1   \\| node-to-node mesh \\| up    \\| \\d\\d:\\d\\d:\\d\\d"
                  + " \\| Established \\|\n");
      assertThat(terminal.run("node", "status", "--node", "b", "-o", "yaml").out())
          .startsWith("- ipv4:\n  - address: 10.0.0.1\n    info: Established\n")
          .endsWith("  node: b\n");
      assertThat(terminal.run("node", "status", "-o", "wide").code()).isEqualTo(2);
      assertThat(terminal.run("get", "nodes", "-o", "go-template={{.}}").err())
          .isEqualTo("go-template is not supported: take -o json or custom-columns=…\n");
    }
  }

  @Test
  void podsTalkIpv6() throws Exception {
    var pool =
        """
        ---
        apiVersion: projectcalico.org/v3
        kind: IPPool
        metadata: {name: six}
        spec: {cidr: "fd00:10:244::/64"}
        ---
        apiVersion: v1
        kind: Pod
        metadata: {name: db}
        spec: {nodeName: a, containers: [{name: c, ports: [{containerPort: 80}]}]}
        """;
    try (var terminal = Terminal.open(CLUSTER + pool, "v3.22")) {
      assertThat(terminal.run("exec", "a", "--", "ip", "-6", "route").out())
          .containsPattern(
              "fd00:10:244:[0-9a-f:]*/122 via fd00:43::2 dev eth0 proto bird metric 1024")
          .containsPattern("blackhole fd00:10:244:[0-9a-f:]*/122 dev lo proto bird metric 1024");
      var address =
          terminal.cluster().pods().stream()
              .filter(pod -> pod.name().equals("db"))
              .flatMap(pod -> pod.addresses().stream())
              .filter(a -> a.family() == dev.aviary.net.IpFamily.IPV6)
              .findFirst()
              .orElseThrow();
      var traced = terminal.run("trace", "web", address.toString(), "--proto", "icmp");
      assertThat(traced.out()).contains("=> answered by " + address);
      assertThat(traced.code()).isZero();
    }
  }

  @Test
  void calicoNodeStatusIsFilledIn() throws Exception {
    try (var terminal = Terminal.open(CLUSTER, "v3.22")) {
      assertThat(terminal.run("get", "caliconodestatus", "a", "-o", "yaml").out())
          .contains(
              """
              status:
                agent:
                  birdV4:
              """)
          .contains("      routerID: 10.0.0.1\n      state: Ready\n")
          .contains("    numberEstablishedV4: 1\n    numberEstablishedV6: 1\n")
          .contains("    - peerIP: 10.0.0.2\n")
          .contains("      type: NodeMesh\n")
          .contains("      gateway: 10.0.0.2\n      interface: eth0\n")
          .contains("        sourceType: NodeMesh\n")
          .contains(
              """
                  - destination: 10.0.0.0/24
                    gateway: N/A
                    interface: eth0
                    learnedFrom:
                      sourceType: Direct
                    type: FIB
              """)
          .contains("    routesV6:\n")
          .containsPattern("lastUpdated: '?\\d{4}-\\d\\d-\\d\\dT");
      assertThat(terminal.run("get", "nodestatuses", "-o", "wide").out())
          .isEqualTo("NAME   NODE   CLASSES            \na      a      Agent,BGP,Routes   \n\n");
    }
  }

  @Test
  void aVerbOfAnotherProcessBringsItsTexts() throws Exception {
    var socket = folder.resolve("s.sock");
    try (var terminal = Terminal.open(CLUSTER, "v3.22");
        var _ = ControlServer.start(socket, terminal.cluster())) {
      var out = new java.io.ByteArrayOutputStream();
      var printer = new java.io.PrintStream(out, true, java.nio.charset.StandardCharsets.UTF_8);
      int code =
          ControlClient.call(
              socket,
              List.of(
                  "apply",
                  "--document-name=pool.yaml",
                  """
                  --document-text=apiVersion: projectcalico.org/v3
                  kind: IPPool
                  metadata: {name: more}
                  spec: {cidr: 10.250.0.0/16}
                  """),
              new Console(printer, printer, false));
      assertThat(code).isZero();
      assertThat(out.toString(java.nio.charset.StandardCharsets.UTF_8))
          .isEqualTo("Successfully applied 1 'IPPool' resource(s)\n");
      assertThat(terminal.run("get", "ippools").out()).contains("more   10.250.0.0/16");
    }
  }

  @Test
  void theSchemaOfTopologyNamesWhatItReads() throws Exception {
    try (var terminal = Terminal.open(CLUSTER, "v3.22")) {
      var schema = terminal.run("export", "topology-schema").out();
      assertThat(schema).startsWith("{\n  \"$schema\"");
      for (var field :
          List.of(
              "segment",
              "interface",
              "mac",
              "mtu",
              "gateway",
              "networkManager",
              "behavior",
              "bridges",
              "masquerade",
              "forward",
              "interfaces",
              "routes",
              "listen",
              "address",
              "faults",
              "machines",
              "from",
              "to")) {
        assertThat(schema).contains("\"" + field + "\": {");
      }
    }
  }
}
