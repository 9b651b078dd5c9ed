package dev.aviary.emulator.cluster;

import dev.aviary.emulator.node.NodeFacts;
import dev.aviary.emulator.node.StableMac;
import dev.aviary.emulator.resource.NodeResource.Interface;
import dev.aviary.emulator.resource.Protocol;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.emulator.resource.TopologyResource;
import dev.aviary.emulator.resource.TopologyResource.Host;
import dev.aviary.emulator.resource.TopologyResource.Listener;
import dev.aviary.emulator.resource.TopologyResource.NodeWiring;
import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.RestoreException;
import dev.aviary.kernel.Segment;
import dev.aviary.kernel.Sockets;
import dev.aviary.kernel.netfilter.IptablesRelease;
import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.kernel.route.RouteProtocol;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/** Who is wired to whom: the segments, and the machines around the cluster. */
public final class Fabric {
  private static final int NETWORK_MANAGER_METRIC = 100;

  private final Map<String, Segment> segments = new LinkedHashMap<>();
  private final SequencedMap<String, Kernel> hosts = new LinkedHashMap<>();
  private final Optional<TopologyResource> topology;
  private final Function<String, Kernel> kernels;

  private Fabric(Optional<TopologyResource> topology, Function<String, Kernel> kernels) {
    this.topology = topology;
    this.kernels = kernels;
  }

  /**
   * @param kernels makes an empty kernel of a given host name
   */
  static Fabric of(Resources resources, Function<String, Kernel> kernels) throws ClusterException {
    var topology = resources.of(TopologyResource.class).stream().findFirst();
    var fabric = new Fabric(topology, kernels);
    if (topology.isPresent()) {
      for (var host : topology.get().hosts()) {
        fabric.addHost(topology.get(), host);
      }
    }
    return fabric;
  }

  /** The machines around the cluster, by name. */
  public SequencedMap<String, Kernel> hosts() {
    return java.util.Collections.unmodifiableSequencedMap(hosts);
  }

  private Segment segment(String name) {
    return segments.computeIfAbsent(name, Segment::new);
  }

  private void addHost(TopologyResource topology, Host host) throws ClusterException {
    var kernel = kernels.apply(host.name());
    hosts.put(host.name(), kernel);
    for (var link : host.interfaces()) {
      var mac =
          link.mac().map(MacAddress::of).orElseGet(() -> StableMac.of(host.name(), link.name()));
      kernel.links().addPhysical(link.name(), mac, link.mtu(), segment(link.segment()));
      kernel.links().up(link.name());
      kernel.links().addAddress(link.name(), address(link.address(), link.name()));
    }
    kernel.sysctls().set("net.ipv4.ip_forward", host.forward() ? 1 : 0);
    for (var text : host.routes()) {
      addRoute(topology, host, kernel, text);
    }
    listen(kernel, host.listeners());
  }

  /** "default via A" or "PREFIX via A [dev D]"; the device follows from the gateway. */
  private static void addRoute(TopologyResource topology, Host host, Kernel kernel, String text)
      throws ClusterException {
    var words = text.strip().split(" +", -1);
    var gateway =
        words.length >= 3 && words[1].equals("via")
            ? IpAddress.parse(words[2])
            : Optional.<IpAddress>empty();
    var destination =
        words[0].equals("default")
            ? gateway.map(g -> KernelRoute.everything(g.family()))
            : Prefix.parse(words[0]);
    var device = gateway.flatMap(g -> deviceTowards(host, g));
    if (destination.isEmpty() || device.isEmpty() || words.length != 3) {
      throw ClusterException.input(
          topology
              .source()
              .problem(
                  "spec.hosts",
                  "route of %s must be 'PREFIX via ADDRESS' with an address on one of its"
                          .formatted(host.name())
                      + " interfaces' networks, is '"
                      + text
                      + "'"));
    }
    kernel.fib().replace(KernelRoute.via(destination.get(), gateway.orElseThrow(), device.get()));
  }

  private static Optional<String> deviceTowards(Host host, IpAddress gateway) {
    return host.interfaces().stream()
        .filter(link -> link.address().network().contains(gateway))
        .map(TopologyResource.HostInterface::name)
        .findFirst();
  }

  private static InterfaceAddress address(Interface address, String device) {
    return InterfaceAddress.of(address.address(), address.length(), device);
  }

