package dev.aviary.emulator.cluster;

import dev.aviary.emulator.node.NodeFacts;
import dev.aviary.emulator.node.StableMac;
import dev.aviary.emulator.resource.NodeResource.Interface;
import dev.aviary.emulator.resource.TopologyResource.Bridge;
import dev.aviary.emulator.resource.TopologyResource.NodeWiring;
import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.RestoreException;
import dev.aviary.kernel.Segment;
import dev.aviary.kernel.netfilter.IptablesRelease;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.kernel.route.RouteProtocol;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** How a node's kernel is attached to its segment, with what an administrator would have set up. */
final class NodeCard {
  private static final int NETWORK_MANAGER_METRIC = 100;

  private final NodeFacts node;
  private final Kernel kernel;
  private final Function<String, Segment> segments;

  NodeCard(NodeFacts node, Kernel kernel, Function<String, Segment> segments) {
    this.node = node;
    this.kernel = kernel;
    this.segments = segments;
  }

  void setUp(NodeWiring wiring) {
    // What distributions set, and what Calico's and Kubernetes' installation asks for.
    kernel.sysctls().set("net.ipv4.ip_forward", 1);
    kernel.sysctls().set("net.ipv6.conf.all.forwarding", 1);
    setIptables(wiring);
    addCard(wiring);
    wiring.bridges().forEach(this::addBridge);
    HostMachine.listen(kernel, wiring.listeners());
  }

  private void setIptables(NodeWiring wiring) {
    var release = IptablesRelease.parse(wiring.iptables()).orElseThrow();
    for (var family : IpFamily.values()) {
      kernel.netfilter(family).setRelease(release);
    }
  }

  private void addCard(NodeWiring wiring) {
    var device = wiring.interfaceName();
    kernel.links().addPhysical(device, mac(wiring), wiring.mtu(), segments.apply(wiring.segment()));
    kernel.sysctls().set("net.ipv4.conf." + device + ".rp_filter", 1);
    kernel.links().up(device);
    node.ipv4().ifPresent(a -> addAddress(a, wiring));
    node.ipv6().ifPresent(a -> kernel.links().addAddress(device, address(a, device)));
  }

  /**
   * Makes it what {@code after} says. A card of another name, or one whose routes somebody else
   * sets, is another card; everything else is changed in place.
   */
  void change(NodeWiring before, NodeWiring after) {
    if (before.equals(after)) {
      return;
    }
    var links = kernel.links();
    var device = after.interfaceName();
    if (!before.interfaceName().equals(device)
        || before.networkManager() != after.networkManager()) {
      links.remove(before.interfaceName());
      addCard(after);
    } else {
      changeCard(before, after);
    }
    setIptables(after);
    changeBridges(before.bridges(), after.bridges());
    if (!before.listeners().equals(after.listeners())) {
      HostMachine.close(kernel, before.listeners());
      HostMachine.listen(kernel, after.listeners());
    }
  }

  private void changeCard(NodeWiring before, NodeWiring after) {
    var links = kernel.links();
    var device = after.interfaceName();
    if (before.mtu() != after.mtu()) {
      links.setMtu(device, after.mtu());
    }
    if (!mac(before).equals(mac(after))) {
      links.setMac(device, mac(after));
    }
    if (!before.segment().equals(after.segment())) {
      links.plug(device, segments.apply(after.segment()));
    }
    if (!before.gateway().equals(after.gateway())) {
      before.gateway().ifPresent(g -> kernel.fib().delete(gatewayRoute(g, before)));
      after.gateway().ifPresent(g -> addGateway(g, after));
    }
  }

  private void changeBridges(List<Bridge> before, List<Bridge> after) {
    var gone = new ArrayList<>(before);
    gone.removeAll(after);
    for (var bridge : gone) {
      if (bridge.masquerade()) {
        masquerade(bridge, "-D");
      }
      kernel.links().remove(bridge.name());
    }
    var added = new ArrayList<>(after);
    added.removeAll(before);
    added.forEach(this::addBridge);
  }

  private MacAddress mac(NodeWiring wiring) {
    return wiring
        .mac()
        .map(MacAddress::of)
        .orElseGet(() -> StableMac.of(node.name(), wiring.interfaceName()));
  }

  private static InterfaceAddress address(Interface address, String device) {
    return InterfaceAddress.of(address.address(), address.length(), device);
  }

  private void addBridge(Bridge bridge) {
    var name = bridge.name();
    kernel.links().addBridge(name, StableMac.of(node.name(), name));
    kernel.links().up(name);
    kernel
        .links()
        .addAddress(
            name, address(bridge.address(), name).withBroadcast(bridge.address().network().last()));
    if (bridge.masquerade()) {
      masquerade(bridge, "-A");
    }
  }

  /** Docker's rule for its bridge. */
  private void masquerade(Bridge bridge, String verb) {
    var text =
        """
        *nat
        %s POSTROUTING -s %s ! -o %s -j MASQUERADE
        COMMIT
        """
            .formatted(verb, bridge.address().network(), bridge.name());
    try {
      kernel.iptablesRestore(bridge.address().address().family(), text, true);
    } catch (RestoreException e) {
      throw new IllegalStateException(e);
    }
  }

  private void addAddress(Interface address, NodeWiring wiring) {
    var device = wiring.interfaceName();
    var added = address(address, device);
    if (wiring.networkManager()) {
      kernel.links().addAddress(device, added.withNoPrefixRoute());
      kernel
          .fib()
          .replace(
              KernelRoute.on(address.network(), device)
                  .withProtocol(RouteProtocol.KERNEL)
                  .withSource(address.address())
                  .withMetric(NETWORK_MANAGER_METRIC));
    } else {
      kernel.links().addAddress(device, added);
    }
    wiring.gateway().ifPresent(g -> addGateway(g, wiring));
  }

  private void addGateway(IpAddress gateway, NodeWiring wiring) {
    kernel.fib().replace(gatewayRoute(gateway, wiring));
  }

  private static KernelRoute gatewayRoute(IpAddress gateway, NodeWiring wiring) {
    var everything = KernelRoute.everything(gateway.family());
    var route = KernelRoute.via(everything, gateway, wiring.interfaceName());
    return wiring.networkManager()
        ? route.withProtocol(RouteProtocol.STATIC).withMetric(NETWORK_MANAGER_METRIC)
        : route;
  }
}
