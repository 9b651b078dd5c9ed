package dev.aviary.emulator.cluster;

import dev.aviary.emulator.bird.BirdConsole;
import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.emulator.resource.NodeStatusResource;
import dev.aviary.emulator.resource.NodeStatusResource.ReportClass;
import dev.aviary.net.IpFamily;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The status of a CalicoNodeStatus, as calico-node makes it out of what BIRD says. */
final class CalicoNodeStatus {
  private static final String NONE = "N/A";

  /** A line of {@code show route}, as calico-node's expressions take it apart. */
  private static final Pattern ROUTE =
      Pattern.compile(
          "(\\S*)\\s+(?:via (\\S+) on (\\S+)|dev (\\S+)|(blackhole|unreachable)) \\[(\\S+) .*");

  private final CalicoNode node;
  private final Function<IpFamily, BirdConsole> daemons;
  private final Instant now;

  private CalicoNodeStatus(CalicoNode node, Function<IpFamily, BirdConsole> daemons, Instant now) {
    this.node = node;
    this.daemons = daemons;
    this.now = now;
  }

  /**
   * @param daemons a dialog with the daemon of each family
   * @param now when it is asked for
   */
  static Map<String, Object> of(
      CalicoNode node,
      NodeStatusResource wanted,
      Function<IpFamily, BirdConsole> daemons,
      Instant now) {
    var report = new CalicoNodeStatus(node, daemons, now);
    var status = new LinkedHashMap<String, Object>();
    status.put("lastUpdated", now.truncatedTo(java.time.temporal.ChronoUnit.SECONDS).toString());
    status.put(
        "agent", wanted.classes().contains(ReportClass.AGENT) ? report.agent() : emptyAgent());
    status.put("bgp", wanted.classes().contains(ReportClass.BGP) ? report.bgp() : emptyBgp());
    status.put(
        "routes", wanted.classes().contains(ReportClass.ROUTES) ? report.routes() : Map.of());
    return status;
  }

  private static Map<String, Object> emptyAgent() {
    var agent = new LinkedHashMap<String, Object>();
    agent.put("birdV4", Map.of());
    agent.put("birdV6", Map.of());
    return agent;
  }

  private static Map<String, Object> emptyBgp() {
    var bgp = new LinkedHashMap<String, Object>();
    for (var name :
        List.of(
            "numberEstablishedV4",
            "numberNotEstablishedV4",
            "numberEstablishedV6",
            "numberNotEstablishedV6")) {
      bgp.put(name, 0);
    }
    return bgp;
  }

  private Map<String, Object> agent() {
    var agent = new LinkedHashMap<String, Object>();
    agent.put("birdV4", daemon(IpFamily.IPV4));
    agent.put("birdV6", daemon(IpFamily.IPV6));
    return agent;
  }

  private List<String> ask(IpFamily family, String command) {
    return BirdConsole.asClientPrints(daemons.apply(family).answer(command, now)).lines().toList();
  }

  private Map<String, Object> daemon(IpFamily family) {
    var daemon = new LinkedHashMap<String, Object>();
    boolean runs = node.speakerView(family).isPresent();
    daemon.put("state", runs ? "Ready" : "NotReady");
    if (runs) {
      for (var line : ask(family, "show status")) {
        // Only versions that begin so are read.
        said(line, "BIRD ").filter(v -> v.startsWith("v")).ifPresent(v -> daemon.put("version", v));
        said(line, "Router ID is ").ifPresent(id -> daemon.put("routerID", id));
        said(line, "Last reboot on ").ifPresent(at -> daemon.put("lastBootTime", at));
        said(line, "Last reconfiguration on ")
            .ifPresent(at -> daemon.put("lastReconfigurationTime", at));
      }
    }
    return daemon;
  }

  private static Optional<String> said(String line, String start) {
    return line.startsWith(start) ? Optional.of(line.substring(start.length())) : Optional.empty();
  }

  private Map<String, Object> bgp() {
    var bgp = new LinkedHashMap<String, Object>(emptyBgp());
    for (var family : IpFamily.values()) {
      var suffix = family == IpFamily.IPV4 ? "V4" : "V6";
      var rows = NodeStatusReport.of(node).peers(family);
      var peers = new ArrayList<Map<String, Object>>();
      int established = 0;
      for (var row : rows) {
        established += row.state().equals("up") ? 1 : 0;
        peers.add(peer(row));
      }
      bgp.put("numberEstablished" + suffix, established);
      bgp.put("numberNotEstablished" + suffix, rows.size() - established);
      if (!peers.isEmpty()) {
        bgp.put("peers" + suffix, peers);
      }
    }
    return bgp;
  }

  private static Map<String, Object> peer(NodeStatus.PeerRow row) {
    var peer = new LinkedHashMap<String, Object>();
    peer.put("peerIP", row.address());
    peer.put(
        "type",
        switch (row.type()) {
          case "node-to-node mesh" -> "NodeMesh";
          case "global" -> "GlobalPeer";
          default -> "NodePeer";
        });
    var state = row.info().split(" ", -1)[0];
    if (!state.equals("Passive")) {
      peer.put("state", state);
    }
    peer.put("since", row.since());
    return peer;
  }

  private Map<String, Object> routes() {
    var routes = new LinkedHashMap<String, Object>();
    for (var family : IpFamily.values()) {
      var rows = node.speakerView(family).isPresent() ? routes(family) : List.of();
      if (!rows.isEmpty()) {
        routes.put(family == IpFamily.IPV4 ? "routesV4" : "routesV6", rows);
      }
    }
    return routes;
  }

  /** None at all if one comes from a protocol that calico-node does not know by its name. */
  private List<Map<String, Object>> routes(IpFamily family) {
    var rows = new ArrayList<Map<String, Object>>();
    var destination = "";
    for (var line : ask(family, "show route")) {
      var route = ROUTE.matcher(line);
      if (!route.matches()) {
        continue;
      }
      destination = route.group(1).isEmpty() ? destination : route.group(1);
      var from = source(family, route.group(6));
      if (from.isEmpty()) {
        return List.of();
      }
      var row = new LinkedHashMap<String, Object>();
      row.put("type", line.contains("] *") ? "FIB" : "RIB");
      row.put("destination", destination);
      row.put("gateway", Optional.ofNullable(route.group(2)).orElse(NONE));
      row.put(
          "interface",
          Stream.of(3, 4, 5)
              .map(route::group)
              .filter(java.util.Objects::nonNull)
              .findFirst()
              .orElse(NONE));
      row.put("learnedFrom", from);
      rows.add(row);
    }
    return rows;
  }

  private static Map<String, Object> source(IpFamily family, String protocol) {
    var from = new LinkedHashMap<String, Object>();
    int end = protocol.indexOf('_');
    var kind = end < 0 ? protocol.replaceAll("[0-9]+$", "") : protocol.substring(0, end);
    var type =
        switch (kind) {
          case "kernel" -> "Kernel";
          case "static" -> "Static";
          case "direct" -> "Direct";
          case "Mesh" -> "NodeMesh";
          case "Global", "Node" -> "BGPPeer";
          default -> "";
        };
    if (type.isEmpty()) {
      return from;
    }
    from.put("sourceType", type);
    if (end >= 0) {
      from.put(
          "peerIP", protocol.substring(end + 1).replace('_', family == IpFamily.IPV4 ? '.' : ':'));
    }
    return from;
  }
}
