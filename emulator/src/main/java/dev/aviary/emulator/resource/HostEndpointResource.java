package dev.aviary.emulator.resource;

import dev.aviary.net.IpAddress;
import java.util.ArrayList;
import java.util.List;

/**
 * Calico's HostEndpoint.
 *
 * @param interfaceName "*" for all, empty to go by {@code expectedIps}
 */
public record HostEndpointResource(
    Metadata metadata,
    Source source,
    String node,
    String interfaceName,
    List<IpAddress> expectedIps,
    List<String> profiles,
    List<NamedPort> ports)
    implements Resource {
  public HostEndpointResource {
    expectedIps = List.copyOf(expectedIps);
    profiles = List.copyOf(profiles);
    ports = List.copyOf(ports);
  }

  /** A port under a name that rules mention. */
  public record NamedPort(String name, Protocol protocol, int port) {}

  static HostEndpointResource read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, false);
    var spec = fields.object("spec");
    var addresses = new ArrayList<IpAddress>();
    for (var text : spec.texts("expectedIPs")) {
      IpAddress.parse(text)
          .ifPresentOrElse(
              addresses::add, () -> spec.problem("expectedIPs", "'" + text + "' is no IP address"));
    }
    var ports = new ArrayList<NamedPort>();
    for (var port : spec.objects("ports")) {
      var name = port.required("name");
      var protocol = Protocol.read(port, "protocol");
      port.number("port", 1, 65535).ifPresent(n -> ports.add(new NamedPort(name, protocol, n)));
      port.done();
    }
    var read =
        new HostEndpointResource(
            metadata,
            source,
            spec.required("node"),
            spec.text("interfaceName", ""),
            addresses,
            spec.texts("profiles"),
            ports);
    if (read.interfaceName().isEmpty() && addresses.isEmpty()) {
      spec.problem("interfaceName", "no interface or expected IPs have been specified");
    }
    spec.done();
    return read;
  }
}
