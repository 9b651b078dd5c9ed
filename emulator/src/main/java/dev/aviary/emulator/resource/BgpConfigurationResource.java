package dev.aviary.emulator.resource;

import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Calico's BGPConfiguration, the fields that v3.22 has. */
public record BgpConfigurationResource(
    Metadata metadata,
    Source source,
    Optional<Long> as,
    Optional<Boolean> nodeToNodeMesh,
    Optional<Integer> listenPort,
    String logSeverity,
    List<Prefix> serviceClusterIps,
    List<Prefix> serviceExternalIps,
    List<Prefix> serviceLoadBalancerIps)
    implements Resource {
  public BgpConfigurationResource {
    serviceClusterIps = List.copyOf(serviceClusterIps);
    serviceExternalIps = List.copyOf(serviceExternalIps);
    serviceLoadBalancerIps = List.copyOf(serviceLoadBalancerIps);
  }

  static BgpConfigurationResource read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, false);
    var spec = fields.object("spec");
    var read =
        new BgpConfigurationResource(
            metadata,
            source,
            spec.parsed("asNumber", AsNumbers::parse, AsNumbers.EXPECTED),
            spec.has("nodeToNodeMeshEnabled")
                ? Optional.of(spec.flag("nodeToNodeMeshEnabled", true))
                : Optional.empty(),
            spec.number("listenPort", 1, 65535),
            spec.text("logSeverityScreen", ""),
            cidrs(spec, "serviceClusterIPs"),
            cidrs(spec, "serviceExternalIPs"),
            cidrs(spec, "serviceLoadBalancerIPs"));
    for (var unsupported : List.of("prefixAdvertisements", "communities")) {
      if (spec.has(unsupported)) {
        spec.problem(unsupported, "is not implemented yet");
      }
    }
    spec.done();
    return read;
  }

  private static List<Prefix> cidrs(Fields spec, String name) {
    var found = new ArrayList<Prefix>();
    for (var item : spec.objects(name)) {
      item.required("cidr");
      item.parsed("cidr", Prefix::parse, "a prefix").ifPresent(found::add);
      item.done();
    }
    return found;
  }
}
