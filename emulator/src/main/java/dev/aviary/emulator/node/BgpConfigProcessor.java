package dev.aviary.emulator.node;

import dev.aviary.emulator.node.PeeringPlan.PeerType;
import dev.aviary.emulator.node.PeeringPlan.PlannedPeer;
import dev.aviary.emulator.resource.BgpConfigurationResource;
import dev.aviary.emulator.resource.BgpPeerResource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.felix.selector.Selector;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Resources to a node's sessions, under confd's rules (v3.22): the mesh, then global peers, then
 * the node's own, then the reverse of those that select nodes as peers.
 */
public final class BgpConfigProcessor {
  private final Resources resources;
  private final List<NodeFacts> nodes;
  private final IpFamily family;

  private BgpConfigProcessor(Resources resources, IpFamily family) {
    this.resources = resources;
    this.nodes = NodeFacts.of(resources);
    this.family = family;
  }

  /** The plan of {@code node} for one family; empty if the node has no address of it. */
  public static Optional<PeeringPlan> plan(Resources resources, String node, IpFamily family) {
    var processor = new BgpConfigProcessor(resources, family);
    return processor.nodes.stream()
        .filter(n -> n.name().equals(node))
        .findFirst()
        .flatMap(n -> n.address(family).map(address -> processor.plan(n, address)));
  }

  private PeeringPlan plan(NodeFacts own, IpAddress address) {
    var peers = new ArrayList<PlannedPeer>(mesh(own, address));
    var configured = new LinkedHashMap<Key, PlannedPeer>();
    globalPeers(own, configured);
    nodePeers(own, configured);
    reversePeers(own, configured);
    configured.values().stream()
        .filter(peer -> !peer.address().equals(address))
        .sorted(
            java.util.Comparator.comparing(PlannedPeer::type)
                .thenComparing(peer -> peer.address() + "-" + peer.port()))
        .forEach(peers::add);
    return new PeeringPlan(
        own.name(),
        address,
        own.as(),
        listenPort(own.name()).orElse(PeeringPlan.DEFAULT_PORT),
        peers);
  }

  private Optional<Integer> listenPort(String node) {
    return resources
        .find(BgpConfigurationResource.class, "", "node." + node)
        .flatMap(BgpConfigurationResource::listenPort)
        .or(() -> NodeFacts.defaults(resources).flatMap(BgpConfigurationResource::listenPort));
  }

  private List<PlannedPeer> mesh(NodeFacts own, IpAddress address) {
    boolean enabled =
        NodeFacts.defaults(resources)
            .flatMap(BgpConfigurationResource::nodeToNodeMesh)
            .orElse(true);
    if (!enabled || !own.routeReflectorClusterId().isEmpty()) {
      return List.of(); // a route reflector never meshes
    }
    var peers = new ArrayList<PlannedPeer>();
    for (var other : nodes) {
      var theirs = other.address(family).orElse(null);
      if (theirs == null || theirs.equals(address) || !other.routeReflectorClusterId().isEmpty()) {
        continue;
      }
      // Compared as texts, as the template does: "10.0.0.10" is less than "10.0.0.9".
      boolean passive = theirs.toString().compareTo(address.toString()) > 0;
      peers.add(
          new PlannedPeer(
              PeerType.MESH,
              theirs,
              listenPort(other.name()).orElse(PeeringPlan.DEFAULT_PORT),
              other.as(),
              passive,
              false,
              "",
              false));
    }
    return peers;
  }

  /** Which session: two resources that mean the same one are one. */
  private record Key(IpAddress address, int port) {}

  private void globalPeers(NodeFacts own, Map<Key, PlannedPeer> into) {
    for (var peer : resources.of(BgpPeerResource.class)) {
      if (peer.node().isEmpty() && peer.nodeSelector().isEmpty()) {
        add(PeerType.GLOBAL, own, expand(peer), into);
      }
    }
  }

  private void nodePeers(NodeFacts own, Map<Key, PlannedPeer> into) {
    for (var peer : resources.of(BgpPeerResource.class)) {
      boolean global = peer.node().isEmpty() && peer.nodeSelector().isEmpty();
      if (!global && isLocal(peer, own)) {
        add(PeerType.NODE, own, expand(peer), into);
      }
    }
  }

  /** A node that a BGPPeer names as the peer gets the sessions too, the other way round. */
  private void reversePeers(NodeFacts own, Map<Key, PlannedPeer> into) {
    for (var peer : resources.of(BgpPeerResource.class)) {
      if (!isRemote(peer, own)) {
        continue;
      }
      var locals = nodes.stream().filter(node -> isLocal(peer, node)).map(this::asPeer).toList();
      add(PeerType.NODE, own, locals.stream().flatMap(Optional::stream).toList(), into);
    }
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
    long as = peer.as().orElse(NodeFacts.clusterAs(resources));
    return peer.peer().isPresent()
        && node.address(family).equals(Optional.of(peer.peer().get().address()))
        && node.as() == as
        && peer.peer()
            .get()
            .port()
            .equals(
                peer.peer().get().port().isPresent() ? listenPort(node.name()) : Optional.empty());
  }

  private static boolean matches(String selector, NodeFacts node) {
    return Selector.of(selector).matches(node.labels());
  }

  /** One session to come, before it is known from which node. */
  private record Remote(
      IpAddress address, int port, long as, String clusterId, boolean keepNextHop) {}

  private Optional<Remote> asPeer(NodeFacts node) {
    return node.address(family)
        .map(
            a ->
                new Remote(
                    a,
                    listenPort(node.name()).orElse(PeeringPlan.DEFAULT_PORT),
                    node.as(),
                    node.routeReflectorClusterId(),
                    false));
  }

  private List<Remote> expand(BgpPeerResource peer) {
    if (!peer.peerSelector().isEmpty()) {
      return nodes.stream()
          .filter(node -> matches(peer.peerSelector(), node))
          .flatMap(node -> asPeer(node).stream())
          .toList();
    }
    var endpoint = peer.peer().orElse(null);
    if (endpoint == null || endpoint.address().family() != family) {
      return List.of();
    }
    long as = peer.as().orElse(NodeFacts.clusterAs(resources));
    int port =
        endpoint
            .port()
            .or(
                () ->
                    nodes.stream()
                        .filter(n -> n.address(family).equals(Optional.of(endpoint.address())))
                        .filter(n -> n.as() == as)
                        .findFirst()
                        .flatMap(n -> listenPort(n.name())))
            .orElse(PeeringPlan.DEFAULT_PORT);
    return List.of(new Remote(endpoint.address(), port, as, "", peer.keepOriginalNextHop()));
  }

  private static void add(
      PeerType type, NodeFacts own, List<Remote> remotes, Map<Key, PlannedPeer> into) {
    for (var remote : remotes) {
      boolean internal = remote.as() == own.as();
      var cluster = own.routeReflectorClusterId();
      boolean client = internal && !cluster.isEmpty() && !cluster.equals(remote.clusterId());
      into.putIfAbsent(
          new Key(remote.address(), remote.port()),
          new PlannedPeer(
              type,
              remote.address(),
              remote.port(),
              remote.as(),
              false,
              client,
              client ? cluster : "",
              remote.keepNextHop() && !internal));
    }
  }
}
