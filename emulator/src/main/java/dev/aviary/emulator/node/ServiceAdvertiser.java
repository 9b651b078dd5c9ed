package dev.aviary.emulator.node;

import dev.aviary.emulator.resource.BgpConfigurationResource;
import dev.aviary.emulator.resource.Cidr;
import dev.aviary.emulator.resource.EndpointsResource;
import dev.aviary.emulator.resource.PodResource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.emulator.resource.ServiceResource;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** Which prefixes of services a node announces, and which never go into its kernel. */
final class ServiceAdvertiser {
  private static final String EXCLUDED = "node.kubernetes.io/exclude-from-external-load-balancers";

  private final Resources resources;
  private final NodeFacts node;
  private final CalicoVersion version;
  private final String kubernetesNode;
  private final List<Cidr> cluster;
  private final List<Cidr> external;
  private final List<Cidr> loadBalancer;
  private final boolean aggregate;

  ServiceAdvertiser(
      Resources resources, NodeFacts node, CalicoVersion version, BgpEnvironment environment) {
    this.resources = resources;
    this.node = node;
    this.version = version;
    this.kubernetesNode = environment.kubernetesNode().orElse(node.name());
    var config = NodeFacts.defaults(resources);
    var told = environment.advertiseClusterIps().flatMap(Cidr::parse);
    this.cluster =
        told.map(List::of)
            .orElseGet(
                () -> config.map(BgpConfigurationResource::serviceClusterIps).orElse(List.of()));
    this.external = config.map(BgpConfigurationResource::serviceExternalIps).orElse(List.of());
    this.loadBalancer =
        config.map(BgpConfigurationResource::serviceLoadBalancerIps).orElse(List.of());
    this.aggregate = config.map(BgpConfigurationResource::aggregateLoadBalancerIps).orElse(true);
  }

  /** One backend of a service; any family where it is not known yet. */
  private record Endpoint(Optional<IpFamily> family, boolean ready, Optional<String> node) {}

  /** The configured prefixes that are announced whole, and kept out of the kernel. */
  List<Cidr> rejected(IpFamily family) {
    var found = new TreeMap<String, Cidr>();
    put(cluster, _ -> true, found);
    switch (version) {
      case V3_22 -> {
        put(external, _ -> true, found);
        put(loadBalancer, _ -> true, found);
      }
      case MASTER -> {
        put(external, cidr -> !cidr.prefix().isHost(), found);
        put(loadBalancer, cidr -> aggregate && !cidr.prefix().isHost(), found);
      }
    }
    return of(family, found.values());
  }

  private static void put(List<Cidr> cidrs, Predicate<Cidr> which, Map<String, Cidr> into) {
    cidrs.stream().filter(which).forEach(cidr -> into.put(cidr.key(), cidr));
  }

  private static List<Cidr> of(IpFamily family, Collection<Cidr> cidrs) {
    return cidrs.stream().filter(c -> c.prefix().family() == family).toList();
  }

  /** What the node announces, in the order of keys. */
  List<Cidr> advertised(IpFamily family) {
    if ("true".equals(node.labels().get(EXCLUDED))) {
      return List.of();
    }
    var found = new TreeMap<String, Cidr>();
    put(rejected(family), _ -> true, found);
    for (var service : resources.of(ServiceResource.class)) {
      if (isAdvertised(service)) {
        for (var address : addresses(service)) {
          var cidr = Cidr.of(address.toPrefix());
          found.put(cidr.key(), cidr);
        }
      }
    }
    return of(family, found.values());
  }

  /** The configured load balancer prefixes, as they stand. */
  List<Cidr> loadBalancerCidrs(IpFamily family) {
    return of(family, loadBalancer);
  }

  /** The configured external prefixes, as they stand. */
  List<Cidr> externalCidrs(IpFamily family) {
    return of(family, external);
  }

