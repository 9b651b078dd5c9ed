package dev.aviary.emulator.cluster;

import dev.aviary.bgp.RouteView;
import dev.aviary.bgp.SpeakerView;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.RouteSource;
import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.emulator.node.PeeringPlan.PlannedPeer;
import dev.aviary.emulator.resource.NodeStatusResource;
import dev.aviary.emulator.resource.NodeStatusResource.ReportClass;
import dev.aviary.net.IpFamily;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** The status of a CalicoNodeStatus, as calico-node makes it out of what BIRD says. */
final class CalicoNodeStatus {
  private static final String VERSION = "v0.3.3+birdv1.6.8";
  private static final String NONE = "N/A";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final CalicoNode node;
  private final Instant startedAt;

  private CalicoNodeStatus(CalicoNode node, Instant startedAt) {
    this.node = node;
    this.startedAt = startedAt;
  }

  /**
   * @param now when it is asked for
   * @param startedAt when the node's daemons started
   */
  static Map<String, Object> of(
      CalicoNode node, NodeStatusResource wanted, Instant now, Instant startedAt) {
    var report = new CalicoNodeStatus(node, startedAt);
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

  private Map<String, Object> daemon(IpFamily family) {
    var daemon = new LinkedHashMap<String, Object>();
    var view = node.speakerView(family);
    daemon.put("state", view.isPresent() ? "Ready" : "NotReady");
    view.ifPresent(
        v -> {
          daemon.put("version", VERSION);
          daemon.put("routerID", v.config().identifier().toString());
          daemon.put("lastBootTime", TIME.format(startedAt));
          daemon.put("lastReconfigurationTime", TIME.format(startedAt));
        });
    return daemon;
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
      var rows = node.speakerView(family).map(view -> routes(family, view)).orElse(List.of());
      if (!rows.isEmpty()) {
        routes.put(family == IpFamily.IPV4 ? "routesV4" : "routesV6", rows);
      }
    }
    return routes;
  }

  private List<Map<String, Object>> routes(IpFamily family, SpeakerView view) {
    var peers = node.peersByName(family);
    return view.routes(AfiSafi.unicast(family)).stream()
        .flatMap(route -> route(family, route, peers).stream())
        .toList();
  }

  /** Empty for a neighbor that calico-node would not know by its protocol's name. */
  private Optional<Map<String, Object>> route(
      IpFamily family, RouteView view, Map<String, PlannedPeer> peers) {
    var route = view.route();
    var row = new LinkedHashMap<String, Object>();
    row.put("type", view.best() ? "FIB" : "RIB");
    row.put("destination", route.prefix().toString());
    var from = new LinkedHashMap<String, Object>();
    switch (route.source()) {
      case RouteSource.Local _ -> {
        row.put("gateway", NONE);
        row.put("interface", "blackhole");
        from.put("sourceType", "Static");
      }
      case RouteSource.Learned(var source) -> {
        var peer = peers.get(source.name());
        if (peer == null) {
          return Optional.empty();
        }
        var hop = route.attributes().nextHop().flatMap(h -> node.reach(family, h));
        row.put("gateway", hop.map(h -> h.gateway().toString()).orElse(NONE));
        row.put("interface", hop.map(CalicoNode.Reach::device).orElse("unreachable"));
        switch (peer.type()) {
          case MESH -> from.put("sourceType", "NodeMesh");
          case GLOBAL, NODE -> from.put("sourceType", "BGPPeer");
        }
        from.put("peerIP", peer.address().toString());
      }
    }
    row.put("learnedFrom", from);
    return Optional.of(row);
  }
}
