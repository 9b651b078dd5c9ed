package dev.aviary.felix.calc;

import dev.aviary.net.IpAddress;
import java.util.List;

/** Where a Kubernetes service's traffic can go, as its EndpointSlices say. */
public record ServiceEndpoints(String namespace, String name, List<Endpoint> endpoints) {
  public ServiceEndpoints {
    endpoints = List.copyOf(endpoints);
  }

  /** One address and port. */
  public record Endpoint(IpAddress address, Protocol protocol, int port) {}
}
