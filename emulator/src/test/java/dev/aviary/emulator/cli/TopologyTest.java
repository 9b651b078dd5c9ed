package dev.aviary.emulator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.bgp.NeighborView;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.kernel.Conversation;
import dev.aviary.kernel.Outcome;
import dev.aviary.kernel.PacketWalk;
import dev.aviary.kernel.Probe;
import dev.aviary.net.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Cables that are laid anew while the cluster runs, on virtual time. */
class TopologyTest {
  /** BIRD's hold time of 240 s is up, and a retry is not. */
  private static final Duration HOLD = Duration.ofSeconds(245);

  private static final Duration RECONNECT = Duration.ofSeconds(60);

  private static String nodes(String... addresses) {
    var yaml =
        new StringBuilder(
            """
            apiVersion: projectcalico.org/v3
            kind: IPPool
            metadata: {name: pool}
            spec: {cidr: 10.244.0.0/16}
            """);
    for (int i = 1; i <= addresses.length; i++) {
      yaml.append(
          """
          ---
          apiVersion: projectcalico.org/v3
          kind: Node
          metadata: {name: n%1$d}
          spec: {bgp: {ipv4Address: %2$s/24}}
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: p%1$d}
          spec: {nodeName: n%1$d, containers: [{name: c}]}
          """
              .formatted(i, addresses[i - 1]));
    }
    return yaml.toString();
  }

  private static String topology(String spec) {
    return """
        apiVersion: aviary.dev/v1
        kind: Topology
        metadata: {name: lab}
        spec: {%s}
        """
        .formatted(spec);
  }

  private static final String THREE = nodes("10.0.0.1", "10.0.0.2", "10.0.0.3");

  /** Two subnets, and a router with a leg in each. */
  private static final String ROUTED =
      "nodes: [{name: n1, segment: left, gateway: 10.0.1.254}, {name: n2, segment: right, gateway:"
          + " 10.0.2.254}], hosts: [{name: r, forward: true, interfaces: [{name: eth0, segment:"
          + " left, address: 10.0.1.254/24}, {name: eth1, segment: right, address:"
          + " 10.0.2.254/24%s}]}]";

  private static void apply(Terminal terminal, String spec) {
    var ran = terminal.given("apply", topology(spec));
    assertThat(ran.err()).isEmpty();
    assertThat(ran.code()).isZero();
  }

  private static NeighborView session(Terminal terminal, String node, String address) {
    return terminal
        .cluster()
        .speakerView(node)
        .neighbor("Mesh_" + address.replace('.', '_'))
        .orElseThrow();
  }

  private static long routesFrom(Terminal terminal, String node, String address) {
    return terminal.cluster().speakerView(node).routes(AfiSafi.IPV4_UNICAST).stream()
        .filter(view -> view.route().source().name().endsWith(address.replace('.', '_')))
        .count();
  }

  /** Since when each session is as it is. */
  private static Map<String, Instant> since(Terminal terminal, String... but) {
    var found = new TreeMap<String, Instant>();
    for (var node : terminal.cluster().nodeNames()) {
      for (var neighbor : terminal.cluster().speakerView(node).neighbors()) {
        if (List.of(but).stream()
            .noneMatch(n -> node.equals(n) || neighbor.name().endsWith("_" + n.substring(1)))) {
          found.put(node + " " + neighbor.name(), neighbor.since());
        }
      }
    }
    return found;
  }

  private static String exec(Terminal terminal, String node, String... command) {
    var cluster = terminal.cluster();
    return cluster.exec(cluster.find(node).orElseThrow(), List.of(command)).stdout();
  }

  private static Outcome outcome(Terminal terminal, String node, Probe probe) {
    var cluster = terminal.cluster();
    var kernel = cluster.find(node).orElseThrow().kernel();
    return cluster.onLoop(
        () -> {
          var walk = PacketWalk.silent();
          var conversation = Conversation.start(kernel, probe, walk);
          walk.giveUpOnNeighbors();
          return conversation.outcome();
        });
  }

