package dev.aviary.emulator.cluster;

import dev.aviary.emulator.node.BgpEnvironment;
import dev.aviary.emulator.node.FelixSettings;
import dev.aviary.emulator.node.NodeFacts;
import dev.aviary.emulator.resource.BgpConfigurationResource;
import dev.aviary.emulator.resource.BgpFilterResource;
import dev.aviary.emulator.resource.BgpPeerResource;
import dev.aviary.emulator.resource.FelixConfigurationResource;
import dev.aviary.emulator.resource.IpPoolResource;
import dev.aviary.emulator.resource.NetworkPolicyResource;
import dev.aviary.emulator.resource.Resource;
import dev.aviary.emulator.resource.ResourceLoader;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.emulator.resource.SecretKey;
import dev.aviary.emulator.resource.SecretResource;
import dev.aviary.felix.selector.Selector;
import dev.aviary.felix.selector.SelectorException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/** What keeps a cluster from starting although each of its resources is sound. */
final class ClusterChecks {
  private ClusterChecks() {}

  static void checkOutside(Resources resources, ClusterOptions options) throws ClusterException {
    for (var name : options.outside().keySet()) {
      if (NodeFacts.of(resources).stream().noneMatch(node -> node.name().equals(name))) {
        throw ClusterException.input("--outside: there is no node '" + name + "'");
      }
    }
  }

  /** All that a change of a running cluster's resources must hold to. */
  static void checkEdit(Resources next) throws ClusterException {
    var problems = ResourceLoader.crossCheck(next);
    if (!problems.isEmpty()) {
      throw ClusterException.input(problems.getFirst());
    }
    check(next);
  }

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
    contradictions(resources);
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

  /** Two BGPPeers for the same sessions that want another AS each. */
  private static void contradictions(Resources resources) throws ClusterException {
    var known = new HashMap<String, BgpPeerResource>();
    for (var peer : resources.of(BgpPeerResource.class)) {
      if (peer.peer().isEmpty()) {
        continue;
      }
      var endpoint = peer.peer().get();
      var key =
          String.join(
              "|",
              peer.node(),
              peer.nodeSelector(),
              endpoint.address().toString(),
              endpoint.port().map(String::valueOf).orElse(""));
      var other = known.putIfAbsent(key, peer);
      if (other != null && !other.as().equals(peer.as())) {
        throw refused(
            peer,
            "spec.asNumber",
            "contradicts BGPPeer(%s): the same peer has AS %d there"
                .formatted(other.metadata().name(), other.as().orElse(0L)));
      }
    }
  }

  /** What is allowed and hardly meant: a line each. */
  static List<String> warnings(Resources resources, BgpEnvironment environment) {
    var found = new ArrayList<String>();
    for (var peer : resources.of(BgpPeerResource.class)) {
      peer.password()
          .flatMap(key -> missing(resources, environment, key))
          .ifPresent(text -> found.add(peer.source().problem("spec.password", text).toString()));
      for (var name : peer.filters()) {
        if (resources.find(BgpFilterResource.class, "", name).isEmpty()) {
          found.add(
              peer.source()
                  .problem("spec.filters", "there is no BGPFilter '" + name + "'")
                  .toString());
        }
      }
    }
    for (var config : resources.of(BgpConfigurationResource.class)) {
      config
          .nodeMeshPassword()
          .flatMap(key -> missing(resources, environment, key))
          .ifPresent(
              text -> found.add(config.source().problem("spec.nodeMeshPassword", text).toString()));
    }
    return found;
  }

  private static Optional<String> missing(
      Resources resources, BgpEnvironment environment, SecretKey key) {
    boolean there =
        resources
            .find(SecretResource.class, environment.namespace(), key.name())
            .filter(secret -> secret.values().containsKey(key.key()))
            .isPresent();
    return there
        ? Optional.empty()
        : Optional.of(
            "there is no key '%s' in secret %s/%s: the session has no password"
                .formatted(key.key(), environment.namespace(), key.name()));
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
