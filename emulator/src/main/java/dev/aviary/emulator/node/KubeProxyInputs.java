package dev.aviary.emulator.node;

import dev.aviary.emulator.resource.EndpointsResource;
import dev.aviary.emulator.resource.Metadata;
import dev.aviary.emulator.resource.PodResource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.emulator.resource.ServiceResource;
import dev.aviary.kubeproxy.EndpointSlice;
import dev.aviary.kubeproxy.EndpointSlice.Endpoint;
import dev.aviary.kubeproxy.NodeInput;
import dev.aviary.kubeproxy.Service;
import dev.aviary.kubeproxy.ServiceInputs;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Resources and running pods to what kube-proxy on one node is told. A service with a selector and
 * without Endpoints or EndpointSlices of its own gets the pods that it selects, as Kubernetes'
 * endpoint controller would give it.
 */
final class KubeProxyInputs {
  private KubeProxyInputs() {}

  static ServiceInputs of(Resources resources, NodeFacts node, List<Workload> workloads) {
    var addresses = new ArrayList<String>();
    node.ipv4().ifPresent(i -> addresses.add(i.address().toString()));
    node.ipv6().ifPresent(i -> addresses.add(i.address().toString()));
    var services = resources.of(ServiceResource.class);
    var slices = new ArrayList<EndpointSlice>();
    for (var service : services) {
      var given = given(resources, service);
      for (var endpoints : given) {
        slices.addAll(slices(endpoints));
      }
      if (!service.selector().isEmpty()) {
        for (var family : service.families()) {
          if (isLeftToTheSelector(family, service, given)) {
            slices.addAll(selected(service, family, workloads));
          }
        }
      }
    }
    return new ServiceInputs(
        new NodeInput(node.name(), addresses, node.labels()),
        services.stream().map(KubeProxyInputs::service).toList(),
        slices);
  }

  private static List<EndpointsResource> given(Resources resources, ServiceResource service) {
    return resources.of(EndpointsResource.class).stream()
        .filter(e -> e.metadata().namespace().equals(service.metadata().namespace()))
        .filter(e -> e.service().equals(service.metadata().name()))
        .toList();
  }

  /** Endpoints speak for the primary family only; a slice speaks for its own. */
  private static boolean isLeftToTheSelector(
      IpFamily family, ServiceResource service, List<EndpointsResource> given) {
    return given.isEmpty()
        || (family != service.families().getFirst()
            && given.stream().noneMatch(e -> e.families().contains(family)));
  }

  private static Service service(ServiceResource service) {
    Metadata metadata = service.metadata();
    return new Service(
        metadata.namespace(),
        metadata.name(),
        switch (service.type()) {
          case CLUSTER_IP -> Service.Type.CLUSTER_IP;
          case NODE_PORT -> Service.Type.NODE_PORT;
          case LOAD_BALANCER -> Service.Type.LOAD_BALANCER;
          case EXTERNAL_NAME -> Service.Type.EXTERNAL_NAME;
        },
        service.headless()
            ? List.of("None")
            : service.clusterIps().stream().map(IpAddress::toString).toList(),
        service.externalIps().stream().map(IpAddress::toString).toList(),
        service.loadBalancerIngress().stream()
            .map(ip -> new Service.Ingress(ip.toString(), true))
            .toList(),
        service.loadBalancerSourceRanges().stream().map(Object::toString).toList(),
        service.ports().stream()
            .map(p -> new Service.Port(p.name(), p.protocol().name(), p.port(), p.nodePort()))
            .toList(),
        service.externalTrafficLocal(),
        service.internalTrafficLocal(),
        service.healthCheckNodePort().orElse(0),
        service.sessionAffinitySeconds().map(Duration::ofSeconds),
        metadata.labels(),
        metadata.annotations());
  }

  private static List<EndpointSlice> slices(EndpointsResource endpoints) {
    var found = new ArrayList<EndpointSlice>();
    int index = 0;
    for (var subset : endpoints.subsets()) {
      for (var family : IpFamily.values()) {
        var members =
            subset.addresses().stream()
                .filter(a -> a.address().family() == family)
                .map(
                    a ->
                        new Endpoint(
                            a.address().toString(),
                            a.node().orElse(""),
                            Optional.of(a.ready()),
                            Optional.of(a.serving()),
                            Optional.of(a.terminating()),
                            List.of()))
                .toList();
        if (!members.isEmpty()) {
          found.add(
              new EndpointSlice(
                  endpoints.metadata().namespace(),
                  endpoints.service(),
                  endpoints.metadata().name() + "-" + index++,
                  family,
                  members,
                  subset.ports().stream()
                      .map(p -> new EndpointSlice.Port(p.name(), p.protocol().name(), p.port()))
                      .toList()));
        }
      }
    }
    return found;
  }

  /** One slice for each set of port numbers that the selected pods resolve the ports to. */
  private static List<EndpointSlice> selected(
      ServiceResource service, IpFamily family, List<Workload> workloads) {
    var byPorts = new LinkedHashMap<List<EndpointSlice.Port>, List<Endpoint>>();
    for (var workload : workloads) {
      var pod = workload.pod();
      boolean selected =
          pod.metadata().namespace().equals(service.metadata().namespace())
              && pod.metadata().labels().entrySet().containsAll(service.selector().entrySet());
      if (!selected) {
        continue;
      }
      boolean ready = pod.ready() || service.publishNotReadyAddresses();
      for (var address : workload.addresses()) {
        if (address.family() == family) {
          byPorts
              .computeIfAbsent(ports(service, pod), _ -> new ArrayList<>())
              .add(
                  new Endpoint(
                      address.toString(),
                      pod.node(),
                      Optional.of(ready),
                      Optional.of(ready),
                      Optional.of(false),
                      List.of()));
        }
      }
    }
    var found = new ArrayList<EndpointSlice>();
    for (Map.Entry<List<EndpointSlice.Port>, List<Endpoint>> entry : byPorts.entrySet()) {
      found.add(
          new EndpointSlice(
              service.metadata().namespace(),
              service.metadata().name(),
              service.metadata().name() + "-" + found.size(),
              family,
              entry.getValue(),
              entry.getKey()));
    }
    return found;
  }

  private static List<EndpointSlice.Port> ports(ServiceResource service, PodResource pod) {
    var found = new ArrayList<EndpointSlice.Port>();
    for (var port : service.ports()) {
      Optional<Integer> number =
          port.targetPort().chars().allMatch(Character::isDigit)
              ? Optional.of(Integer.parseInt(port.targetPort()))
              : pod.ports().stream()
                  .filter(p -> p.name().equals(port.targetPort()))
                  .filter(p -> p.protocol() == port.protocol())
                  .map(PodResource.ContainerPort::port)
                  .findFirst();
      number.ifPresent(
          n -> found.add(new EndpointSlice.Port(port.name(), port.protocol().name(), n)));
    }
    return found;
  }
}
