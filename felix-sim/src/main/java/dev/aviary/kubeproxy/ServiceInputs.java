package dev.aviary.kubeproxy;

import java.util.List;

/** Everything that kube-proxy watches, as of one moment. */
public record ServiceInputs(NodeInput node, List<Service> services, List<EndpointSlice> slices) {
  public ServiceInputs {
    services = List.copyOf(services);
    slices = List.copyOf(slices);
  }
}
