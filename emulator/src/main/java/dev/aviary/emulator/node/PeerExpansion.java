package dev.aviary.emulator.node;

import dev.aviary.emulator.node.PeeringPlan.Options;
import dev.aviary.emulator.node.PeeringPlan.PeerType;
import dev.aviary.emulator.node.PeeringPlan.PlannedPeer;
import dev.aviary.emulator.node.PeeringPlan.Slot;
import dev.aviary.emulator.resource.BgpConfigurationResource;
import dev.aviary.emulator.resource.BgpPeerResource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.felix.selector.Selector;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * BGPPeers to the sessions of one node: those of every node first, then the node's own, then the
 * other way round for those that name the node as the peer. The first that means a session wins.
 */
final class PeerExpansion {
  private final Resources resources;
  private final List<NodeFacts> nodes;
  private final IpFamily family;
  private final CalicoVersion version;
  private final Passwords passwords;
  private final List<LocalWorkload> workloads;

  PeerExpansion(
      Resources resources,
      List<NodeFacts> nodes,
      IpFamily family,
      CalicoVersion version,
      Passwords passwords,
      List<LocalWorkload> workloads) {
    this.resources = resources;
    this.nodes = nodes;
    this.family = family;
    this.version = version;
    this.passwords = passwords;
    this.workloads = workloads;
  }

  /** One session to come, before it is known from which node. */
  private record Remote(
      IpAddress address,
      Optional<Integer> port,
      long as,
      String clusterId,
      boolean calicoNode,
      boolean workload,
      Options options) {

    /** Port 179 and no port are the same session. */
    String key() {
      return address + port.filter(p -> p != PeeringPlan.DEFAULT_PORT).map(p -> "-" + p).orElse("");
    }
  }

  List<Slot> slots(NodeFacts own, IpAddress address) {
    var global = new TreeMap<String, Remote>();
    var mine = new TreeMap<String, Remote>();
    for (var peer : resources.of(BgpPeerResource.class)) {
      if (peer.global()) {
        expand(peer).forEach(remote -> global.putIfAbsent(remote.key(), remote));
      }
    }
    for (var peer : resources.of(BgpPeerResource.class)) {
      if (!peer.global() && isLocal(peer, own)) {
        expand(peer).forEach(remote -> addMine(remote, global, mine));
      }
    }
    for (var peer : resources.of(BgpPeerResource.class)) {
      reversed(peer, own).forEach(remote -> addMine(remote, global, mine));
    }
    var slots = new ArrayList<Slot>();
    var path = family == IpFamily.IPV4 ? "/peer_v4/" : "/peer_v6/";
    global.forEach(
        (key, remote) ->
            slots.add(slot(PeerType.GLOBAL, "/global" + path + key, own, address, remote)));
    mine.forEach(
        (key, remote) ->
            slots.add(
                slot(PeerType.NODE, "/host/" + own.name() + path + key, own, address, remote)));
    return slots;
  }

  private static void addMine(Remote remote, Map<String, Remote> global, Map<String, Remote> mine) {
    if (!global.containsKey(remote.key())) {
      mine.putIfAbsent(remote.key(), remote);
    }
  }

  private Slot slot(PeerType type, String key, NodeFacts own, IpAddress address, Remote remote) {
    if (remote.address().equals(address)) {
      return new Slot.Ourselves(type, key);
    }
    boolean internal = remote.as() == remote.options().localAs().orElse(own.as());
    var cluster = own.routeReflectorClusterId();
    boolean client = internal && !cluster.isEmpty() && !cluster.equals(remote.clusterId());
    return new Slot.Session(
        type,
        key,
        new PlannedPeer(
            type,
            remote.address(),
            remote.port(),
            remote.as(),
            isPassive(type, remote, address),
            client,
            client ? cluster : "",
            internal,
            remote.workload(),
            remote.options()));
  }

  /** From v3.23 on a global peer that is a node is dialled from one side only. */
  private boolean isPassive(PeerType type, Remote remote, IpAddress address) {
    if (remote.workload()) {
      return true;
    }
    return switch (version) {
      case V3_22 -> false;
      case MASTER ->
          type == PeerType.GLOBAL
              && remote.calicoNode()
              && BgpConfigProcessor.dialsUs(remote.address(), address);
    };
  }