  private boolean isAdvertised(ServiceResource service) {
    if (service.type() == ServiceResource.Type.EXTERNAL_NAME || service.clusterIps().isEmpty()) {
      return false;
    }
    var endpoints = endpoints(service);
    return switch (version) {
      case V3_22 ->
          service.externalTrafficLocal()
              && hasLocal(endpoints, List.of(service.clusterIps().getFirst().family()));
      case MASTER -> !endpoints.isEmpty() && isAdvertised(service, endpoints);
    };
  }

  private boolean isAdvertised(ServiceResource service, List<Endpoint> endpoints) {
    var families = service.clusterIps().stream().map(IpAddress::family).distinct().toList();
    if (service.externalTrafficLocal()) {
      return hasLocal(endpoints, families);
    }
    if (hasExternalTrafficPolicy(service)
        && (hasSingleLoadBalancerIp(service)
            || service.externalIps().stream().anyMatch(a -> isSingle(a, external)))) {
      return true;
    }
    return !aggregate && endpoints.stream().anyMatch(e -> isReady(e, families));
  }

  /** Kubernetes fills the policy in for whatever can be reached from outside. */
  private static boolean hasExternalTrafficPolicy(ServiceResource service) {
    return service.type() != ServiceResource.Type.CLUSTER_IP || !service.externalIps().isEmpty();
  }

  private boolean hasSingleLoadBalancerIp(ServiceResource service) {
    return service.type() == ServiceResource.Type.LOAD_BALANCER
        && (service.loadBalancerIp().filter(a -> isSingle(a, loadBalancer)).isPresent()
            || service.loadBalancerIngress().stream().anyMatch(a -> isSingle(a, loadBalancer)));
  }

  private static boolean isSingle(IpAddress address, List<Cidr> cidrs) {
    return cidrs.stream().anyMatch(c -> c.prefix().isHost() && c.prefix().contains(address));
  }

  private boolean hasLocal(List<Endpoint> endpoints, List<IpFamily> families) {
    return endpoints.stream()
        .anyMatch(e -> isReady(e, families) && e.node().equals(Optional.of(kubernetesNode)));
  }

  private static boolean isReady(Endpoint endpoint, List<IpFamily> families) {
    return endpoint.ready() && endpoint.family().filter(f -> !families.contains(f)).isEmpty();
  }

  private List<IpAddress> addresses(ServiceResource service) {
    var found = new ArrayList<IpAddress>();
    if (!cluster.isEmpty()) {
      switch (version) {
        case V3_22 -> found.add(service.clusterIps().getFirst());
        case MASTER -> found.addAll(service.clusterIps());
      }
    }
    addInside(service.externalIps(), external, found);
    addInside(service.loadBalancerIngress(), loadBalancer, found);
    return found;
  }

  private static void addInside(List<IpAddress> addresses, List<Cidr> cidrs, List<IpAddress> into) {
    for (var address : addresses) {
      if (cidrs.stream().anyMatch(cidr -> cidr.prefix().contains(address))) {
        into.add(address);
      }
    }
  }

  /** Those that were written down, else the pods that the service selects. */
  private List<Endpoint> endpoints(ServiceResource service) {
    var found = new ArrayList<Endpoint>();
    boolean given = false;
    for (var endpoints : resources.of(EndpointsResource.class)) {
      if (endpoints.metadata().namespace().equals(service.metadata().namespace())
          && endpoints.service().equals(service.metadata().name())) {
        given = true;
        endpoints.subsets().stream()
            .flatMap(subset -> subset.addresses().stream())
            .forEach(
                a ->
                    found.add(
                        new Endpoint(Optional.of(a.address().family()), a.ready(), a.node())));
      }
    }
    if (!given && !service.selector().isEmpty()) {
      for (var pod : resources.of(PodResource.class)) {
        if (pod.metadata().namespace().equals(service.metadata().namespace())
            && !pod.finished()
            && pod.metadata().labels().entrySet().containsAll(service.selector().entrySet())) {
          found.add(new Endpoint(Optional.empty(), true, Optional.of(pod.node())));
        }
      }
    }
    return found;
  }
}
