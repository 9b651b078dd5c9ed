package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aviary.emulator.cluster.BirdSockets;
import dev.aviary.emulator.cluster.ClusterOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real birdc, and what scrapes BIRD, at the control sockets of emulated nodes. */
class BirdSocketsTest {
  private static String birdc(Path socket, String... command)
      throws IOException, InterruptedException {
    return client("bird", socket, command);
  }

  private static String client(String release, Path socket, String... command)
      throws IOException, InterruptedException {
    var words =
        new ArrayList<>(
            List.of(Peers.unpacked(release).resolve("usr/sbin/birdc").toString(), "-s"));
    words.add(socket.toString());
    words.addAll(List.of(command));
    var asked = new ProcessBuilder(words).redirectErrorStream(true).start();
    var text = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(asked.waitFor()).isZero();
    return text;
  }

  /** Times of day stand for themselves. */
  private static String masked(String text) {
    return text.replaceAll("[0-9]{2}:[0-9]{2}:[0-9]{2}", "HH:MM:SS")
        .replaceAll("[0-9]{4}-[0-9]{2}-[0-9]{2}", "DATE")
        .replaceAll("timer: ( *)[0-9]+/", "timer: $1n/");
  }

  @Test
  void theRealClientReadsEveryReport(@TempDir Path folder) throws Exception {
    var manifests = Clusters.text("/dev/aviary/emulator/demo/cluster.yaml");
    try (var cluster = Clusters.start(manifests, new ClusterOptions(0, false, 1, Map.of()));
        var _ = BirdSockets.start(cluster, folder)) {
      var socket = folder.resolve("master.ctl");
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> birdc(socket, "show", "protocols").contains("Established"));
      assertThat(masked(birdc(socket, "show", "protocols")))
          .isEqualTo(
              """
              BIRD v0.3.3+birdv1.6.8 ready.
              name     proto    table    state  since       info
              static1  Static   master   up     HH:MM:SS\s\s\s\s
              kernel1  Kernel   master   up     HH:MM:SS\s\s\s\s
              device1  Device   master   up     HH:MM:SS\s\s\s\s
              direct1  Direct   master   up     HH:MM:SS\s\s\s\s
              Mesh_192_168_43_153 BGP      master   up     HH:MM:SS    Established\s\s\s
              """);
      assertThat(birdc(socket, "show", "status")).contains("Daemon is up and running");
      assertThat(masked(birdc(socket, "show", "route", "10.244.166.128/26", "all")))
          .isEqualTo(
              """
              BIRD v0.3.3+birdv1.6.8 ready.
              10.244.166.128/26  via 192.168.43.153 on ens33 [Mesh_192_168_43_153 HH:MM:SS] * (100/0) [i]
              \tType: BGP unicast univ
              \tBGP.origin: IGP
              \tBGP.as_path:\s
              \tBGP.next_hop: 192.168.43.153
              \tBGP.local_pref: 100
              """);
      assertThat(masked(birdc(socket, "show", "route", "export", "Mesh_192_168_43_153", "all")))
          .isEqualTo(
              """
              BIRD v0.3.3+birdv1.6.8 ready.
              10.244.219.64/26   blackhole [static1 HH:MM:SS] * (200)
              \tType: static unicast univ
              \tBGP.origin: IGP
              \tBGP.as_path:\s
              \tBGP.next_hop: 192.168.43.152
              \tBGP.local_pref: 100
              """);
      assertThat(masked(birdc(socket, "show", "protocols", "all", "Mesh_192_168_43_153")))
          .contains(
              "    Neighbor caps:    refresh enhanced-refresh restart-able llgr-aware AS4"
                  + " add-path-rx add-path-tx\n"
                  + "    Session:          internal multihop AS4 add-path-rx add-path-tx\n"
                  + "    Source address:   192.168.43.152\n"
                  + "    Hold timer:       n/240\n"
                  + "    Keepalive timer:  n/80\n");
      assertThat(birdc(socket, "-r", "disable", "Mesh_192_168_43_153")).contains("Access denied");
      assertThat(birdc(socket, "disable", "Mesh_192_168_43_153"))
          .contains("Mesh_192_168_43_153: disabled");
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> birdc(socket, "show", "route").lines().noneMatch(l -> l.contains("Mesh_")));
      assertThat(birdc(socket, "show", "route", "for", "10.244.166.130"))
          .contains("via 192.168.43.2 on ens33 [kernel1 ");
      assertThat(birdc(socket, "enable", "Mesh_192_168_43_153"))
          .contains("Mesh_192_168_43_153: enabled");
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> birdc(socket, "show", "route").contains("[Mesh_"));
      assertThat(birdc(socket, "show", "route", "table", "nosuch"))
          .contains("nosuch is not a table");
      assertThat(Clusters.exec(cluster, "master", "birdc show route count"))
          .contains(" networks\n");
    }
  }

  @Test
  void theClientOfBird2ReadsANodeThatIsBird2(@TempDir Path folder) throws Exception {
    var manifests =
        Clusters.text("/dev/aviary/emulator/demo/cluster.yaml")
            .replace("- name: node1\n", "- name: node1\n      behavior: bird-2.0\n");
    try (var cluster = Clusters.start(manifests, new ClusterOptions(0, false, 1, Map.of()));
        var _ = BirdSockets.start(cluster, folder)) {
      var socket = folder.resolve("node1.ctl");
      await()
          .atMost(Duration.ofSeconds(60))
          .until(() -> client("bird2", socket, "show", "protocols").contains("Established"));
      assertThat(
              client("bird2", socket, "show", "route", "where", "source = RTS_BGP")
                  .replaceAll("[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}", "TIME"))
          .isEqualTo(
              """
              BIRD 2.0.12 ready.
              Table master4:
              10.244.219.64/26     unicast [Mesh_192_168_43_152 TIME] * (100) [i]
              \tvia 192.168.43.152 on ens33
              """);
      assertThat(client("bird2", socket, "show", "status"))
          .contains("Hostname is node1\n")
          .contains("Daemon is up and running\n");
      assertThat(client("bird2", socket, "configure", "check")).contains("Configuration OK\n");
    }
  }

  @Test
  void theExporterScrapesIt(@TempDir Path folder) throws Exception {
    var exporter =
        Peers.unpacked("prometheus-bird-exporter").resolve("usr/bin/prometheus-bird-exporter");
    var manifests = Clusters.text("/dev/aviary/emulator/demo/cluster.yaml");
    try (var cluster = Clusters.start(manifests, new ClusterOptions(0, false, 1, Map.of()));
        var _ = BirdSockets.start(cluster, folder)) {
      int port;
      try (var probe = new java.net.ServerSocket(0)) {
        port = probe.getLocalPort();
      }
      var process =
          new ProcessBuilder(
                  exporter.toString(),
                  "-bird.socket",
                  folder.resolve("master.ctl").toString(),
                  "-bird.ipv6=false",
                  "-web.listen-address",
                  "127.0.0.1:" + port)
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("exporter.log").toFile())
              .start();
      try {
        var up =
            "bird_protocol_up{export_filter=\"calico_export_to_bgp_peers\",import_filter=\"ACCEPT\","
                + "ip_version=\"4\",name=\"Mesh_192_168_43_153\",proto=\"BGP\",state=\"Established\"} 1";
        await()
            .atMost(Duration.ofSeconds(60))
            .pollInterval(Duration.ofMillis(500))
            .ignoreExceptionsInstanceOf(IOException.class)
            .untilAsserted(() -> assertThat(scrape(port)).contains(up));
        assertThat(scrape(port))
            .containsPattern(
                "bird_protocol_prefix_import_count\\{[^}]*Mesh_192_168_43_153[^}]*} 1");
      } finally {
        process.destroy();
        process.waitFor();
      }
    }
  }

  private static String scrape(int port) throws IOException {
    try (var in =
        java.net.URI.create("http://127.0.0.1:" + port + "/metrics").toURL().openStream()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
