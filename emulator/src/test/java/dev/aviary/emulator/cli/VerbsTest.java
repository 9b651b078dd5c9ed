package dev.aviary.emulator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.Community;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** calicoctl's verbs on a cluster of three nodes that runs. */
class VerbsTest {
  private static final String CLUSTER =
      """
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: pool}
      spec: {cidr: 10.244.0.0/16}
      ---
      apiVersion: projectcalico.org/v3
      kind: Node
      metadata: {name: a, labels: {rack: one}}
      spec: {bgp: {ipv4Address: 10.0.0.1/24}}
      ---
      apiVersion: projectcalico.org/v3
      kind: Node
      metadata: {name: b}
      spec: {bgp: {ipv4Address: 10.0.0.2/24}}
      ---
      apiVersion: projectcalico.org/v3
      kind: Node
      metadata: {name: c}
      spec: {bgp: {ipv4Address: 10.0.0.3/24, asNumber: 64600}}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: web, namespace: default, labels: {app: web}}
      spec: {nodeName: a, containers: [{name: c, ports: [{containerPort: 80}]}]}
      ---
      apiVersion: v1
      kind: Pod
      metadata: {name: db, namespace: default}
      spec: {nodeName: b, containers: [{name: c}]}
      """;

  private Terminal terminal;

  @BeforeEach
  void start() throws Exception {
    terminal = Terminal.open(CLUSTER, "v3.22");
  }

  @AfterEach
  void stop() {
    terminal.close();
  }

  /** Since when each session is up: what a reset would change. */
  private Map<String, String> sessions() {
    var found = new LinkedHashMap<String, String>();
    for (var node : terminal.cluster().nodeNames()) {
      for (var neighbor : terminal.cluster().speakerView(node).neighbors()) {
        found.put(node + " " + neighbor.name(), neighbor.state() + " " + neighbor.since());
      }
    }
    return found;
  }

  private List<String> routes(String node) {
    return terminal.cluster().speakerView(node).routes(AfiSafi.IPV4_UNICAST).stream()
        .map(view -> view.route().prefix().toString())
        .distinct()
        .sorted()
        .toList();
  }

