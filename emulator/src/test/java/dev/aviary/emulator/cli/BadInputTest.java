package dev.aviary.emulator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Mistakes of users: one line with file, line and field, and nothing happens. calicoctl's verbs end
 * with 1 and leave the running cluster as it is; what starts a cluster ends with 3.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class BadInputTest {
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
      spec: {bgp: {ipv4Address: 10.0.0.1/24}}
      ---
      apiVersion: projectcalico.org/v3
      kind: Node
      metadata: {name: b}
      spec: {bgp: {ipv4Address: 10.0.0.2/24}}
      ---
      apiVersion: projectcalico.org/v3
      kind: BGPPeer
      metadata: {name: one}
      spec: {peerIP: 10.0.0.99, asNumber: 65001}
      ---
      """;

  private Terminal terminal;

  @TempDir private Path folder = Path.of("");

  @BeforeAll
  void start() throws Exception {
    terminal = Terminal.open(CLUSTER, "v3.22");
  }

  @AfterAll
  void stop() {
    terminal.close();
  }

  private static String resource(String kind, String name, String spec) {
    return """
        apiVersion: projectcalico.org/v3
        kind: %s
        metadata: {name: %s}
        spec: %s
        """
        .formatted(kind, name, spec);
  }

  static Stream<Arguments> mistakes() {
    return Stream.of(
        Arguments.of(
            "contradicting peers",
            resource("BGPPeer", "two", "{peerIP: 10.0.0.99, asNumber: 65002}"),
            "spec.asNumber: contradicts BGPPeer(one): the same peer has AS 65001 there"),
        Arguments.of(
            "a selector that does not parse",
            resource("BGPPeer", "two", "{nodeSelector: 'rack ==', peerSelector: all()}"),
            "spec.nodeSelector: "),
        Arguments.of(
            "an AS of 0",
            resource("BGPPeer", "two", "{peerIP: 10.0.0.98, asNumber: 0}"),
            "spec.asNumber: is required with peerIP: BIRD refuses AS 0"),
        Arguments.of(
            "overlapping pools",
            resource("IPPool", "other", "{cidr: 10.244.128.0/17}"),
            "IPPool(other) CIDR 10.244.128.0/17 overlaps with IPPool(pool) CIDR 10.244.0.0/16"),
        Arguments.of(
            "a rule that can never match",
            resource(
                "BGPFilter",
                "f",
                "{importV4: [{action: Reject}, {action: Accept, source: RemotePeers}]}"),
            "spec.importV4: rule 2 can never match: rule 1 decides every route"),
        Arguments.of(
            "two nodes with one address",
            resource("Node", "c", "{bgp: {ipv4Address: 10.0.0.2/24}}"),
            "spec.bgp.ipv4Address: node b has 10.0.0.2 already"),
        Arguments.of(
            "an unknown field",
            resource("IPPool", "other", "{cidr: 10.1.0.0/16, colour: blue}"),
            "spec.colour: unknown field"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void aRunningClusterStaysAsItIs(String name, String yaml, String text) {
    var before = terminal.cluster().resources();
    var ran = terminal.given("apply", yaml);
    assertThat(ran.code()).as(name).isEqualTo(1);
    assertThat(ran.out()).isEmpty();
    assertThat(ran.err()).hasLineCount(1).contains("given.yaml:4: ").contains(text);
    assertThat(terminal.cluster().resources()).isEqualTo(before);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("mistakes")
  void aClusterDoesNotStart(String name, String yaml, String text) throws Exception {
    var file = folder.resolve("cluster.yaml");
    Files.writeString(file, CLUSTER + yaml);
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    int code =
        Main.run(
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            List.of("up", "--virtual", "-f", file.toString()));
    assertThat(err.toString(StandardCharsets.UTF_8))
        .as(name)
        .hasLineCount(1)
        .contains(file + ":24: ")
        .contains(text);
    assertThat(code).isEqualTo(3);
  }

  @org.junit.jupiter.api.Test
  void aPasswordWhoseSecretIsMissingIsAWarning() {
    var ran =
        terminal.given(
            "apply",
            resource(
                "BGPPeer",
                "secret",
                "{peerIP: 10.0.0.97, asNumber: 65009, password: {secretKeyRef: {name: s, key: k}}}"));
    assertThat(ran.code()).isZero();
    assertThat(ran.err())
        .isEqualTo(
            "warning: given.yaml:4: spec.password: there is no key 'k' in secret kube-system/s: the"
                + " session has no password\n");
    assertThat(terminal.run("delete", "bgppeer", "secret").code()).isZero();
  }
}
