package dev.aviary.emulator.resource;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The backends of a service: Kubernetes' Endpoints, or one EndpointSlice.
 *
 * @param service the name of the service, in the namespace of this resource
 * @param families those that it says something of, be it that there is nobody
 * @param subsets groups of addresses that have the same ports
 */
public record EndpointsResource(
    Metadata metadata, Source source, String service, Set<IpFamily> families, List<Subset> subsets)
    implements Resource {
  private static final String SERVICE_LABEL = "kubernetes.io/service-name";

  public EndpointsResource {
    families = Set.copyOf(families);
    subsets = List.copyOf(subsets);
  }

  /** Addresses, and the ports that each of them has. */
  public record Subset(List<Address> addresses, List<Port> ports) {
    public Subset {
      addresses = List.copyOf(addresses);
      ports = List.copyOf(ports);
    }
  }

  /** One backend; {@code node} is where it runs, if that is known. */
  public record Address(
      IpAddress address,
      boolean ready,
      boolean serving,
      boolean terminating,
      Optional<String> node) {}

  /** A port under the name that the service's port has. */
  public record Port(String name, Protocol protocol, int port) {}

  static EndpointsResource readEndpoints(Fields fields, Source source) {
    var metadata = Metadata.read(fields, true);
    var subsets = new ArrayList<Subset>();
    for (var subset : fields.objects("subsets")) {
      var addresses = new ArrayList<Address>();
      for (var address : subset.objects("addresses")) {
        read(address, true).ifPresent(addresses::add);
      }
      for (var address : subset.objects("notReadyAddresses")) {
        read(address, false).ifPresent(addresses::add);
      }
      subsets.add(new Subset(addresses, ports(subset)));
      subset.done();
    }
    var families = families(subsets.stream().flatMap(subset -> subset.addresses().stream()));
    return new EndpointsResource(metadata, source, metadata.name(), families, subsets);
  }

  private static Optional<Address> read(Fields address, boolean ready) {
    var ip = address.required("ip");
    var node = address.text("nodeName");
    address.accept("targetRef", "hostname");
    address.done();
    return ip.isEmpty()
        ? Optional.empty()
        : address
            .parsed("ip", IpAddress::parse, "an IP address")
            .map(a -> new Address(a, ready, ready, false, node));
  }

  private static List<Port> ports(Fields fields) {
    var found = new ArrayList<Port>();
    for (var port : fields.objects("ports")) {
      var name = port.text("name", "");
      var protocol = Protocol.read(port, "protocol");
      port.number("port", 1, 65535).ifPresent(n -> found.add(new Port(name, protocol, n)));
      port.accept("appProtocol");
      port.done();
    }
    return found;
  }

  static EndpointsResource readSlice(Fields fields, Source source) {
    var metadata = Metadata.read(fields, true);
    var service = metadata.labels().getOrDefault(SERVICE_LABEL, "");
    if (service.isEmpty()) {
      fields.object("metadata").problem("labels", "needs " + SERVICE_LABEL);
    }
    var addresses = new ArrayList<Address>();
    for (var endpoint : fields.objects("endpoints")) {
      var conditions = endpoint.object("conditions");
      boolean ready = conditions.flag("ready", true);
      boolean serving = conditions.flag("serving", ready);
      boolean terminating = conditions.flag("terminating", false);
      var node = endpoint.text("nodeName");
      for (var text : endpoint.texts("addresses")) {
        IpAddress.parse(text)
            .ifPresentOrElse(
                a -> addresses.add(new Address(a, ready, serving, terminating, node)),
                () -> endpoint.problem("addresses", "'" + text + "' is no IP address"));
      }
      endpoint.accept("targetRef", "hostname", "zone", "hints", "deprecatedTopology", "topology");
      endpoint.done();
    }
    var families = sliceFamilies(fields, families(addresses.stream()));
    return new EndpointsResource(
        metadata, source, service, families, List.of(new Subset(addresses, ports(fields))));
  }

  private static Set<IpFamily> families(Stream<Address> addresses) {
    return addresses.map(address -> address.address().family()).collect(Collectors.toSet());
  }

  /** A slice is of one kind of address, which a slice without endpoints has too. */
  private static Set<IpFamily> sliceFamilies(Fields slice, Set<IpFamily> found) {
    var types = List.of("IPv4", "IPv6", "FQDN");
    var type = slice.oneOf("addressType", types).orElse("");
    Set<IpFamily> own =
        switch (type) {
          case "IPv4" -> Set.of(IpFamily.IPV4);
          case "IPv6" -> Set.of(IpFamily.IPV6);
          case "" -> found;
          default -> Set.of();
        };
    if (!own.containsAll(found)) {
      slice.problem("addressType", "is " + type + ", and there are other addresses");
    }
    return own;
  }
}
