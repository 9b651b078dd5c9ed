package dev.aviary.emulator.resource;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Calico's BGPConfiguration.
 *
 * @param prefixAdvertisements empty if the field is not there, which differs from an empty list
 * @param programClusterRoutes whose routes BIRD programs (from v3.32), as it was written
 */
public record BgpConfigurationResource(
    Metadata metadata,
    Source source,
    Optional<Long> as,
    Optional<Boolean> nodeToNodeMesh,
    Optional<Integer> listenPort,
    boolean bindToNodeIp,
    String logSeverity,
    Map<String, String> communities,
    Optional<List<PrefixAdvertisement>> prefixAdvertisements,
    List<Cidr> serviceClusterIps,
    List<Cidr> serviceExternalIps,
    List<Cidr> serviceLoadBalancerIps,
    boolean aggregateLoadBalancerIps,
    Optional<SecretKey> nodeMeshPassword,
    Optional<Duration> nodeMeshMaxRestartTime,
    List<String> ignoredInterfaces,
    Optional<String> programClusterRoutes,
    Optional<Integer> ipv4NormalRoutePriority,
    Optional<Integer> ipv6NormalRoutePriority)
    implements Resource {
  public BgpConfigurationResource {
    communities = java.util.Collections.unmodifiableMap(new TreeMap<>(communities));
    prefixAdvertisements = prefixAdvertisements.map(List::copyOf);
    serviceClusterIps = List.copyOf(serviceClusterIps);
    serviceExternalIps = List.copyOf(serviceExternalIps);
    serviceLoadBalancerIps = List.copyOf(serviceLoadBalancerIps);
    ignoredInterfaces = List.copyOf(ignoredInterfaces);
  }

  /** Routes inside {@code cidr} leave with these communities, given by value or by name. */
  public record PrefixAdvertisement(Cidr cidr, List<String> communities) {
    public PrefixAdvertisement {
      communities = List.copyOf(communities);
    }
  }

  static BgpConfigurationResource read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, false);
    var spec = fields.object("spec");
    var mesh =
        spec.has("nodeToNodeMeshEnabled")
            ? Optional.of(spec.flag("nodeToNodeMeshEnabled", true))
            : Optional.<Boolean>empty();
    var communities = communities(spec);
    var read =
        new BgpConfigurationResource(
            metadata,
            source,
            spec.parsed("asNumber", AsNumbers::parse, AsNumbers.EXPECTED),
            mesh,
            spec.number("listenPort", 1, 65535),
            spec.oneOf("bindMode", List.of("None", "NodeIP")).orElse("None").equals("NodeIP"),
            spec.text("logSeverityScreen", ""),
            communities,
            spec.has("prefixAdvertisements")
                ? Optional.of(prefixAdvertisements(spec, communities))
                : Optional.empty(),
            cidrs(spec, "serviceClusterIPs"),
            cidrs(spec, "serviceExternalIPs"),
            cidrs(spec, "serviceLoadBalancerIPs"),
            !spec.oneOf("serviceLoadBalancerAggregation", List.of("Enabled", "Disabled"))
                .orElse("Enabled")
                .equals("Disabled"),
            SecretKey.read(spec, "nodeMeshPassword"),
            spec.parsed("nodeMeshMaxRestartTime", GoDuration::parse, GoDuration.EXPECTED),
            spec.texts("ignoredInterfaces"),
            spec.text("programClusterRoutes"),
            spec.number("ipv4NormalRoutePriority", 1, Integer.MAX_VALUE),
            spec.number("ipv6NormalRoutePriority", 1, Integer.MAX_VALUE));
    if (!read.communities().isEmpty() && read.prefixAdvertisements().isEmpty()) {
      spec.problem("communities", "need prefixAdvertisements");
    }
    boolean meshOff = mesh.equals(Optional.of(false));
    if (meshOff && read.nodeMeshPassword().isPresent()) {
      spec.problem(
          "nodeMeshPassword",
          "spec.NodeMeshPassword cannot be set if spec.NodeToNodeMesh is disabled");
    }
    if (meshOff && read.nodeMeshMaxRestartTime().isPresent()) {
      spec.problem(
          "nodeMeshMaxRestartTime",
          "spec.NodeMeshMaxRestartTime cannot be set if spec.NodeToNodeMesh is disabled");
    }
    spec.accept("localWorkloadPeeringIPV4", "localWorkloadPeeringIPV6");
    spec.done();
    return read;
  }

  private static Map<String, String> communities(Fields spec) {
    var found = new TreeMap<String, String>();
    for (var item : spec.objects("communities")) {
      var name = item.required("name");
      item.required("value");
      item.parsed("value", BgpCommunity::parse, BgpCommunity.EXPECTED)
          .ifPresent(value -> found.putIfAbsent(name, value.text()));
      item.done();
    }
    return found;
  }

  private static List<PrefixAdvertisement> prefixAdvertisements(
      Fields spec, Map<String, String> communities) {
    var found = new ArrayList<PrefixAdvertisement>();
    for (var item : spec.objects("prefixAdvertisements")) {
      item.required("cidr");
      var names = item.texts("communities");
      for (var name : names) {
        if (BgpCommunity.parse(name).isEmpty() && !communities.containsKey(name)) {
          item.problem("communities", "community '" + name + "' is not defined in communities");
        }
      }
      item.parsed("cidr", Cidr::parse, "a prefix")
          .ifPresent(cidr -> found.add(new PrefixAdvertisement(cidr, names)));
      item.done();
    }
    return found;
  }

  private static List<Cidr> cidrs(Fields spec, String name) {
    var found = new ArrayList<Cidr>();
    for (var item : spec.objects(name)) {
      item.required("cidr");
      item.parsed("cidr", Cidr::parse, "a prefix").ifPresent(found::add);
      item.done();
    }
    return found;
  }
}
