package dev.aviary.kubeproxy;

import dev.aviary.net.IpFamily;
import java.util.List;
import java.util.Optional;

/** Endpoints of a service, the fields that kube-proxy looks at. */
public record EndpointSlice(
    String namespace,
    String service,
    String name,
    IpFamily family,
    List<Endpoint> endpoints,
    List<Port> ports) {
  public EndpointSlice {
    endpoints = List.copyOf(endpoints);
    ports = List.copyOf(ports);
  }

  /** Where a service's traffic can go; {@code nodeName} may be empty, conditions may be missing. */
  public record Endpoint(
      String address,
      String nodeName,
      Optional<Boolean> ready,
      Optional<Boolean> serving,
      Optional<Boolean> terminating,
      List<String> zoneHints) {
    public Endpoint {
      zoneHints = List.copyOf(zoneHints);
    }

    /** One that takes traffic. */
    public static Endpoint ready(String address, String nodeName) {
      return new Endpoint(
          address, nodeName, Optional.of(true), Optional.empty(), Optional.empty(), List.of());
    }
  }

  /** A port of all endpoints; {@code protocol} is "TCP", "UDP" or "SCTP". */
  public record Port(String name, String protocol, int port) {}
}