  private String block(String node) {
    return terminal.cluster().speakerView(node).routes(AfiSafi.IPV4_UNICAST).stream()
        .filter(view -> view.route().source() instanceof dev.aviary.bgp.route.RouteSource.Local)
        .map(view -> view.route().prefix().toString())
        .filter(prefix -> prefix.startsWith("10.244."))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void communitiesAndServicesChangeNoSession() throws Exception {
    var before = sessions();
    var ran =
        terminal.given(
            "apply",
            """
            apiVersion: projectcalico.org/v3
            kind: BGPConfiguration
            metadata: {name: default}
            spec:
              prefixAdvertisements: [{cidr: 10.244.0.0/16, communities: ["64512:7"]}]
              serviceClusterIPs: [{cidr: 10.96.0.0/16}]
            """);
    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
    assertThat(ran.out()).isEqualTo("Successfully applied 1 'BGPConfiguration' resource(s)\n");
    terminal.cluster().awaitConverged();
    terminal.cluster().pass(Duration.ofSeconds(1));
    assertThat(sessions()).isEqualTo(before);
    assertThat(routes("b")).contains("10.96.0.0/16");
    var block = block("a");
    assertThat(terminal.cluster().speakerView("b").routes(AfiSafi.IPV4_UNICAST))
        .anySatisfy(
            view -> {
              assertThat(view.route().prefix()).hasToString(block);
              assertThat(view.route().attributes().communities())
                  .contains(Community.parse("64512:7").orElseThrow());
            });
    // The kernel has pods' blocks and never what services are announced by.
    assertThat(terminal.run("exec", "b", "--", "ip", "route").out())
        .contains(block + " via 10.0.0.1")
        .doesNotContain("10.96.0.0/16");
  }

  @Test
  void aNodeComesAndGoesBesideTheOthers() throws Exception {
    var before = sessions();
    assertThat(
            terminal
                .given(
                    "create",
                    """
                    apiVersion: projectcalico.org/v3
                    kind: Node
                    metadata: {name: d}
                    spec: {bgp: {ipv4Address: 10.0.0.4/24}}
                    ---
                    apiVersion: v1
                    kind: Pod
                    metadata: {name: late}
                    spec: {nodeName: d, containers: [{name: c}]}
                    """)
                .out())
        .isEqualTo("Successfully created 2 resource(s)\n");
    terminal.cluster().awaitConverged();
    assertThat(sessions()).containsAllEntriesOf(before).containsKey("d Mesh_10_0_0_1");
    var block = block("d");
    assertThat(routes("a")).contains(block);
    assertThat(terminal.run("delete", "pod", "late").out())
        .isEqualTo("Successfully deleted 1 'Pod' resource(s)\n");
    assertThat(terminal.run("delete", "node", "d").out())
        .isEqualTo("Successfully deleted 1 'Node' resource(s)\n");
    terminal.cluster().awaitConverged();
    assertThat(sessions()).isEqualTo(before);
    assertThat(routes("a")).doesNotContain(block);
  }

  @Test
  void aFilterKeepsRoutesBackAndLetsThemThroughAgain() throws Exception {
    assertThat(terminal.run("patch", "bgpconfig", "default", "-p", "{}").code()).isEqualTo(1);
    terminal.given(
        "apply",
        """
        apiVersion: projectcalico.org/v3
        kind: BGPConfiguration
        metadata: {name: default}
        spec: {nodeToNodeMeshEnabled: false}
        ---
        apiVersion: projectcalico.org/v3
        kind: BGPPeer
        metadata: {name: a-b}
        spec: {node: a, peerSelector: "!has(rack)", filters: [east]}
        ---
        apiVersion: projectcalico.org/v3
        kind: BGPFilter
        metadata: {name: east}
        spec:
          exportV4: [{action: Reject, matchOperator: In, cidr: 10.244.0.0/16}]
        """);
    terminal.cluster().awaitConverged();
    var before = sessions();
    assertThat(before)
        .containsOnlyKeys(
            "a Node_10_0_0_2", "a Node_10_0_0_3", "b Node_10_0_0_1", "c Node_10_0_0_1");
    assertThat(routes("b")).doesNotContain(block("a"));
    assertThat(terminal.run("patch", "bgpfilter", "east", "-p", "{spec: {exportV4: null}}").out())
        .isEqualTo("Successfully patched 1 'BGPFilter' resource\n");
    terminal.cluster().awaitConverged();
    assertThat(sessions()).isEqualTo(before);
    assertThat(routes("b")).contains(block("a"));
  }

  @Test
  void anotherAsResetsWhoHasItAndNobodyElse() throws Exception {
    var before = sessions();
    assertThat(terminal.run("patch", "node", "c", "-p", "{spec: {bgp: {asNumber: 64700}}}").code())
        .isZero();
    terminal.cluster().awaitConverged();
    var after = sessions();
    assertThat(after.get("a Mesh_10_0_0_2")).isEqualTo(before.get("a Mesh_10_0_0_2"));
    assertThat(after.get("a Mesh_10_0_0_3")).isNotEqualTo(before.get("a Mesh_10_0_0_3"));
  }

  @Test
  void whatIsRefusedChangesNothing() {
    var before = terminal.cluster().resources();
    var unknown =
        terminal.given(
            "apply",
            """
            apiVersion: projectcalico.org/v3
            kind: BGPPeer
            metadata: {name: p}
            spec: {peerIP: 10.0.0.9, asNumber: 0}
            """);
    assertThat(unknown.code()).isEqualTo(1);
    assertThat(unknown.err())
        .isEqualTo(
            "Failed to apply 'BGPPeer' resource: [given.yaml:4: spec.asNumber: is required with"
                + " peerIP: BIRD refuses AS 0]\n");
    var field =
        terminal.given(
            "apply",
            """
            apiVersion: projectcalico.org/v3
            kind: BGPPeer
            metadata: {name: p}
            spec: {peerIP: 10.0.0.9, asNumber: 1, colour: blue}
            """);
    assertThat(field.code()).isEqualTo(1);
    assertThat(field.err())
        .isEqualTo("Failed to execute command: given.yaml:4: spec.colour: unknown field\n");
    var overlap =
        terminal.given(
            "create",
            """
            apiVersion: projectcalico.org/v3
            kind: IPPool
            metadata: {name: other}
            spec: {cidr: 10.244.128.0/17}
            """);
    assertThat(overlap.err())
        .contains(
            "IPPool(other) CIDR 10.244.128.0/17 overlaps with IPPool(pool) CIDR 10.244.0.0/16");
    assertThat(terminal.run("patch", "bgppeer", "none", "-p", "{}").err())
        .isEqualTo(
            "Hit error: resource does not exist: BGPPeer(none) with error:"
                + " bgppeers.crd.projectcalico.org \"none\" not found\n");
    assertThat(terminal.cluster().resources()).isEqualTo(before);
  }

  @Test
  void createReplaceAndDeleteSayWhatIsThere() {
    var pool =
        """
        apiVersion: projectcalico.org/v3
        kind: IPPool
        metadata: {name: %s}
        spec: {cidr: 10.%d.0.0/16}
        """;
    assertThat(terminal.given("create", pool.formatted("pool", 244)).err())
        .isEqualTo(
            "Failed to create 'IPPool' resource: [resource already exists: IPPool(pool) with"
                + " error: ippools.crd.projectcalico.org \"pool\" already exists]\n");
    assertThat(terminal.given("replace", pool.formatted("none", 245)).err())
        .isEqualTo(
            "Failed to replace 'IPPool' resource: resource does not exist: IPPool(none) with"
                + " error: ippools.crd.projectcalico.org \"none\" not found\n");
    assertThat(terminal.run("delete", "ippool", "none").err())
        .isEqualTo(
            "Failed to delete 'IPPool' resource: resource does not exist: IPPool(none) with error:"
                + " ippools.crd.projectcalico.org \"none\" not found\n");
    assertThat(terminal.run("delete", "ippool", "none", "--skip-not-exists").code()).isZero();
    assertThat(terminal.run("delete", "bird", "none").err())
        .isEqualTo("resource type 'bird' is not supported\n");
  }

  @Test
  void aPatchCanBeAListOfOperations() {
    var patched =
        terminal.run(
            "patch",
            "ippool",
            "pool",
            "--type",
            "json",
            "-p",
            "[{op: test, path: /spec/cidr, value: 10.244.0.0/16},"
                + " {op: add, path: /spec/disableBGPExport, value: true},"
                + " {op: add, path: /metadata/labels, value: {a/b: one}},"
                + " {op: copy, from: /metadata/labels/a~1b, path: /metadata/labels/two},"
                + " {op: move, from: /metadata/labels/a~1b, path: /metadata/labels/three}]");
    assertThat(patched.err()).isEmpty();
    assertThat(patched.out()).isEqualTo("Successfully patched 1 'IPPool' resource\n");
    assertThat(terminal.run("get", "ippool", "pool", "-o", "yaml").out())
        .contains("  labels:\n    three: one\n    two: one\n")
        .contains("  disableBGPExport: true\n");
    assertThat(
            terminal
                .run(
                    "patch", "ippool", "pool", "-t", "json", "-p", "[{op: remove, path: /spec/no}]")
                .err())
        .isEqualTo("Hit error: --patch: operation 1: there is nothing at /spec/no\n");
    assertThat(
            terminal
                .run(
                    "patch",
                    "ippool",
                    "pool",
                    "-t",
                    "json",
                    "-p",
                    "[{op: test, path: /spec/cidr, value: 10.0.0.0/8}]")
                .err())
        .isEqualTo("Hit error: --patch: operation 1: the value at /spec/cidr is another\n");
    assertThat(
            terminal
                .run(
                    "patch",
                    "ippool",
                    "pool",
                    "-t",
                    "json",
                    "-p",
                    "[{op: replace, path: /spec/disableBGPExport, value: false}]")
                .code())
        .isZero();
  }

  @Test
  void labelsDecideWhoPeers() throws Exception {
    assertThat(terminal.run("label", "node", "a", "rack=two").err())
        .isEqualTo(
            "failed to update label of node a, key rack is already present. please use"
                + " '--overwrite' to set a new value.\n");
    assertThat(terminal.run("label", "node", "a", "rack=two", "--overwrite").out())
        .isEqualTo("Successfully updated label rack on node a\n");
    assertThat(terminal.run("label", "node", "b", "rack=two").out())
        .isEqualTo("Successfully set label rack on node b\n");
    assertThat(terminal.run("label", "node", "b", "rack", "--remove").out())
        .isEqualTo("Successfully removed label rack from node b\n");
    assertThat(terminal.run("label", "node", "b", "rack", "--remove").code()).isEqualTo(1);
  }

  @Test
  void getPrintsCalicoctlsTables() {
    assertThat(terminal.run("get", "nodes", "-o", "wide").out().lines())
        .containsExactly(
            "NAME   ASN       IPV4          IPV6   ",
            "a      (64512)   10.0.0.1/24          ",
            "b      (64512)   10.0.0.2/24          ",
            "c      64600     10.0.0.3/24          ",
            "");
    assertThat(terminal.run("get", "ippools", "-o", "custom-columns=CIDR,NAME").out())
        .isEqualTo("CIDR            NAME   \n10.244.0.0/16   pool   \n\n");
    assertThat(terminal.run("get", "bgppeers").out())
        .isEqualTo("NAME   PEERIP   NODE   ASN   \n\n");
    assertThat(terminal.run("get", "ippool", "pool", "-o", "custom-columns=COLOUR").err())
        .startsWith("Unknown heading COLOUR, valid values are: CIDR, DISABLEBGPEXPORT, DISABLED,");
    assertThat(terminal.run("get", "ippools", "-o", "xml").err())
        .isEqualTo("unrecognized output format 'xml'\n");
    assertThat(terminal.run("get", "ippool", "none").err())
        .isEqualTo(
            "resource does not exist: IPPool(none) with error: ippools.crd.projectcalico.org"
                + " \"none\" not found\n");
  }

  @Test
  void aPasswordThatBothHaveMakesASession() throws Exception {
    var before = sessions();
    var withoutSecret =
        terminal.given(
            "apply",
            """
            apiVersion: projectcalico.org/v3
            kind: BGPConfiguration
            metadata: {name: default}
            spec: {nodeMeshPassword: {secretKeyRef: {name: s, key: k}}}
            """);
    assertThat(withoutSecret.code()).isZero();
    assertThat(withoutSecret.err())
        .isEqualTo(
            "warning: given.yaml:4: spec.nodeMeshPassword: there is no key 'k' in secret"
                + " kube-system/s: the session has no password\n");
    assertThat(sessions()).isEqualTo(before);
    var secret =
        terminal.given(
            "apply",
            """
            apiVersion: v1
            kind: Secret
            metadata: {name: s, namespace: kube-system}
            stringData: {k: sesame}
            """);
    assertThat(secret.err()).isEmpty();
    terminal.cluster().awaitConverged();
    assertThat(sessions().values()).doesNotContainAnyElementsOf(before.values());
    assertThat(terminal.run("node", "ready", "--bird-ready").code()).isZero();
  }

  @Test
  void contradictingPeersAreRefused() {
    var peer =
        """
        apiVersion: projectcalico.org/v3
        kind: BGPPeer
        metadata: {name: %s}
        spec: {peerIP: 10.0.0.99, asNumber: %d}
        """;
    assertThat(terminal.given("apply", peer.formatted("one", 65001)).code()).isZero();
    assertThat(terminal.given("apply", peer.formatted("two", 65002)).err())
        .isEqualTo(
            "Failed to apply 'BGPPeer' resource: [given.yaml:4: spec.asNumber: contradicts"
                + " BGPPeer(one): the same peer has AS 65001 there]\n");
    assertThat(terminal.run("node", "ready", "--bird-ready").out())
        .isEqualTo(
            "calico/node is not ready: BIRD is not ready: BGP not established with 10.0.0.99\n");
    assertThat(terminal.run("node", "ready").code()).isEqualTo(1);
  }

  @Test
  void theConfigurationOfANodeThatRunsHasItsBlock() {
    var ran = terminal.run("export", "bird-config", "a", "--only", "bird_aggr.cfg");
    assertThat(ran.out()).contains("   route " + block("a") + " blackhole;\n");
    assertThat(terminal.run("export", "bird-config", "z").err())
        .isEqualTo("aviary: there is no node 'z'\n");
    assertThat(terminal.run("export", "bird-config", "a", "--only", "x.cfg").code()).isEqualTo(2);
  }
}
