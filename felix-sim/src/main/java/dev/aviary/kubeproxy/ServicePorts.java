package dev.aviary.kubeproxy;

import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** From services and endpoint slices to service ports. */
final class ServicePorts {
  private final KubeProxyConfig config;

  ServicePorts(KubeProxyConfig config) {
    this.config = config;
  }

  /** The slices of each service of this family, by "namespace/name". */
  Map<String, List<EndpointSlice>> byService(List<EndpointSlice> slices) {
    var byService = new HashMap<String, List<EndpointSlice>>(slices.size() * 2);
    for (var slice : slices) {
      if (slice.family() == config.family()) {
        byService
            .computeIfAbsent(slice.namespace() + "/" + slice.service(), _ -> new ArrayList<>(1))
            .add(slice);
      }
    }
    return byService;
  }

  /** The ports of {@code service}; none where kube-proxy leaves it alone. */
  List<ServicePort> of(Service service, List<EndpointSlice> slices, NodeInput node) {
    if (service.isSkipped()) {
      return List.of();
    }
    var clusterIp = service.clusterIps().stream().filter(this::isOurs).findFirst();
    if (clusterIp.isEmpty()) {
      return List.of();
    }
    var externalIps = service.externalIps().stream().filter(this::isOurs).toList();
    boolean modes = config.isOn(FeatureGate.LOAD_BALANCER_IP_MODE);
    var loadBalancerIps =
        service.loadBalancer().stream()
            .filter(ingress -> !modes || ingress.vip())
            .map(Service.Ingress::ip)
            .filter(this::isOurs)
            .toList();
    var sourceRanges = service.sourceRanges().stream().filter(this::isOurs).toList();
    var ports = new ArrayList<ServicePort>();
    for (var port : service.ports()) {
      ports.add(
          new ServicePort(
              service,
              port,
              clusterIp.get(),
              name(service, port),
              endpoints(port, slices, node),
              externalIps,
              loadBalancerIps,
              sourceRanges));
    }
    return ports;
  }

  private boolean isOurs(String address) {
    return !address.isEmpty() && (address.indexOf(':') >= 0) == (config.family() == IpFamily.IPV6);
  }

  private String name(Service service, Service.Port port) {
    var name = service.namespace() + "/" + service.name();
    // Up to 1.18 the colon stood there even without a name.
    return port.name().isEmpty() && config.version().atLeast(19) ? name : name + ":" + port.name();
  }

  /** In the order of their texts; of equal ones the first, or else a local one. */
  private List<Endpoint> endpoints(Service.Port port, List<EndpointSlice> slices, NodeInput node) {
    var endpoints = new TreeMap<String, Endpoint>();
    for (var slice : slices) {
      for (var slicePort : slice.ports()) {
        if (!slicePort.name().equals(port.name())
            || !slicePort.protocol().equals(port.protocol())) {
          continue;
        }
        for (var given : slice.endpoints()) {
          endpoint(given, slicePort.port(), node)
              .ifPresent(
                  e -> endpoints.merge(e.text(), e, (a, b) -> !a.local() && b.local() ? b : a));
        }
      }
    }
    return List.copyOf(endpoints.values());
  }

  private Optional<Endpoint> endpoint(EndpointSlice.Endpoint given, int port, NodeInput node) {
    boolean ready = given.ready().orElse(true);
    // Before 1.21 an endpoint that isn't ready was no endpoint.
    if (!ready && !config.version().atLeast(21)) {
      return Optional.empty();
    }
    return Optional.of(
        new Endpoint(
            given.address(),
            port,
            given.nodeName().equals(node.name()),
            ready,
            given.serving().orElse(true),
            given.terminating().orElse(false),
            given.zoneHints()));
  }
}
