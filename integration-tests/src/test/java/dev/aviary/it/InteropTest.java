package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.ClusterOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A real BIRD takes the place of a third node in the mesh. */
class InteropTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final String THIRD_NODE =
      """
      ---
      apiVersion: projectcalico.org/v3
      kind: Node
      metadata: {name: node2}
      spec: {bgp: {ipv4Address: 192.168.43.154/24}}
      """;

  private static int freePort(String address) throws Exception {
    try (var probe = new ServerSocket(0, 1, InetAddress.getByName(address))) {
      return probe.getLocalPort();
    }
  }

  @Test
  void bird168JoinsTheMesh() throws Exception {
    var address = "127.7.0.16";
    int port = freePort(address);
    var listen =
        """
        listen bgp address %s port %d;
        """
            .formatted(address, port);
    meet(Peers.unpacked("bird"), "bird-1.6", address, port, listen, "", "  import all;\n", "");
  }

  @Test
  void bird2JoinsTheMesh() throws Exception {
    var address = "127.7.0.20";
    int port = freePort(address);
    meet(
        Peers.unpacked("bird2"),
        "bird-2",
        address,
        port,
        "",
        "ipv4; ",
        "  strict bind on;\n  ipv4 { import all;\n",
        "  };\n");
  }

  /** The two dialects differ in where they listen and in where a channel's options stand. */
  private static void meet(
      Path files,
      String name,
      String address,
      int port,
      String listen,
      String channel,
      String open,
      String close)
      throws Exception {
    var manifests = Clusters.text("/dev/aviary/emulator/demo/cluster.yaml") + THIRD_NODE;
    var options =
        new ClusterOptions(0, false, 1, Map.of("node2", new InetSocketAddress(address, port)));
    try (var cluster = Clusters.start(manifests, options)) {
      var config =
          new StringBuilder("router id 192.168.43.154;\n" + listen)
              .append("protocol device { scan time 10; }\n")
              .append(
                  "protocol static blocks { %sroute 10.244.104.0/26 %s; }\n"
                      .formatted(channel, "blackhole"))
              .append(
                  """
                  filter to_peer {
                    if source = RTS_STATIC then { bgp_next_hop = 192.168.43.154; accept; }
                    reject;
                  }
                  """);
      for (var node : cluster.nodeNames()) {
        var at = cluster.bgpAddress(node);
        config.append(
            """
            protocol bgp Mesh_%s {
              local %s port %d as 64512;
              neighbor %s port %d as 64512;
              multihop;
              connect delay time 1;
              connect retry time 2;
              error wait time 1,5;
            %s  export filter to_peer;
              add paths on;
            %s}
            """
                .formatted(
                    node,
                    address,
                    port,
                    at.getAddress().getHostAddress(),
                    at.getPort(),
                    open,
                    close));
      }
      var text = config.toString();
      if (name.equals("bird-1.6")) {
        // 1.6 has one listening socket, named above.
        text =
            text.replace(
                "local " + address + " port " + port, "source address " + address + ";\n  local");
      }
      try (var bird = Peers.Bird.start(files, Path.of("target", "interop", name), text)) {
        exchange(cluster, bird);
      }
      await()
          .atMost(PATIENCE)
          .untilAsserted(
              () ->
                  assertThat(Clusters.exec(cluster, "master", "ip route"))
                      .doesNotContain("10.244.104.0/26"));
    }
  }

  private static void exchange(Cluster cluster, Peers.Bird bird) {
    await()
        .atMost(PATIENCE)
        .untilAsserted(
            () -> {
              assertThat(bird.process().isAlive()).isTrue();
              assertThat(bird.birdc("show route"))
                  .contains("10.244.219.64/26")
                  .contains("10.244.166.128/26");
              for (var node : cluster.nodeNames()) {
                assertThat(Clusters.exec(cluster, node, "ip route"))
                    .contains("10.244.104.0/26 via 192.168.43.154 dev ens33 proto bird \n");
                assertThat(cluster.nodeStatus(node).ipv4())
                    .anySatisfy(
                        row -> {
                          assertThat(row.address()).isEqualTo("192.168.43.154");
                          assertThat(row.info()).isEqualTo("Established");
                        });
              }
            });
  }
}
