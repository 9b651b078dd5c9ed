package dev.aviary.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.emulator.cluster.BirdExport;
import dev.aviary.emulator.cluster.Cluster;
import dev.aviary.emulator.cluster.ClusterOptions;
import dev.aviary.emulator.resource.ResourceLoader;
import dev.aviary.emulator.resource.ResourceLoader.Document;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A cluster of four nodes, once with every node emulated and once with a real BIRD in the place of
 * one of them, started from the configuration that was exported for it. Every other node's routes
 * are equal. What is changed in the configuration is where people are: on loopback, nodes are
 * dialled at the addresses that stand for theirs, and nothing is written into the machine's kernel.
 */
class BirdTakesANodesPlaceTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final String NODE = "n3";
  private static final Pattern KERNEL =
      Pattern.compile(
          "protocol kernel [^{]*\\{.*?\\n}\\n|protocol direct [^{]*\\{.*?\\n}\\n", Pattern.DOTALL);

  private static final String MESH =
      """
      apiVersion: projectcalico.org/v3
      kind: BGPConfiguration
      metadata: {name: default}
      spec:
        prefixAdvertisements: [{cidr: 10.244.0.0/16, communities: ["64512:7", "64512:1:2"]}]
        serviceClusterIPs: [{cidr: 10.96.0.0/16}]
      """;

  private static final String RACKS =
      """
      apiVersion: projectcalico.org/v3
      kind: BGPConfiguration
      metadata: {name: default}
      spec: {nodeToNodeMeshEnabled: false}
      ---
      apiVersion: projectcalico.org/v3
      kind: BGPPeer
      metadata: {name: star}
      spec: {nodeSelector: "!has(hub)", peerSelector: has(hub), filters: [f]}
      ---
      apiVersion: projectcalico.org/v3
      kind: BGPFilter
      metadata: {name: f}
      spec:
        importV4: [{action: Reject, matchOperator: In, cidr: 10.245.0.0/16}]
        exportV4:
          - action: Accept
            matchOperator: In
            cidr: 10.246.0.0/16
            operations: [{addCommunity: {value: "64512:9"}}]
      ---
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: second}
      spec: {cidr: 10.245.0.0/16, nodeSelector: has(hub)}
      ---
      apiVersion: projectcalico.org/v3
      kind: IPPool
      metadata: {name: third}
      spec: {cidr: 10.246.0.0/16, nodeSelector: has(third)}
      """;

  /**
   * Four ASes in a row, n4 - n1 - n3 - n2. Which rule of the filter towards n1 takes what came from
   * n2 says whether the filter sees its own AS in the path, and where its AS ends up behind what is
   * prepended says when BIRD puts it there. What NO_EXPORT is added to on the way out is told, and
   * goes no further.
   */
  private static final String ASES =
      """
      apiVersion: projectcalico.org/v3
      kind: BGPConfiguration
      metadata: {name: default}
      spec: {nodeToNodeMeshEnabled: false}
      ---
      apiVersion: projectcalico.org/v3
      kind: BGPPeer
      metadata: {name: n4-n1}
      spec: {node: n4, peerIP: 192.0.2.1, asNumber: 65001}
      ---
      apiVersion: projectcalico.org/v3
      kind: BGPPeer
      metadata: {name: n1-n3}
      spec: {node: n1, peerIP: 192.0.2.3, asNumber: 65003}
      ---
      apiVersion: projectcalico.org/v3
      kind: BGPPeer
      metadata: {name: n3-n1}
      spec: {node: n3, peerIP: 192.0.2.1, asNumber: 65001, filters: [out]}
      ---
      apiVersion: projectcalico.org/v3
      kind: BGPPeer
      metadata: {name: n3-n2}
      spec: {node: n3, peerIP: 192.0.2.2, asNumber: 65002, filters: [far]}
      ---
      apiVersion: projectcalico.org/v3
      kind: BGPFilter
      metadata: {name: out}
      spec:
        exportV4:
          - action: Accept
            asPathPrefix: [65003, 65002]
            operations:
              - {addCommunity: {value: "65003:16"}}
              - {prependASPath: {prefix: [65100, 65101]}}
          - action: Accept
            asPathPrefix: [65002]
            operations:
              - {addCommunity: {value: "65003:20"}}
              - {prependASPath: {prefix: [65100, 65101]}}
          - action: Accept
            asPathPrefix: [65003]
            operations:
              - {addCommunity: {value: "65535:65281"}}
              - {addCommunity: {value: "65003:1:2"}}
          - action: Accept
            matchOperator: In
            cidr: 10.244.0.0/16
            operations: [{addCommunity: {value: "65535:65281"}}]
      ---
      apiVersion: projectcalico.org/v3
      kind: BGPFilter
      metadata: {name: far}
      spec:
        exportV4:
          - action: Reject
            communities: {values: ["65001:4"]}
          - action: Accept
            asPathPrefix: [65003, 65001, 65004]
            operations: [{prependASPath: {prefix: [65003]}}]
          - action: Accept
            asPathPrefix: [65001, 65004]
            operations: [{prependASPath: {prefix: [65003, 65003]}}]
      ---
      apiVersion: aviary.dev/v1
      kind: Topology
      metadata: {name: lan}
      spec: {nodes: [{name: n3, behavior: BEHAVIOR}]}
      """;

  private static String cluster(String rest) {
    var yaml =
        new StringBuilder(
            """
            apiVersion: projectcalico.org/v3
            kind: IPPool
            metadata: {name: pool}
            spec: {cidr: 10.244.0.0/16, nodeSelector: "!has(third)"}
            """);
    for (int i = 1; i <= 4; i++) {
      yaml.append(
          """
          ---
          apiVersion: projectcalico.org/v3
          kind: Node
          metadata: {name: n%1$d, labels: {%2$s}}
          spec: {bgp: {ipv4Address: 192.0.2.%1$d/24%3$s}}
          ---
          apiVersion: v1
          kind: Pod
          metadata: {name: p%1$d}
          spec: {nodeName: n%1$d, containers: [{name: c}]}
          """
              .formatted(
                  i,
                  i == 1 ? "hub: \"yes\"" : i == 3 ? "third: \"yes\"" : "",
                  rest.equals(ASES)
                      ? ", asNumber: 6500" + i
                      : i == 1 && rest.equals(RACKS)
                          ? ", routeReflectorClusterID: 244.0.0.1"
                          : ""));
    }
    return yaml.append("---\n").append(rest).toString();
  }

  @ParameterizedTest
  @CsvSource({"1.6, mesh", "1.6, racks", "1.6, ases", "2.0, mesh", "2.0, racks", "2.0, ases"})
  void everyOtherTableStaysEqual(String spelling, String shape) throws Exception {
    // There is a third pool in the racks only: elsewhere what the third node has comes from the
    // first.
    var shapes = Map.of("mesh", MESH, "racks", RACKS, "ases", ASES);
    var yaml =
        cluster(shapes.getOrDefault(shape, ""))
            .replace("behavior: BEHAVIOR", "behavior: bird-" + spelling)
            .replace(
                shape.equals("racks") ? "\u0000" : "nodeSelector: \"!has(third)\"",
                "nodeSelector: all()");
    List<String> expected;
    List<String> affinities = new ArrayList<>();
    try (var cluster = Clusters.start(yaml, ClusterOptions.onFreePorts())) {
      cluster.awaitConverged();
      cluster.pass(Duration.ofSeconds(2));
      expected = tables(cluster);
      for (var block : blocks(cluster)) {
        affinities.add(block);
      }
    }
    assertThat(affinities).hasSize(1);
    if (shape.equals("ases")) {
      // The cluster does tell the two apart, and what is not to be exported got as far as n1.
      var path = spelling.equals("1.6") ? "65100 65101 65003 65002" : "65003 65100 65101 65002";
      assertThat(expected).anyMatch(line -> line.startsWith("n4 ") && line.contains(path));
      assertThat(expected)
          .anyMatch(line -> line.startsWith("n1 " + affinities.getFirst()))
          .noneMatch(line -> line.startsWith("n4 " + affinities.getFirst()));
    }
    var address = spelling.equals("1.6") ? "127.8.0.16" : "127.8.0.20";
    int port;
    try (var probe = new ServerSocket(0, 1, InetAddress.getByName(address))) {
      port = probe.getLocalPort();
    }
    var options =
        new ClusterOptions(0, false, 1, Map.of(NODE, new InetSocketAddress(address, port)));
    try (var cluster = Clusters.start(yaml, options)) {
      var config = config(cluster, yaml, affinities.getFirst(), spelling, address, port);
      var files = Peers.unpacked(spelling.equals("1.6") ? "bird" : "bird2");
      var folder = Path.of("target", "place", spelling + "-" + shape);
      try (var bird = Peers.Bird.start(files, folder, config)) {
        await()
            .atMost(PATIENCE)
            .pollInterval(Duration.ofSeconds(1))
            .untilAsserted(
                () -> {
                  assertThat(bird.process().isAlive())
                      .as(Files.readString(folder.resolve("bird.log")))
                      .isTrue();
                  assertThat(tables(cluster)).isEqualTo(expected);
                });
      }
    }
  }

  /** Every route of every node but the one, without what differs from run to run. */
  private static List<String> tables(Cluster cluster) {
    var lines = new ArrayList<String>();
    for (var node : cluster.nodeNames()) {
      if (node.equals(NODE)) {
        continue;
      }
      for (var view : cluster.speakerView(node).routes(AfiSafi.IPV4_UNICAST)) {
        var route = view.route();
        lines.add(
            "%s %s%s from %s via %s path %s pref %d %s %s"
                .formatted(
                    node,
                    route.prefix(),
                    view.best() ? " *" : "",
                    route.source().name(),
                    route.attributes().nextHop().map(Object::toString).orElse("-"),
                    route.attributes().asPath(),
                    route.attributes().localPrefOrDefault(),
                    route.attributes().communities(),
                    route.attributes().largeCommunities()));
      }
      lines.add(node + "\n" + Clusters.exec(cluster, node, "ip route"));
    }
    lines.sort(null);
    return lines;
  }

  private static List<String> blocks(Cluster cluster) {
    return cluster.speakerView(NODE).routes(AfiSafi.IPV4_UNICAST).stream()
        .map(view -> view.route())
        .filter(route -> route.source().name().equals("static1"))
        .map(route -> route.prefix().toString())
        .filter(prefix -> !prefix.startsWith("10.96."))
        .toList();
  }

  private static String config(
      Cluster cluster, String yaml, String block, String spelling, String address, int port)
      throws Exception {
    var affinity =
        """
        ---
        apiVersion: crd.projectcalico.org/v1
        kind: BlockAffinity
        metadata: {name: %s-block}
        spec: {node: %s, cidr: "%s", state: confirmed}
        """
            .formatted(NODE, NODE, block);
    var loaded =
        ResourceLoader.parse(
            List.of(new Document("c.yaml", yaml), new Document("b.yaml", affinity)));
    var files =
        BirdExport.of(loaded.get().resources(), NODE, ClusterOptions.onFreePorts(), spelling);
    var text =
        files
            .getOrDefault(spelling.equals("2.0") ? "bird.conf" : "bird.cfg", "")
            .replace("include \"bird_aggr.cfg\";", files.getOrDefault("bird_aggr.cfg", ""))
            .replace("include \"bird_ipam.cfg\";", files.getOrDefault("bird_ipam.cfg", ""));
    text = KERNEL.matcher(text).replaceAll("");
    text = text.replaceAll("(?s)protocol direct \\{.*?\\n}\\n", "");
    var standIns = new TreeMap<String, InetSocketAddress>();
    for (var node : cluster.nodeNames()) {
      standIns.put("192.0.2." + node.substring(1), cluster.bgpAddress(node));
    }
    var own = "192.0.2." + NODE.substring(1);
    for (var standIn : standIns.entrySet()) {
      text =
          text.replace(
              "neighbor " + standIn.getKey() + " as",
              "neighbor %s port %d as"
                  .formatted(
                      standIn.getValue().getAddress().getHostAddress(),
                      standIn.getValue().getPort()));
    }
    // The next hop that it says stays the node's own.
    if (spelling.equals("1.6")) {
      text = text.replace("source address " + own, "source address " + address);
      text =
          text.replace(
              "router id " + own + ";",
              "router id %s;\nlisten bgp address %s port %d;".formatted(own, address, port));
      var nextHop =
          "  if source = RTS_STATIC || bgp_next_hop = %s then bgp_next_hop = %s;\n"
              .formatted(address, own);
      text =
          text.replace(
                  "filter calico_export_to_bgp_peers {\n",
                  "filter calico_export_to_bgp_peers {\n" + nextHop)
              .replace("  export filter {\n", "  export filter {\n" + nextHop);
    } else {
      text = text.replace("local " + own + " as", "local %s port %d as".formatted(address, port));
      text =
          text.replace(
              "    export filter {\n",
              "    export filter {\n      if source = RTS_STATIC%s then bgp_next_hop = %s;\n"
                  .formatted(yaml.contains("asNumber: 65003") ? " || source = RTS_BGP" : "", own));
    }
    return text;
  }
}