  /** A node's kernel, on its segment, with what an administrator would have set up. */
  Kernel nodeKernel(NodeFacts node) {
    var wiring = wiring(node.name());
    var kernel = kernels.apply(node.name());
    var device = wiring.interfaceName();
    var mac = wiring.mac().map(MacAddress::of).orElseGet(() -> StableMac.of(node.name(), device));
    var iptables = IptablesRelease.parse(wiring.iptables()).orElseThrow();
    for (var family : IpFamily.values()) {
      kernel.netfilter(family).setRelease(iptables);
    }
    // What distributions set, and what Calico's and Kubernetes' installation asks for.
    kernel.sysctls().set("net.ipv4.ip_forward", 1);
    kernel.sysctls().set("net.ipv6.conf.all.forwarding", 1);
    kernel.links().addPhysical(device, mac, wiring.mtu(), segment(wiring.segment()));
    kernel.sysctls().set("net.ipv4.conf." + device + ".rp_filter", 1);
    kernel.links().up(device);
    node.ipv4().ifPresent(a -> addAddress(kernel, device, a, wiring));
    node.ipv6().ifPresent(a -> kernel.links().addAddress(device, address(a, device)));
    for (var bridge : wiring.bridges()) {
      kernel.links().addBridge(bridge.name(), StableMac.of(node.name(), bridge.name()));
      kernel.links().up(bridge.name());
      kernel
          .links()
          .addAddress(
              bridge.name(),
              address(bridge.address(), bridge.name())
                  .withBroadcast(bridge.address().network().last()));
      if (bridge.masquerade()) {
        masquerade(kernel, bridge);
      }
    }
    listen(kernel, wiring.listeners());
    return kernel;
  }

  /** Docker's rule for its bridge. */
  private static void masquerade(Kernel kernel, TopologyResource.Bridge bridge) {
    var text =
        """
        *nat
        -A POSTROUTING -s %s ! -o %s -j MASQUERADE
        COMMIT
        """
            .formatted(bridge.address().network(), bridge.name());
    try {
      kernel.iptablesRestore(bridge.address().address().family(), text, true);
    } catch (RestoreException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void addAddress(
      Kernel kernel, String device, Interface address, NodeWiring wiring) {
    var added = address(address, device);
    if (!wiring.networkManager()) {
      kernel.links().addAddress(device, added);
      wiring
          .gateway()
          .ifPresent(
              g ->
                  kernel
                      .fib()
                      .replace(KernelRoute.via(KernelRoute.everything(g.family()), g, device)));
      return;
    }
    kernel.links().addAddress(device, added.withNoPrefixRoute());
    kernel
        .fib()
        .replace(
            KernelRoute.on(address.network(), device)
                .withProtocol(RouteProtocol.KERNEL)
                .withSource(address.address())
                .withMetric(NETWORK_MANAGER_METRIC));
    wiring
        .gateway()
        .ifPresent(
            g ->
                kernel
                    .fib()
                    .replace(
                        KernelRoute.via(KernelRoute.everything(g.family()), g, device)
                            .withProtocol(RouteProtocol.STATIC)
                            .withMetric(NETWORK_MANAGER_METRIC)));
  }

  /** How a node is attached; where the topology does not say, by eth0 to the common segment. */
  NodeWiring wiring(String node) {
    return topology
        .flatMap(t -> t.nodes().stream().filter(n -> n.name().equals(node)).findFirst())
        .orElseGet(
            () ->
                new NodeWiring(
                    node,
                    TopologyResource.DEFAULT_SEGMENT,
                    TopologyResource.DEFAULT_INTERFACE,
                    Optional.empty(),
                    TopologyResource.DEFAULT_MTU,
                    Optional.empty(),
                    false,
                    List.of(),
                    List.of(),
                    TopologyResource.Daemon.BIRD_16,
                    TopologyResource.DEFAULT_IPTABLES));
  }

  private static void listen(Kernel kernel, List<Listener> listeners) {
    for (var listener : listeners) {
      listen(kernel, listener.protocol(), listener.port());
    }
  }

  static void listen(Kernel kernel, Protocol protocol, int port) {
    switch (protocol) {
      case TCP -> kernel.sockets().listen(IpProtocol.TCP, null, port, Sockets.echo());
      case UDP -> kernel.sockets().listen(IpProtocol.UDP, null, port, Sockets.echo());
      case SCTP -> kernel.sockets().listen(IpProtocol.SCTP, null, port, Sockets.echo());
    }
  }
}