  private List<Remote> expand(BgpPeerResource peer) {
    if (!peer.localWorkloadSelector().isEmpty()) {
      return localWorkloads(peer);
    }
    if (!peer.peerSelector().isEmpty()) {
      return nodes.stream()
          .filter(node -> matches(peer.peerSelector(), node))
          .flatMap(node -> asPeer(node, peer).stream())
          .toList();
    }
    var endpoint = peer.peer().orElse(null);
    if (endpoint == null || endpoint.address().family() != family) {
      return List.of();
    }
    var port =
        endpoint
            .port()
            .or(
                () ->
                    nodesMeant(peer).stream()
                        .findFirst()
                        .flatMap(n -> BgpConfigProcessor.listenPort(resources, n.name())));
    boolean node =
        nodes.stream().anyMatch(n -> n.address(family).equals(Optional.of(endpoint.address())));
    return List.of(
        new Remote(
            endpoint.address(),
            port,
            peer.as().orElse(0L),
            "",
            node,
            false,
            options(peer, peer.localAs(), peer.allowedLocalAs(), peer.keepOriginalNextHop())));
  }

  private List<Remote> localWorkloads(BgpPeerResource peer) {
    var options =
        new Options(
            false,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            peer.localAs(),
            0,
            false,
            Optional.empty(),
            peer.filters());
    return workloads.stream()
        .filter(workload -> workload.peer().equals(peer.metadata().name()))
        .flatMap(w -> (family == IpFamily.IPV4 ? w.ipv4() : w.ipv6()).stream())
        .map(a -> new Remote(a, Optional.empty(), peer.as().orElse(0L), "", false, true, options))
        .toList();
  }

  /** A node that a BGPPeer names as the peer gets the sessions too, the other way round. */
  private List<Remote> reversed(BgpPeerResource peer, NodeFacts own) {
    if (!peer.reverse() || !peer.localWorkloadSelector().isEmpty() || !isRemote(peer, own)) {
      return List.of();
    }
    return nodes.stream()
        .filter(node -> isLocal(peer, node))
        .flatMap(node -> asPeer(node, peer).stream())
        .toList();
  }

  private boolean isLocal(BgpPeerResource peer, NodeFacts node) {
    if (!peer.node().isEmpty()) {
      return peer.node().equals(node.name());
    }
    return peer.nodeSelector().isEmpty() || matches(peer.nodeSelector(), node);
  }

  private boolean isRemote(BgpPeerResource peer, NodeFacts node) {
    if (!peer.peerSelector().isEmpty()) {
      return matches(peer.peerSelector(), node);
    }
    boolean family =
        version == CalicoVersion.V3_22
            || peer.peer().filter(p -> p.address().family() == this.family).isPresent();
    return family && nodesMeant(peer).contains(node);
  }

  /** The nodes that a peer's address, AS and port are those of. */
  private List<NodeFacts> nodesMeant(BgpPeerResource peer) {
    var endpoint = peer.peer().orElse(null);
    if (endpoint == null) {
      return List.of();
    }
    long as = peer.as().orElse(NodeFacts.clusterAs(resources));
    return nodes.stream()
        .filter(
            node ->
                node.address(endpoint.address().family()).equals(Optional.of(endpoint.address())))
        .filter(node -> node.as() == as)
        .filter(node -> endpoint.port().isEmpty() || listensAt(node, endpoint.port().get()))
        .toList();
  }

  private boolean listensAt(NodeFacts node, int port) {
    var own =
        BgpConfigProcessor.ofNode(resources, node.name())
            .flatMap(BgpConfigurationResource::listenPort);
    if (own.isPresent() && own.get() != port) {
      return false;
    }
    var global = NodeFacts.defaults(resources).flatMap(BgpConfigurationResource::listenPort);
    return global.isEmpty() || global.get() == port;
  }

  private Optional<Remote> asPeer(NodeFacts node, BgpPeerResource peer) {
    boolean keep = version == CalicoVersion.MASTER && peer.keepOriginalNextHop();
    return node.address(family)
        .map(
            a ->
                new Remote(
                    a,
                    BgpConfigProcessor.listenPort(resources, node.name()),
                    node.as(),
                    node.routeReflectorClusterId(),
                    false,
                    false,
                    options(peer, Optional.empty(), 0, keep)));
  }

  private Options options(
      BgpPeerResource peer, Optional<Long> localAs, int allowedLocalAs, boolean keep) {
    return new Options(
        peer.bindNodeIp(),
        peer.maxRestartTime().map(PeerExpansion::wholeSeconds),
        peer.keepaliveTime().map(PeerExpansion::wholeSeconds),
        peer.password().flatMap(passwords::find),
        peer.ttlSecurity(),
        peer.reachableBy(),
        localAs,
        allowedLocalAs,
        keep && peer.nextHopMode().isEmpty(),
        peer.nextHopMode(),
        peer.filters());
  }

  private static boolean matches(String selector, NodeFacts node) {
    return Selector.of(selector).matches(node.labels());
  }

  /** Rounded half up. */
  static int wholeSeconds(Duration duration) {
    return (int) Math.min(Integer.MAX_VALUE, duration.plusMillis(500).toSeconds());
  }
}
