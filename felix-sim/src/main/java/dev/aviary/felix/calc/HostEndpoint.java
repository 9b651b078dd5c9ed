package dev.aviary.felix.calc;

import dev.aviary.net.IpAddress;
import java.util.List;
import java.util.Map;

/**
 * An interface of a host to which policy applies, known by its name, by {@code "*"} for all, or,
 * where {@code interfaceName} is empty, by an address that it should have.
 */
public record HostEndpoint(
    String host,
    String name,
    String interfaceName,
    List<IpAddress> expectedIps,
    Map<String, String> labels,
    List<String> profiles,
    List<NamedPort> ports) {
  public HostEndpoint {
    expectedIps = List.copyOf(expectedIps);
    labels = Map.copyOf(labels);
    profiles = List.copyOf(profiles);
    ports = List.copyOf(ports);
  }
}
