package dev.aviary.emulator.node;

import dev.aviary.bgp.route.Behavior;
import dev.aviary.emulator.resource.BgpConfigurationResource;
import dev.aviary.emulator.resource.KubernetesNodeResource;
import dev.aviary.emulator.resource.NodeResource;
import dev.aviary.emulator.resource.NodeResource.Interface;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.emulator.resource.TopologyResource;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is known of one node of the cluster, from Calico's Node and Kubernetes' together.
 *
 * @param ownAs the AS number that its Node resource gives it, if it gives one
 * @param as the AS number it has: its own or the cluster's
 * @param behavior whose manners its routing daemon has, which the topology says
 */
public record NodeFacts(
    String name,
    Optional<Interface> ipv4,
    Optional<Interface> ipv6,
    Optional<Long> ownAs,
    long as,
    String routeReflectorClusterId,
    Map<String, String> labels,
    Behavior behavior) {
  /** Calico's AS number where nothing says otherwise. */
  public static final long DEFAULT_AS = 64512;

  public NodeFacts {
    labels = Map.copyOf(labels);
  }

  /** All nodes, in the order of their names. */
  public static List<NodeFacts> of(Resources resources) {
    var names = new TreeSet<String>();
    resources.of(NodeResource.class).forEach(n -> names.add(n.metadata().name()));
    resources.of(KubernetesNodeResource.class).forEach(n -> names.add(n.metadata().name()));
    long clusterAs = clusterAs(resources);
    var facts = new ArrayList<NodeFacts>();
    for (var name : names) {
      facts.add(of(resources, name, clusterAs));
    }
    return List.copyOf(facts);
  }

  private static NodeFacts of(Resources resources, String name, long clusterAs) {
    var calico = resources.find(NodeResource.class, "", name);
    var kubernetes = resources.find(KubernetesNodeResource.class, "", name);
    var labels = new TreeMap<String, String>();
    kubernetes.ifPresent(n -> labels.putAll(n.metadata().labels()));
    calico.ifPresent(n -> labels.putAll(n.metadata().labels()));
    var ownAs = calico.flatMap(NodeResource::as);
    return new NodeFacts(
        name,
        calico.flatMap(NodeResource::ipv4).or(() -> internal(kubernetes, IpFamily.IPV4)),
        calico.flatMap(NodeResource::ipv6).or(() -> internal(kubernetes, IpFamily.IPV6)),
        ownAs,
        ownAs.orElse(clusterAs),
        calico.map(NodeResource::routeReflectorClusterId).orElse(""),
        labels,
        behavior(resources, name));
  }

  private static Behavior behavior(Resources resources, String node) {
    var daemon =
        resources.of(TopologyResource.class).stream()
            .flatMap(topology -> topology.nodes().stream())
            .filter(wiring -> wiring.name().equals(node))
            .map(TopologyResource.NodeWiring::behavior)
            .findFirst()
            .orElse(TopologyResource.Daemon.BIRD_16);
    return switch (daemon) {
      case BIRD_16 -> Behavior.BIRD_16;
      case BIRD_20 -> Behavior.BIRD_20;
    };
  }

  /** The internal address of a Kubernetes node, as a network of its own. */
  private static Optional<Interface> internal(
      Optional<KubernetesNodeResource> node, IpFamily family) {
    return node.stream()
        .flatMap(n -> n.internalIps().stream())
        .filter(a -> a.family() == family)
        .map(a -> new Interface(a, family == IpFamily.IPV4 ? 24 : 64))
        .findFirst();
  }

  static long clusterAs(Resources resources) {
    return defaults(resources).flatMap(BgpConfigurationResource::as).orElse(DEFAULT_AS);
  }

  static Optional<BgpConfigurationResource> defaults(Resources resources) {
    return resources.find(BgpConfigurationResource.class, "", "default");
  }

  /** Its address of one family. */
  public Optional<IpAddress> address(IpFamily family) {
    return (family == IpFamily.IPV4 ? ipv4 : ipv6).map(Interface::address);
  }

  /** The network around its address. */
  Optional<Prefix> network(IpFamily family) {
    return (family == IpFamily.IPV4 ? ipv4 : ipv6).map(Interface::network);
  }
}
