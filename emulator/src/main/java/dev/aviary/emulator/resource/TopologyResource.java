package dev.aviary.emulator.resource;

import dev.aviary.emulator.resource.NodeResource.Interface;
import dev.aviary.net.IpAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What neither Kubernetes nor Calico has a word for: who is wired to whom. Without one, all nodes
 * are on one segment with an interface {@code eth0} each.
 */
public record TopologyResource(
    Metadata metadata,
    Source source,
    List<NodeWiring> nodes,
    List<Host> hosts,
    List<SegmentFault> faults)
    implements Resource {
  public TopologyResource {
    nodes = List.copyOf(nodes);
    hosts = List.copyOf(hosts);
    faults = List.copyOf(faults);
  }

  /**
   * How a node is attached. Its address is the one that its Node resource has.
   *
   * @param gateway the next hop of its default route; none if empty
   * @param networkManager its addresses and routes are as NetworkManager sets them: metric 100
   * @param bridges further interfaces that have an address and nobody on them, such as docker0
   * @param behavior whose manners its routing daemon has
   * @param iptables the release of its iptables tools
   */
  public record NodeWiring(
      String name,
      String segment,
      String interfaceName,
      Optional<String> mac,
      int mtu,
      Optional<IpAddress> gateway,
      boolean networkManager,
      List<Bridge> bridges,
      List<Listener> listeners,
      Daemon behavior,
      String iptables) {
    public NodeWiring {
      bridges = List.copyOf(bridges);
      listeners = List.copyOf(listeners);
    }
  }

  /** The routing daemons that a node can have. */
  public enum Daemon {
    /** Calico's: BIRD 1.6.8, one for each family. */
    BIRD_16("bird-1.6"),
    /** BIRD 2.0.12: one for both. */
    BIRD_20("bird-2.0");

    private final String text;

    Daemon(String text) {
      this.text = text;
    }
  }

  /** An interface of a node that leads nowhere; {@code masquerade} is docker's rule for it. */
  public record Bridge(String name, Interface address, boolean masquerade) {}

  /** A machine outside the cluster: a client, a server, or a router if it forwards. */
  public record Host(
      String name,
      boolean forward,
      List<HostInterface> interfaces,
      List<String> routes,
      List<Listener> listeners) {
    public Host {
      interfaces = List.copyOf(interfaces);
      routes = List.copyOf(routes);
      listeners = List.copyOf(listeners);
    }
  }

  /** One interface of a host. */
  public record HostInterface(
      String name, String segment, Interface address, Optional<String> mac, int mtu) {}

  /** A port that somebody listens at. */
  public record Listener(Protocol protocol, int port) {
    /** "tcp/80". */
    static Optional<Listener> parse(String text) {
      int slash = text.indexOf('/');
      if (slash < 0 || !text.substring(slash + 1).matches("[0-9]{1,5}")) {
        return Optional.empty();
      }
      int port = Integer.parseInt(text.substring(slash + 1));
      var protocol =
          switch (text.substring(0, slash)) {
            case "tcp" -> Protocol.TCP;
            case "udp" -> Protocol.UDP;
            default -> null;
          };
      return protocol == null || port < 1 || port > 65535
          ? Optional.empty()
          : Optional.of(new Listener(protocol, port));
    }
  }

  /** The JSON Schema of this kind. */
  public static String schema() {
    try (var in = TopologyResource.class.getResourceAsStream("topology.schema.json")) {
      return new String(
          java.util.Objects.requireNonNull(in).readAllBytes(),
          java.nio.charset.StandardCharsets.UTF_8);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  /** How {@code node} is attached; where nothing is said of it, by eth0 to the common segment. */
  public static NodeWiring wiring(Optional<TopologyResource> topology, String node) {
    return topology
        .flatMap(t -> t.nodes().stream().filter(n -> n.name().equals(node)).findFirst())
        .orElseGet(
            () ->
                new NodeWiring(
                    node,
                    DEFAULT_SEGMENT,
                    DEFAULT_INTERFACE,
                    Optional.empty(),
                    DEFAULT_MTU,
                    Optional.empty(),
                    false,
                    List.of(),
                    List.of(),
                    Daemon.BIRD_16,
                    DEFAULT_IPTABLES));
  }

  /** The iptables of a node that names none. */
  public static final String DEFAULT_IPTABLES = "1.8.9";

  private static final List<String> IPTABLES = List.of("1.8.7", DEFAULT_IPTABLES);

  /** The segment of everyone who names none. */
  public static final String DEFAULT_SEGMENT = "lan";

  /** The interface of a node that names none. */
  public static final String DEFAULT_INTERFACE = "eth0";

  /** Ethernet's MTU, in octets. */
  public static final int DEFAULT_MTU = 1500;

  static TopologyResource read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, false);
    var spec = fields.object("spec");
    var nodes = new ArrayList<NodeWiring>();
    for (var node : spec.objects("nodes")) {
      nodes.add(node(node));
      node.done();
    }
    var hosts = new ArrayList<Host>();
    for (var host : spec.objects("hosts")) {
      hosts.add(host(host));
      host.done();
    }
    var faults = new ArrayList<SegmentFault>();
    for (var fault : spec.objects("faults")) {
      SegmentFault.read(fault).ifPresent(faults::add);
    }
    spec.done();
    return new TopologyResource(metadata, source, nodes, hosts, faults);
  }

  private static NodeWiring node(Fields node) {
    var bridges = new ArrayList<Bridge>();
    for (var bridge : node.objects("bridges")) {
      var name = bridge.required("name");
      boolean masquerade = bridge.flag("masquerade", false);
      address(bridge).ifPresent(address -> bridges.add(new Bridge(name, address, masquerade)));
      bridge.done();
    }
    return new NodeWiring(
        node.required("name"),
        node.text("segment", DEFAULT_SEGMENT),
        node.text("interface", DEFAULT_INTERFACE),
        mac(node),
        node.number("mtu", 68, 65535).orElse(DEFAULT_MTU),
        node.parsed("gateway", IpAddress::parse, "an IP address"),
        node.flag("networkManager", false),
        bridges,
        listeners(node),
        node.oneOf("behavior", Daemon.values(), daemon -> daemon.text).orElse(Daemon.BIRD_16),
        node.oneOf("iptables", IPTABLES).orElse(DEFAULT_IPTABLES));
  }

  private static Host host(Fields host) {
    var interfaces = new ArrayList<HostInterface>();
    for (var link : host.objects("interfaces")) {
      var name = link.text("name", DEFAULT_INTERFACE);
      var segment = link.text("segment", DEFAULT_SEGMENT);
      var mac = mac(link);
      int mtu = link.number("mtu", 68, 65535).orElse(DEFAULT_MTU);
      address(link)
          .ifPresent(
              address -> interfaces.add(new HostInterface(name, segment, address, mac, mtu)));
      link.done();
    }
    return new Host(
        host.required("name"),
        host.flag("forward", false),
        interfaces,
        host.texts("routes"),
        listeners(host));
  }

  private static Optional<Interface> address(Fields fields) {
    fields.required("address");
    return fields.parsed("address", Interface::parse, "an address with its length");
  }

  private static Optional<String> mac(Fields fields) {
    return fields.parsed(
        "mac",
        text ->
            text.matches("([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}")
                ? Optional.of(text)
                : Optional.empty(),
        "a MAC address");
  }

  private static List<Listener> listeners(Fields fields) {
    var found = new ArrayList<Listener>();
    for (var text : fields.texts("listen")) {
      Listener.parse(text)
          .ifPresentOrElse(
              found::add,
              () -> fields.problem("listen", "must be such as tcp/80, is '" + text + "'"));
    }
    return found;
  }
}
