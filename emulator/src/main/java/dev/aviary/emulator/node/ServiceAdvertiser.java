package dev.aviary.emulator.node;

import dev.aviary.emulator.resource.BgpConfigurationResource;
import dev.aviary.emulator.resource.EndpointsResource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.emulator.resource.ServiceResource;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** Which prefixes of services a node announces, and which never go into its kernel (v3.22). */
final class ServiceAdvertiser {
  private static final String EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers";

  private ServiceAdvertiser() {}

  /** The CIDRs that BGPConfiguration names: the kernel never has routes inside them. */
  static List<Prefix> configured(Resources resources) {
    var found = new ArrayList<Prefix>();
    NodeFacts.defaults(resources)
        .ifPresent(
            config -> {
              found.addAll(config.serviceClusterIps());
              found.addAll(config.serviceExternalIps());
              found.addAll(config.serviceLoadBalancerIps());
            });
    return List.copyOf(found);
  }

  /** What {@code node} announces. */
  static List<Prefix> advertised(Resources resources, NodeFacts node) {
    var config = NodeFacts.defaults(resources).orElse(null);
    if (config == null || "true".equals(node.labels().get(EXCLUDED))) {
      return List.of();
    }
    var found = new TreeSet<Prefix>(configured(resources));
    for (var service : resources.of(ServiceResource.class)) {
      if (service.externalTrafficLocal()
          && !service.clusterIps().isEmpty()
          && hasReadyEndpoint(resources, service, node)) {
        found.addAll(ofService(config, service));
      }
    }
    return List.copyOf(found);
  }

  private static List<Prefix> ofService(BgpConfigurationResource config, ServiceResource service) {
    var found = new ArrayList<Prefix>();
    if (!config.serviceClusterIps().isEmpty()) {
      found.add(service.clusterIps().getFirst().toPrefix());
    }
    addInside(service.externalIps(), config.serviceExternalIps(), found);
    addInside(service.loadBalancerIngress(), config.serviceLoadBalancerIps(), found);
    return found;
  }

  private static void addInside(List<IpAddress> addresses, List<Prefix> cidrs, List<Prefix> into) {
    for (var address : addresses) {
      if (cidrs.stream().anyMatch(cidr -> cidr.contains(address))) {
        into.add(address.toPrefix());
      }
    }
  }

  private static boolean hasReadyEndpoint(
      Resources resources, ServiceResource service, NodeFacts node) {
    var family = service.clusterIps().getFirst().family();
    return resources.of(EndpointsResource.class).stream()
        .filter(e -> e.metadata().namespace().equals(service.metadata().namespace()))
        .filter(e -> e.service().equals(service.metadata().name()))
        .flatMap(e -> e.subsets().stream())
        .flatMap(s -> s.addresses().stream())
        .anyMatch(
            a ->
                a.ready()
                    && a.address().family() == family
                    && a.node().filter(node.name()::equals).isPresent());
  }
}
