package dev.aviary.emulator.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What operators ask the daemons of nodes that run: Calico's own, and BIRD 2 in its place. */
class DaemonTest {
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
      apiVersion: v1
      kind: Pod
      metadata: {name: db}
      spec: {nodeName: a, containers: [{name: c}]}
      ---
      apiVersion: aviary.dev/v1
      kind: Topology
      metadata: {name: t}
      spec: {nodes: [{name: b, behavior: bird-2.0}]}
      """;

  private static String masked(String text) {
    return text.replaceAll("[0-9]{2}:[0-9]{2}:[0-9]{2}(\\.[0-9]{3})?", "TIME")
        .replaceAll("[0-9.]+/(240|80)", "N/$1")
        .replaceAll("10\\.244\\.\\d+\\.\\d+/26 *", "BLOCK ")
        .replaceAll("10\\.244\\.\\d+\\.\\d+/32 *", "POD ")
        .replaceAll("cali[0-9a-f]{11}", "CALI");
  }

  private static String birdc(Terminal terminal, String node, String... command) throws Exception {
    var words = new java.util.ArrayList<>(List.of("exec", node, "--", "birdc"));
    words.addAll(List.of(command));
    return masked(terminal.run(words.toArray(String[]::new)).out());
  }

  @Test
  void filtersAndExpressionsAreRunOverRoutes() throws Exception {
    try (var terminal = Terminal.open(CLUSTER, "v3.22")) {
      assertThat(birdc(terminal, "a", "show", "route", "where", "source = RTS_BGP"))
          .isEqualTo(
              """
              BIRD v0.3.3+birdv1.6.8 ready.
              BLOCK via 10.0.0.2 on eth0 [Mesh_10_0_0_2 TIME] * (100/0) [i]
              """);
      assertThat(birdc(terminal, "a", "show", "route", "where", "bgp_local_pref > 100"))
          .isEqualTo("BIRD v0.3.3+birdv1.6.8 ready.\n");
      assertThat(birdc(terminal, "a", "show", "route", "filter", "calico_export_to_bgp_peers"))
          .contains("BLOCK blackhole [static1 TIME] * (200)\n")
          .contains("[Mesh_10_0_0_2 TIME]")
          .doesNotContain("kernel1");
      assertThat(birdc(terminal, "a", "show", "route", "where", "nosuch = 1"))
          .endsWith("syntax error\n");
      assertThat(birdc(terminal, "a", "eval", "10.0.0.0/8 ~ [ 10.0.0.0/8+ ]")).endsWith("TRUE\n");
      assertThat(birdc(terminal, "a", "show", "symbols", "bgp_template"))
          .endsWith("bgp_template\tprotocol template\n");
      assertThat(birdc(terminal, "a", "show", "static")).contains("BLOCK blackhole\n");
      assertThat(birdc(terminal, "a", "show", "memory"))
          .containsPattern("Routing tables: +\\d+ [ k]B\n");
    }
  }

  @Test
  void aConfigurationIsReadAgain() throws Exception {
    try (var terminal = Terminal.open(CLUSTER, "v3.22")) {
      assertThat(birdc(terminal, "a", "configure", "check"))
          .endsWith(
              """
              Reading configuration from /etc/calico/confd/config/bird.cfg
              Configuration OK
              """);
      assertThat(birdc(terminal, "a", "configure", "timeout", "9"))
          .endsWith("Undo scheduled in 9 s\nReconfigured\n");
      assertThat(birdc(terminal, "a", "configure", "confirm"))
          .endsWith("Reconfiguration confirmed\n");
      assertThat(birdc(terminal, "a", "configure", "confirm")).endsWith("Nothing to do\n");
      assertThat(birdc(terminal, "a", "configure", "\"nosuch.conf\""))
          .endsWith("nosuch.conf: No such file or directory\n");
    }
  }

  @Test
  void aFileOfTheOperatorsIsRead(@org.junit.jupiter.api.io.TempDir java.nio.file.Path folder)
      throws Exception {
    try (var terminal = Terminal.open(CLUSTER, "v3.22")) {
      var good = folder.resolve("own.conf");
      java.nio.file.Files.writeString(
          folder.resolve("part.conf"), "protocol device { scan time 5; }\n");
      java.nio.file.Files.writeString(
          good, "router id 10.0.0.1;\ninclude \"part.conf\";\nprotocol direct {}\n");
      assertThat(birdc(terminal, "a", "configure", "check", "\"" + good + "\""))
          .endsWith("Reading configuration from " + good + "\nConfiguration OK\n");
      var bad = folder.resolve("bad.conf");
      java.nio.file.Files.writeString(bad, "router id 10.0.0.1;\nfilter f { if ( then accept; }\n");
      assertThat(birdc(terminal, "a", "configure", "\"" + bad + "\""))
          .contains("Reading configuration from " + bad + "\n" + bad + ":2:")
          .endsWith("syntax error\n");
      var none = folder.resolve("none.conf");
      assertThat(birdc(terminal, "a", "configure", "\"" + none + "\""))
          .endsWith(none + ": No such file or directory\n");
    }
  }

  @Test
  void protocolsThatAreNoSessionsAreStoppedAndStarted() throws Exception {
    try (var terminal = Terminal.open(CLUSTER, "v3.22")) {
      assertThat(birdc(terminal, "a", "disable", "static1")).endsWith("static1: disabled\n");
      assertThat(birdc(terminal, "a", "disable", "static1"))
          .endsWith("static1: already disabled\n");
      assertThat(birdc(terminal, "a", "show", "protocols", "static1"))
          .endsWith("static1  Static   master   down   TIME    \n");
      terminal.cluster().pass(Duration.ofSeconds(1));
      assertThat(birdc(terminal, "a", "show", "route", "protocol", "static1"))
          .isEqualTo("BIRD v0.3.3+birdv1.6.8 ready.\n");
      assertThat(route(terminal, "a")).doesNotContain("blackhole");
      assertThat(route(terminal, "b")).doesNotContain("via 10.0.0.1 dev eth0 proto bird");
      assertThat(birdc(terminal, "a", "enable", "static1")).endsWith("static1: enabled\n");
      assertThat(birdc(terminal, "a", "enable", "static1")).endsWith("static1: already enabled\n");
      terminal.cluster().pass(Duration.ofSeconds(1));
      assertThat(route(terminal, "a")).contains("blackhole");
      assertThat(route(terminal, "b")).contains("via 10.0.0.1 dev eth0 proto bird");

      // Calico's kernel protocol is persistent: what is there stays, and nothing new comes.
      var before = route(terminal, "a");
      assertThat(birdc(terminal, "a", "disable", "kernel1")).endsWith("kernel1: disabled\n");
      birdc(terminal, "b", "disable", "static4");
      terminal.cluster().pass(Duration.ofSeconds(1));
      assertThat(birdc(terminal, "a", "show", "route")).doesNotContain("Mesh_10_0_0_2");
      assertThat(route(terminal, "a")).isEqualTo(before);
      assertThat(birdc(terminal, "a", "enable", "kernel1")).endsWith("kernel1: enabled\n");
      assertThat(route(terminal, "a")).doesNotContain("via 10.0.0.2 dev eth0 proto bird");
      birdc(terminal, "b", "enable", "static4");
      terminal.cluster().pass(Duration.ofSeconds(1));
      assertThat(route(terminal, "a")).isEqualTo(before);

      // Without the direct protocol no next hop is known.
      assertThat(birdc(terminal, "a", "disable", "direct1")).endsWith("direct1: disabled\n");
      terminal.cluster().pass(Duration.ofSeconds(1));
      assertThat(birdc(terminal, "a", "show", "route", "protocol", "Mesh_10_0_0_2"))
          .contains("unreachable [Mesh_10_0_0_2 TIME");
      assertThat(route(terminal, "a")).contains("unreachable ");
      assertThat(birdc(terminal, "a", "restart", "all")).contains("direct1: already disabled\n");
      assertThat(birdc(terminal, "a", "enable", "all")).contains("direct1: enabled\n");
      terminal.cluster().pass(Duration.ofSeconds(60));
      assertThat(route(terminal, "a")).isEqualTo(before);
      assertThat(birdc(terminal, "a", "disable", "device1")).endsWith("device1: disabled\n");
      assertThat(birdc(terminal, "a", "show", "interfaces")).contains("eth0 up");
    }
  }

  private static String route(Terminal terminal, String node) {
    return terminal.run("exec", node, "--", "ip", "route").out();
  }

  @Test
  void aNodeWithBird2TalksAsBird2() throws Exception {
    try (var terminal = Terminal.open(CLUSTER, "v3.22")) {
      assertThat(birdc(terminal, "b", "show", "protocols"))
          .isEqualTo(
              """
              BIRD 2.0.12 ready.
              Name       Proto      Table      State  Since         Info
              device1    Device     ---        up     TIME \s
              direct1    Direct     ---        up     TIME \s
              kernel4    Kernel     master4    up     TIME \s
              static4    Static     master4    up     TIME \s
              Mesh_10_0_0_1 BGP        ---        up     TIME  Established  \s
              kernel6    Kernel     master6    up     TIME \s
              static6    Static     master6    up     TIME \s
              Mesh_fd00_43__1 BGP        ---        up     TIME  Established  \s
              """);
      assertThat(birdc(terminal, "b", "show", "route", "table", "master4", "all"))
          .startsWith("BIRD 2.0.12 ready.\nTable master4:\n")
          .contains(
              """
              BLOCK unicast [Mesh_10_0_0_1 TIME] * (100) [i]
              \tvia 10.0.0.1 on eth0
              \tType: BGP univ
              \tBGP.origin: IGP
              \tBGP.as_path:\s
              \tBGP.next_hop: 10.0.0.1
              \tBGP.local_pref: 100
              """)
          .contains(
              """
              POD unicast [kernel4 TIME] * (10)
              \tdev CALI
              \tType: inherit univ
              \tKernel.source: 3
              \tKernel.metric: 0
              \tKernel.scope: 253
              """);
      assertThat(birdc(terminal, "b", "show", "protocols", "all", "Mesh_10_0_0_1"))
          .contains(
              """
                Description:    Connection to BGP peer
                BGP state:          Established
                  Neighbor address: 10.0.0.1
                  Neighbor AS:      64512
                  Local AS:         64512
                  Neighbor ID:      10.0.0.1
                  Local capabilities
                    Multiprotocol
                      AF announced: ipv4
                    Route refresh
                    Graceful restart
                      Restart time: 120
                      AF supported: ipv4
                      AF preserved:
                    4-octet AS numbers
                    ADD-PATH
                      RX: ipv4
                      TX: ipv4
                    Enhanced refresh
                    Long-lived graceful restart
                  Neighbor capabilities
              """)
          .contains(
              """
                  Session:          internal multihop AS4
                  Source address:   10.0.0.2
                  Hold timer:       N/240
                  Keepalive timer:  N/80
                Channel ipv4
                  State:          UP
                  Table:          master4
                  Preference:     100
                  Input filter:   (unnamed)
                  Output filter:  (unnamed)
                  Routes:         1 imported, 1 exported, 1 preferred
              """);
      assertThat(birdc(terminal, "b", "show", "route", "count"))
          .containsPattern(
              """
              \\d+ of \\d+ routes for \\d+ networks in table master4
              \\d+ of \\d+ routes for \\d+ networks in table master6
              Total: \\d+ of \\d+ routes for \\d+ networks in 2 tables
              """);
      assertThat(birdc(terminal, "b", "show", "protocols", "nosuch"))
          .endsWith(
              "syntax error, unexpected CF_SYM_UNDEFINED, expecting END or CF_SYM_KNOWN or TEXT or"
                  + " ALL\n");
      assertThat(birdc(terminal, "b", "disable", "Mesh_10_0_0_1"))
          .endsWith("Mesh_10_0_0_1: disabled\n");
      assertThat(birdc(terminal, "b", "show", "route", "export", "Mesh_10_0_0_1"))
          .endsWith("No valid tables\n");
      assertThat(birdc(terminal, "b", "enable", "Mesh_10_0_0_1"))
          .endsWith("Mesh_10_0_0_1: enabled\n");
    }
  }
}
