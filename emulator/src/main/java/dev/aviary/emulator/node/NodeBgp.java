package dev.aviary.emulator.node;

import dev.aviary.emulator.resource.BgpConfigurationResource;
import dev.aviary.emulator.resource.BgpFilterResource;
import dev.aviary.emulator.resource.BlockAffinityResource.State;
import dev.aviary.emulator.resource.Cidr;
import dev.aviary.emulator.resource.IpPoolResource;
import dev.aviary.emulator.resource.NodeResource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Everything that was decided about BGP on one node, for one family. BIRD's configuration is this
 * as text, and the node's own speaker is this as sessions and policies.
 *
 * @param routerId as text; empty if the node has no IPv4 address and was told none
 * @param network the node's network in this family
 * @param plan empty if the node has no address of the family
 * @param staticRoutes prefixes of services that are announced, in the order of keys
 * @param rejected prefixes of services that never go into the kernel
 * @param pools of the family, in the order of keys
 * @param normalPriority the kernel's metric of routes that are nothing special
 * @param wireguardPeers next hops that WireGuard reaches
 */
public record NodeBgp(
    CalicoVersion version,
    IpFamily family,
    NodeFacts own,
    String routerId,
    boolean routerIdFromHash,
    Optional<ListenPort> listenPort,
    Optional<IpAddress> listenAddress,
    LogLevel logLevel,
    List<String> ignoredInterfaces,
    List<CommunityRule> communities,
    Optional<Prefix> network,
    Optional<PeeringPlan> plan,
    List<NodeBlock> blocks,
    List<Cidr> staticRoutes,
    List<Cidr> rejected,
    List<Cidr> reflectedLoadBalancer,
    List<Cidr> reflectedExternal,
    List<IpPoolResource> pools,
    ClusterRoutes clusterRoutes,
    List<BgpFilterResource> filters,
    int normalPriority,
    List<String> wireguardPeers) {
  private static final int DEFAULT_PRIORITY = 1024;

  /** What LOCAL_PREF and the kernel's metric add up to, from v3.32 on. */
  public static final int PRIORITY_BASE = Integer.MAX_VALUE;

  public NodeBgp {
    ignoredInterfaces = List.copyOf(ignoredInterfaces);
    communities = List.copyOf(communities);
    blocks = List.copyOf(blocks);
    staticRoutes = List.copyOf(staticRoutes);
    rejected = List.copyOf(rejected);
    reflectedLoadBalancer = List.copyOf(reflectedLoadBalancer);
    reflectedExternal = List.copyOf(reflectedExternal);
    pools = List.copyOf(pools);
    filters = List.copyOf(filters);
    wireguardPeers = List.copyOf(wireguardPeers);
  }

  /** How much BIRD is told to log. */
  public enum LogLevel {
    NONE,
    STATES,
    ALL
  }

  /** A port to listen at, and whether the node itself was told so. */
  public record ListenPort(int port, boolean ofNode) {}

  /**
   * Decides everything about BGP on {@code own} for one family.
   *
   * @param blocks all that the node has claimed
   * @param workloads the node's pods that are BGP peers
   */
  public static NodeBgp of(
      Resources resources,
      NodeFacts own,
      IpFamily family,
      CalicoVersion version,
      BgpEnvironment environment,
      List<NodeBlock> blocks,
      List<LocalWorkload> workloads) {
    var defaults = NodeFacts.defaults(resources);
    var services = new ServiceAdvertiser(resources, own, version, environment);
    boolean reflects = version == CalicoVersion.MASTER && !own.routeReflectorClusterId().isEmpty();
    return new NodeBgp(
        version,
        family,
        own,
        routerId(own, environment),
        environment.routerId().filter("hash"::equals).isPresent(),
        listenPort(resources, own),
        defaults.filter(BgpConfigurationResource::bindToNodeIp).flatMap(_ -> own.address(family)),
        logLevel(resources, own),
        defaults.map(BgpConfigurationResource::ignoredInterfaces).orElse(List.of()),
        CommunityRule.of(resources, own.name(), family),
        own.network(family),
        BgpConfigProcessor.plan(resources, own.name(), family, version, environment, workloads),
        blocks.stream()
            .filter(block -> block.cidr().prefix().family() == family)
            .filter(block -> version == CalicoVersion.V3_22 || block.state() != State.PENDING)
            .sorted(Comparator.comparing(block -> block.cidr().key()))
            .toList(),
        services.advertised(family),
        services.rejected(family),
        reflects ? services.loadBalancerCidrs(family) : List.of(),
        reflects ? services.externalCidrs(family) : List.of(),
        pools(resources, family),
        ClusterRoutes.of(resources, version),
        resources.of(BgpFilterResource.class).stream()
            .sorted(Comparator.comparing(filter -> filter.metadata().name()))
            .toList(),
        priority(resources, family),
        wireguardPeers(resources, own, family));
  }

  private static String routerId(NodeFacts own, BgpEnvironment environment) {
    return switch (environment.routerId().orElse("")) {
      case "hash" -> hashed(own.name());
      case "" -> own.address(IpFamily.IPV4).map(IpAddress::toString).orElse("");
      case String told -> told;
    };
  }

  /** The first four octets of the name's SHA-256. */
  private static String hashed(String name) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return new Ipv4Address(java.nio.ByteBuffer.wrap(digest).getInt()).toString();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static Optional<ListenPort> listenPort(Resources resources, NodeFacts own) {
    return BgpConfigProcessor.ofNode(resources, own.name())
        .flatMap(BgpConfigurationResource::listenPort)
        .map(port -> new ListenPort(port, true))
        .or(
            () ->
                NodeFacts.defaults(resources)
                    .flatMap(BgpConfigurationResource::listenPort)
                    .map(port -> new ListenPort(port, false)));
  }

  private static LogLevel logLevel(Resources resources, NodeFacts own) {
    var severity =
        BgpConfigProcessor.ofNode(resources, own.name())
            .map(BgpConfigurationResource::logSeverity)
            .filter(text -> !text.isEmpty())
            .or(() -> NodeFacts.defaults(resources).map(BgpConfigurationResource::logSeverity))
            .orElse("");
    return switch (severity.toLowerCase(Locale.ROOT)) {
      case "", "info" -> LogLevel.STATES;
      case "debug" -> LogLevel.ALL;
      default -> LogLevel.NONE;
    };
  }

  private static List<IpPoolResource> pools(Resources resources, IpFamily family) {
    return resources.of(IpPoolResource.class).stream()
        .filter(pool -> pool.cidr().family() == family)
        .sorted(Comparator.comparing(pool -> Cidr.of(pool.cidr()).key()))
        .toList();
  }

  private static int priority(Resources resources, IpFamily family) {
    return NodeFacts.defaults(resources)
        .flatMap(
            config ->
                family == IpFamily.IPV4
                    ? config.ipv4NormalRoutePriority()
                    : config.ipv6NormalRoutePriority())
        .orElse(DEFAULT_PRIORITY);
  }

  private static List<String> wireguardPeers(Resources resources, NodeFacts own, IpFamily family) {
    boolean here =
        resources
            .find(NodeResource.class, "", own.name())
            .filter(node -> node.wireguard().containsKey(family))
            .isPresent();
    if (!here) {
      return List.of();
    }
    return resources.of(NodeResource.class).stream()
        .filter(node -> !node.metadata().name().equals(own.name()))
        .filter(node -> node.wireguard().containsKey(family))
        .flatMap(node -> (family == IpFamily.IPV4 ? node.ipv4() : node.ipv6()).stream())
        .map(i -> i.address().toString())
        .sorted()
        .toList();
  }

  /** The BGPFilter called {@code name}, if there is one. */
  public Optional<BgpFilterResource> filter(String name) {
    return filters.stream().filter(f -> f.metadata().name().equals(name)).findFirst();
  }
}
