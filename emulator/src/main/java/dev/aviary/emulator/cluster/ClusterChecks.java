package dev.aviary.emulator.cluster;

import dev.aviary.emulator.node.FelixSettings;
import dev.aviary.emulator.node.NodeFacts;
import dev.aviary.emulator.resource.BgpFilterResource;
import dev.aviary.emulator.resource.BgpPeerResource;
import dev.aviary.emulator.resource.FelixConfigurationResource;
import dev.aviary.emulator.resource.IpPoolResource;
import dev.aviary.emulator.resource.NetworkPolicyResource;
import dev.aviary.emulator.resource.Resource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.emulator.resource.TopologyResource;
import dev.aviary.felix.selector.Selector;
import dev.aviary.felix.selector.SelectorException;

/** What keeps a cluster from starting although each of its resources is sound. */
final class ClusterChecks {
  private ClusterChecks() {}

  static void check(Resources resources) throws ClusterException {
    var nodes = NodeFacts.of(resources);
    if (nodes.stream().noneMatch(node -> node.ipv4().isPresent())) {
      throw ClusterException.input(
          "no node with an IPv4 address: give a Node its spec.bgp.ipv4Address");
    }
    for (var pool : resources.of(IpPoolResource.class)) {
      selector(pool, "spec.nodeSelector", pool.nodeSelector());
    }
    for (var peer : resources.of(BgpPeerResource.class)) {
      peer(peer);
    }
    for (var filter : resources.of(BgpFilterResource.class)) {
      var dead = filter.deadRules();
      if (!dead.isEmpty()) {
        throw ClusterException.input(dead.getFirst());
      }
    }
    for (var policy : resources.of(NetworkPolicyResource.class)) {
      selector(policy, "spec.selector", policy.selector());
    }
    for (var node : nodes) {
      for (var problem : FelixSettings.problems(resources, node.name())) {
        var source = resources.of(FelixConfigurationResource.class).stream().findFirst();
        throw source.isPresent()
            ? refused(source.get(), "spec", problem)
            : ClusterException.input(problem);
      }
    }
  }

  /** What a running cluster cannot follow. */
  static void checkChange(Resources before, Resources next) throws ClusterException {
    var old = before.of(TopologyResource.class);
    for (var topology : next.of(TopologyResource.class)) {
      if (old.stream().noneMatch(t -> t.sameAs(topology))) {
        throw refused(topology, "spec", "cables cannot be laid anew while the cluster runs");
      }
    }
    if (next.of(TopologyResource.class).size() < old.size()) {
      throw refused(old.getFirst(), "spec", "cables cannot be taken away while the cluster runs");
    }
  }

  private static void peer(BgpPeerResource peer) throws ClusterException {
    selector(peer, "spec.nodeSelector", peer.nodeSelector());
    selector(peer, "spec.peerSelector", peer.peerSelector());
    if (peer.peer().isPresent() && peer.as().isEmpty()) {
      throw refused(peer, "spec.asNumber", "is required with peerIP: BIRD refuses AS 0");
    }
  }

  private static void selector(Resource resource, String field, String selector)
      throws ClusterException {
    try {
      Selector.parse(selector);
    } catch (SelectorException e) {
      throw refused(resource, field, "'" + selector + "': " + e.getMessage());
    }
  }

  private static ClusterException refused(Resource resource, String field, String text) {
    return ClusterException.input(resource.source().problem(field, text));
  }
}
