package dev.aviary.emulator.cluster;

import dev.aviary.emulator.node.StableMac;
import dev.aviary.emulator.resource.HostRoute;
import dev.aviary.emulator.resource.Protocol;
import dev.aviary.emulator.resource.TopologyResource.Host;
import dev.aviary.emulator.resource.TopologyResource.HostInterface;
import dev.aviary.emulator.resource.TopologyResource.Listener;
import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.Segment;
import dev.aviary.kernel.Sockets;
import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.route.KernelRoute;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;

/** Sets up the kernel of a machine outside the cluster, and changes it while it runs. */
final class HostMachine {
  private final Kernel kernel;
  private final Function<String, Segment> segments;

  HostMachine(Kernel kernel, Function<String, Segment> segments) {
    this.kernel = kernel;
    this.segments = segments;
  }

  void setUp(Host host) {
    host.interfaces().forEach(link -> addInterface(host, link));
    forward(host);
    host.routes().forEach(text -> addRoute(host, text));
    listen(kernel, host.listeners());
  }

  /** Makes it what {@code after} says; interfaces that it says nothing new about stay up. */
  void change(Host before, Host after) {
    before.routes().forEach(text -> removeRoute(before, text));
    var old = new LinkedHashMap<String, HostInterface>();
    before.interfaces().forEach(link -> old.put(link.name(), link));
    for (var link : after.interfaces()) {
      var known = old.remove(link.name());
      if (known == null) {
        addInterface(after, link);
      } else if (!known.equals(link)) {
        changeInterface(after, known, link);
      }
    }
    old.keySet().forEach(kernel.links()::remove);
    forward(after);
    after.routes().forEach(text -> addRoute(after, text));
    if (!before.listeners().equals(after.listeners())) {
      close(kernel, before.listeners());
      listen(kernel, after.listeners());
    }
  }

  private void addInterface(Host host, HostInterface link) {
    kernel
        .links()
        .addPhysical(link.name(), mac(host, link), link.mtu(), segments.apply(link.segment()));
    kernel.links().up(link.name());
    addAddress(link);
  }

  private void changeInterface(Host host, HostInterface before, HostInterface after) {
    var links = kernel.links();
    links.setMtu(after.name(), after.mtu());
    links.setMac(after.name(), mac(host, after));
    if (!before.segment().equals(after.segment())) {
      links.plug(after.name(), segments.apply(after.segment()));
    }
    if (!before.address().equals(after.address())) {
      links.removeAddress(after.name(), before.address().address());
      addAddress(after);
    }
  }

  private void addAddress(HostInterface link) {
    var address = link.address();
    kernel
        .links()
        .addAddress(
            link.name(), InterfaceAddress.of(address.address(), address.length(), link.name()));
  }

  private static MacAddress mac(Host host, HostInterface link) {
    return link.mac().map(MacAddress::of).orElseGet(() -> StableMac.of(host.name(), link.name()));
  }

  private void forward(Host host) {
    kernel.sysctls().set("net.ipv4.ip_forward", host.forward() ? 1 : 0);
  }

  private void addRoute(Host host, String text) {
    kernel.fib().replace(route(host, text));
  }

  private void removeRoute(Host host, String text) {
    kernel.fib().delete(route(host, text));
  }

  /** What the checks have let through is a route. */
  private static KernelRoute route(Host host, String text) {
    var parsed =
        HostRoute.parse(host, text)
            .orElseThrow(() -> new IllegalArgumentException(host.name() + ": " + text));
    return KernelRoute.via(parsed.destination(), parsed.gateway(), parsed.device());
  }

  static void listen(Kernel kernel, List<Listener> listeners) {
    for (var listener : listeners) {
      listen(kernel, listener.protocol(), listener.port());
    }
  }

  static void close(Kernel kernel, List<Listener> listeners) {
    for (var listener : listeners) {
      switch (listener.protocol()) {
        case TCP -> kernel.sockets().close(IpProtocol.TCP, null, listener.port());
        case UDP -> kernel.sockets().close(IpProtocol.UDP, null, listener.port());
        case SCTP -> kernel.sockets().close(IpProtocol.SCTP, null, listener.port());
      }
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
