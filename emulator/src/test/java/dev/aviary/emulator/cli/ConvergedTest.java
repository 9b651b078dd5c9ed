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
}