  /** Each breaks what is between n3 and the others, and nothing else. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "{fault: cut, machines: [n3]}",
        "{fault: partition, machines: [n1, n2]}",
        "{fault: loss, from: [n3], to: [n1, n2]}",
        "{fault: loss, from: [n1, n2], to: [n3]}"
      })
  void aFaultIsSilenceAndThenTheHoldTimer(String fault) throws Exception {
    try (var terminal = Terminal.open(THREE, "v3.22")) {
      var others = since(terminal, "n3");
      apply(terminal, "faults: [" + fault + "]");
      terminal.cluster().pass(Duration.ofSeconds(150));
      // Nobody has noticed: there was no FIN and no RST.
      assertThat(session(terminal, "n1", "10.0.0.3").state()).isEqualTo("Established");
      assertThat(routesFrom(terminal, "n1", "10.0.0.3")).isEqualTo(1);
      assertThat(terminal.run("explain", "session", "n1", "n3").out())
          .contains("=> up, but nothing gets through: segment lan loses what goes from ");
      terminal.cluster().pass(HOLD.minusSeconds(150));
      assertThat(session(terminal, "n1", "10.0.0.3").state()).isNotEqualTo("Established");
      assertThat(session(terminal, "n1", "10.0.0.3").lastError()).contains("Hold timer expired");
      assertThat(routesFrom(terminal, "n1", "10.0.0.3")).isZero();
      assertThat(exec(terminal, "n1", "ip", "route")).doesNotContain("via 10.0.0.3");
      assertThat(terminal.run("explain", "session", "n1", "n3").out())
          .contains("failed: BGP Error: Hold timer expired")
          .contains("=> down: not reached: segment lan loses what goes from ");
      assertThat(since(terminal, "n3")).isEqualTo(others);
      apply(terminal, "faults: []");
      terminal.cluster().pass(RECONNECT);
      assertThat(session(terminal, "n1", "10.0.0.3").state()).isEqualTo("Established");
      assertThat(routesFrom(terminal, "n1", "10.0.0.3")).isEqualTo(1);
      assertThat(exec(terminal, "n1", "ip", "route")).contains("via 10.0.0.3");
      assertThat(since(terminal, "n3")).isEqualTo(others);
    }
  }

  @Test
  void aRepairInTimeIsNotNoticed() throws Exception {
    try (var terminal = Terminal.open(THREE, "v3.22")) {
      var before = since(terminal);
      apply(terminal, "faults: [{fault: down}]");
      assertThat(exec(terminal, "n1", "ip", "link", "show", "eth0")).contains("NO-CARRIER");
      terminal.cluster().pass(Duration.ofSeconds(60));
      apply(terminal, "faults: []");
      terminal.cluster().pass(HOLD);
      assertThat(since(terminal)).isEqualTo(before);
      assertThat(exec(terminal, "n1", "ip", "link", "show", "eth0")).doesNotContain("NO-CARRIER");
    }
  }

  @Test
  void aRouterInBetween() throws Exception {
    var yaml = nodes("10.0.1.1", "10.0.2.2") + "---\n" + topology(ROUTED.formatted(""));
    try (var terminal = Terminal.open(yaml, "v3.22")) {
      assertThat(session(terminal, "n1", "10.0.2.2").state()).isEqualTo("Established");
      apply(terminal, ROUTED.formatted("").replace("forward: true", "forward: false"));
      assertThat(terminal.run("explain", "session", "n1", "n2").out())
          .contains("n1 -> n2: r does not forward\n");
      terminal.cluster().pass(HOLD);
      assertThat(session(terminal, "n1", "10.0.2.2").lastError()).contains("Hold timer expired");
      apply(terminal, ROUTED.formatted(""));
      terminal.cluster().pass(RECONNECT);
      assertThat(session(terminal, "n1", "10.0.2.2").state()).isEqualTo("Established");
      // The router goes, as when somebody pulls its plug.
      apply(terminal, ROUTED.formatted("").replaceAll("hosts: .*", "hosts: []"));
      assertThat(terminal.cluster().find("r")).isEmpty();
      assertThat(terminal.run("explain", "session", "n1", "n2").out())
          .contains("n1 -> n2: nobody on segment left has 10.0.1.254\n");
      terminal.cluster().pass(HOLD);
      assertThat(session(terminal, "n1", "10.0.2.2").state()).isNotEqualTo("Established");
      apply(terminal, ROUTED.formatted(""));
      terminal.cluster().pass(RECONNECT);
      assertThat(session(terminal, "n1", "10.0.2.2").state()).isEqualTo("Established");
    }
  }

  @Test
  void aNodeMovesToAnotherSegmentAndBack() throws Exception {
    try (var terminal = Terminal.open(THREE, "v3.22")) {
      var others = since(terminal, "n3");
      apply(terminal, "nodes: [{name: n3, segment: attic}]");
      assertThat(terminal.run("explain", "session", "n1", "n3").out())
          .contains("n1 -> n3: nobody on segment lan has 10.0.0.3\n");
      terminal.cluster().pass(HOLD);
      assertThat(session(terminal, "n1", "10.0.0.3").state()).isNotEqualTo("Established");
      apply(terminal, "nodes: [{name: n3, segment: attic}, {name: n2, segment: attic}]");
      terminal.cluster().pass(RECONNECT);
      assertThat(session(terminal, "n2", "10.0.0.3").state()).isEqualTo("Established");
      apply(terminal, "nodes: []");
      terminal.cluster().pass(RECONNECT.plus(HOLD));
      assertThat(session(terminal, "n1", "10.0.0.3").state()).isEqualTo("Established");
      assertThat(session(terminal, "n1", "10.0.0.2").state()).isEqualTo("Established");
      assertThat(others).isNotEmpty();
    }
  }

  @Test
  void anInterfaceGetsAnotherName() throws Exception {
    try (var terminal = Terminal.open(THREE, "v3.22")) {
      var before = since(terminal);
      apply(terminal, "nodes: [{name: n1, interface: ens5, gateway: 10.0.0.254}]");
      assertThat(exec(terminal, "n1", "ip", "link")).contains("ens5").doesNotContain("eth0");
      assertThat(exec(terminal, "n1", "ip", "route"))
          .contains("default via 10.0.0.254 dev ens5")
          .contains("via 10.0.0.3 dev ens5 proto bird")
          .doesNotContain("eth0");
      terminal.cluster().pass(HOLD);
      assertThat(since(terminal)).isEqualTo(before);
    }
  }

  @Test
  void anInterfaceThatIsSetDown() throws Exception {
    try (var terminal = Terminal.open(THREE, "v3.22")) {
      exec(terminal, "n1", "ip", "link", "set", "eth0", "down");
      assertThat(terminal.run("explain", "session", "n1", "n2").out())
          .contains("n1 -> n2: ", "n2 -> n1: n1.eth0 is down\n");
      terminal.cluster().pass(HOLD);
      assertThat(session(terminal, "n2", "10.0.0.1").lastError()).contains("Hold timer expired");
      exec(terminal, "n1", "ip", "link", "set", "eth0", "up");
      terminal.cluster().pass(RECONNECT);
      assertThat(session(terminal, "n2", "10.0.0.1").state()).isEqualTo("Established");
      assertThat(exec(terminal, "n1", "ip", "route")).contains("via 10.0.0.2 dev eth0 proto bird");
    }
  }

  @Test
  void anMtuIsSeenByTheLinkAndOnTheWay() throws Exception {
    var yaml = nodes("10.0.1.1", "10.0.2.2") + "---\n" + topology(ROUTED.formatted(""));
    try (var terminal = Terminal.open(yaml, "v3.22")) {
      var big = Probe.ping(IpAddress.of("10.0.2.2")).withPayload("x".repeat(1472));
      assertThat(outcome(terminal, "n1", big)).isInstanceOf(Outcome.Answered.class);
      apply(terminal, ROUTED.formatted(", mtu: 1400"));
      assertThat(exec(terminal, "r", "ip", "link", "show", "eth1")).contains("mtu 1400");
      assertThat(outcome(terminal, "n1", big))
          .isInstanceOfSatisfying(
              Outcome.Failed.class, failed -> assertThat(failed.errno()).isEqualTo("EMSGSIZE"));
      apply(
          terminal, ROUTED.formatted(", mtu: 1400").replace("{name: n1,", "{name: n1, mtu: 1300,"));
      assertThat(exec(terminal, "n1", "ip", "link", "show", "eth0")).contains("mtu 1300");
      assertThat(session(terminal, "n1", "10.0.2.2").state()).isEqualTo("Established");
    }
  }

  @Test
  void hostsComeAndGo() throws Exception {
    try (var terminal = Terminal.open(THREE, "v3.22")) {
      var before = since(terminal);
      apply(terminal, "hosts: [{name: client, interfaces: [{address: 10.0.0.50/24}]}]");
      assertThat(terminal.run("trace", "client", "10.0.0.1", "--proto", "icmp").out())
          .contains("10.0.0.1");
      apply(
          terminal,
          "hosts: [{name: client, listen: [tcp/80], interfaces: [{address: 10.0.0.51/24}]}]");
      assertThat(exec(terminal, "client", "ip", "addr"))
          .contains("10.0.0.51/24")
          .doesNotContain("10.0.0.50");
      apply(terminal, "hosts: []");
      assertThat(terminal.cluster().find("client")).isEmpty();
      assertThat(terminal.run("delete", "topology", "lab").code()).isZero();
      assertThat(since(terminal)).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "nodes: [{name: n9}];spec.nodes: there is no node 'n9'",
        "nodes: [{name: n1}, {name: n1}];spec.nodes: node 'n1' is there twice",
        "nodes: [{name: n1, interface: a-name-that-is-long}];spec.nodes: interface"
            + " 'a-name-that-is-long' of n1: a name has 1 to 15 characters",
        "nodes: [{name: n1, bridges: [{name: eth0, address: 172.17.0.1/16}]}];spec.nodes: n1 has an"
            + " interface eth0 already",
        "hosts: [{name: h}, {name: h}];spec.hosts: host 'h' is there twice",
        "hosts: [{name: n1}];spec.hosts: 'n1' is a node of the cluster",
        "hosts: [{name: h, interfaces: [{address: 10.0.0.9/24}], routes: [default via"
            + " 10.9.9.9]}];spec.hosts: route of h must be 'PREFIX via ADDRESS'",
        "faults: [{segment: attic, fault: down}];spec.faults: nobody is on a segment 'attic'",
        "faults: [{fault: cut, machines: [n9]}];spec.faults: 'n9' is not on segment lan",
        "faults: [{fault: burnt}];spec.faults[0].fault: must be one of down, cut, loss, partition",
        "faults: [{fault: cut}];spec.faults[0].machines: must name a node or host",
        "faults: [{fault: loss, from: [n1]}];spec.faults[0].to: must name a node or host",
        "faults: [{fault: cut, machines: [n1], from: [n2]}];spec.faults[0].from: unknown field",
        "nodes: [{name: n1, mtu: 10}];spec.nodes[0].mtu: must be 68 to 65535, is '10'"
      })
  void aMistakeIsOneLineAndChangesNothing(String spec, String text) throws Exception {
    try (var terminal = Terminal.open(THREE, "v3.22")) {
      var resources = terminal.cluster().resources();
      var links = exec(terminal, "n1", "ip", "addr");
      var ran = terminal.given("apply", topology(spec));
      assertThat(ran.code()).isEqualTo(1);
      assertThat(ran.out()).isEmpty();
      assertThat(ran.err()).hasLineCount(1).contains("given.yaml:4: ").contains(text);
      assertThat(terminal.cluster().resources()).isEqualTo(resources);
      assertThat(exec(terminal, "n1", "ip", "addr")).isEqualTo(links);
    }
  }
}
