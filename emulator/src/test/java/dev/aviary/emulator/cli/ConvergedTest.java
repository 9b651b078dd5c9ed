package dev.aviary.emulator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.bgp.NeighborView;
import dev.aviary.bgp.SpeakerView;
import dev.aviary.bgp.route.AfiSafi;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What sessions have agreed on and taken in, on virtual time. */
class ConvergedTest {
  private static String nodes(int count) {
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
            spec: {nodeToNodeMeshEnabled: false}
            """);
    for (int i = 1; i <= count; i++) {
      yaml.append(
          """
          ---
          apiVersion: projectcalico.org/v3
          kind: Node
          metadata: {name: n%1$d, labels: {number: "%1$d"}}
          spec: {bgp: {ipv4Address: 10.0.0.%1$d/24, asNumber: 6500%1$d}}
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: p%1$d}
          spec: {nodeName: n%1$d, containers: [{name: c}]}
          """
              .formatted(i));
    }
    return yaml.toString();
  }

  /** A ring of ASes with filters: most of what is told is dropped by one or by the loop check. */
  private static String ring() {
    var yaml = new StringBuilder(nodes(4));
    for (int i = 1; i <= 4; i++) {
      for (int other : List.of(i % 4 + 1, (i + 2) % 4 + 1)) {
        yaml.append(
            """
            ---
            apiVersion: projectcalico.org/v3
            kind: BGPPeer
            metadata: {name: p%1$d-%2$d}
            spec: {node: n%1$d, peerIP: 10.0.0.%2$d, asNumber: 6500%2$d, filters: [odd]}
            """
                .formatted(i, other));
      }
    }
    return yaml.append(
            """
            ---
            apiVersion: projectcalico.org/v3
            kind: BGPFilter
            metadata: {name: odd}
            spec: {importV4: [{action: Reject, asPathPrefix: [65001]}]}
            """)
        .toString();
  }

  private static List<SpeakerView> views(Terminal terminal) {
    return terminal.cluster().nodeNames().stream()
        .map(node -> terminal.cluster().speakerView(node))
        .toList();
  }

  @Test
  void whatIsDroppedIsNotWaitedFor() throws Exception {
    try (var terminal = Terminal.open(ring(), "v3.22")) {
      var now = terminal.cluster().now();
      var before = views(terminal);
      var up =
          before.stream()
              .flatMap(view -> view.neighbors().stream())
              .map(NeighborView::since)
              .max(Instant::compareTo)
              .orElseThrow();
      assertThat(Duration.between(up, now)).isLessThan(Duration.ofMillis(100));
      assertThat(before.stream().flatMap(view -> view.neighbors().stream()))
          .allSatisfy(neighbor -> assertThat(neighbor.state()).isEqualTo("Established"))
          .anySatisfy(neighbor -> assertThat(neighbor.counters().importFiltered()).isPositive())
          .anySatisfy(neighbor -> assertThat(neighbor.counters().importRejected()).isPositive());
      terminal.cluster().pass(Duration.ofSeconds(30));
      var after = views(terminal);
      for (int i = 0; i < before.size(); i++) {
        assertThat(after.get(i).routes(AfiSafi.IPV4_UNICAST))
            .isEqualTo(before.get(i).routes(AfiSafi.IPV4_UNICAST));
      }
    }
  }

  @Test
  void aKeepaliveTimeIsTheSpeakersOwn() throws Exception {
    var peer =
        """
        ---
        apiVersion: projectcalico.org/v3
        kind: BGPPeer
        metadata: {name: %1$s}
        spec: {node: %1$s, peerIP: %2$s, asNumber: %3$d%4$s}
        """;
    var yaml =
        nodes(2)
            + peer.formatted("n1", "10.0.0.2", 65002, ", keepaliveTime: 20s")
            + peer.formatted("n2", "10.0.0.1", 65001, "");
    try (var terminal = Terminal.open(yaml, "v3.22")) {
      var own = terminal.cluster().speakerView("n1").neighbor("Node_10_0_0_2").orElseThrow();
      var theirs = terminal.cluster().speakerView("n2").neighbor("Node_10_0_0_1").orElseThrow();
      assertThat(own.keepaliveTime()).isEqualTo(Duration.ofSeconds(20));
      assertThat(own.holdTime()).isEqualTo(Duration.ofMinutes(4));
      assertThat(theirs.keepaliveTime()).isEqualTo(Duration.ofSeconds(80));
      // Each KEEPALIVE is 19 octets: one side speaks four times as often.
      terminal.cluster().pass(Duration.ofMinutes(10));
      var after = terminal.cluster().speakerView("n1").neighbor("Node_10_0_0_2").orElseThrow();
      long sent = after.traffic().sent() - own.traffic().sent();
      long received = after.traffic().received() - own.traffic().received();
      assertThat(sent).isGreaterThan(3 * received);
    }
  }

  /** A route with an urgent priority beats one with a shorter path, on the main branch's rules. */
  @Test
  void anUrgentRouteIsPreferred() throws Exception {
    var yaml = new StringBuilder(nodes(3).replaceAll(", asNumber: 6500\\d", ""));
    var peers = List.of(List.of(1, 2), List.of(2, 1), List.of(1, 3), List.of(3, 1));
    for (var pair : peers) {
      yaml.append(
          """
          ---
          apiVersion: projectcalico.org/v3
          kind: BGPPeer
          metadata: {name: p%1$d-%2$d}
          spec: {node: n%1$d, peerIP: 10.0.0.%2$d, asNumber: 64512, reversePeering: Manual, filters: [f%1$d]}
          """
              .formatted(pair.getFirst(), pair.getLast()));
    }
    yaml.append(
        """
        ---
        apiVersion: projectcalico.org/v3
        kind: BGPFilter
        metadata: {name: f3}
        spec: {exportV4: [{action: Accept, matchOperator: In, cidr: 10.96.0.0/16, operations: [{setPriority: {value: 100}}]}]}
        """);
    var text =
        yaml.toString()
            .replace(
                "{nodeToNodeMeshEnabled: false}",
                "{nodeToNodeMeshEnabled: false, serviceClusterIPs: [{cidr: 10.96.0.0/16}]}");
    try (var terminal = Terminal.open(text, "master")) {
      var routes =
          terminal.cluster().speakerView("n1").routes(AfiSafi.IPV4_UNICAST).stream()
              .filter(view -> view.route().prefix().toString().equals("10.96.0.0/16"))
              .toList();
      assertThat(routes).hasSize(3);
      assertThat(routes)
          .filteredOn(view -> view.route().source().name().equals("Node_10_0_0_3"))
          .allSatisfy(view -> assertThat(view.preference()).isEqualTo(200));
      assertThat(routes)
          .filteredOn(view -> view.route().source().name().equals("Node_10_0_0_2"))
          .allSatisfy(view -> assertThat(view.preference()).isEqualTo(100));
      assertThat(routes.getFirst().route().source().name()).isEqualTo("Node_10_0_0_3");
      assertThat(terminal.run("exec", "n1", "--", "birdc", "show", "route", "10.96.0.0/16").out())
          .contains("(200/0)");
      assertThat(
              terminal.run("explain", "route", "10.96.0.0/16", "--from", "n3", "--to", "n1").out())
          .contains("import filter: urgent: LOCAL_PREF of at least 2147482624");
    }
  }
}
