package dev.aviary.felix.calc;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The routes that Felix makes: one to each address of a workload, and, where pools are VXLAN's, one
 * to each block of another host. Other blocks are left to BGP.
 */
final class RouteCalculator {
  private final FelixConfig config;
  private final Intent intent;
  private final IpFamily family;
  private final HostState state;

  RouteCalculator(FelixConfig config, Intent intent, IpFamily family, HostState state) {
    this.config = config;
    this.intent = intent;
    this.family = family;
    this.state = state;
  }

  /** The routes, one a destination, in order of destinations. */
  List<Route> routes() {
    var routes = new TreeMap<Prefix, Route>();
    if (family == IpFamily.IPV4 && config.encapsulation().vxlan()) {
      vxlan().forEach(route -> routes.put(route.destination(), route));
    }
    workloads().forEach(route -> routes.put(route.destination(), route));
    return List.copyOf(routes.values());
  }

  private List<Route> workloads() {
    var source = config.routes().source().filter(s -> s.family() == family);
    var routes = new ArrayList<Route>();
    for (var workload : intent.workloads()) {
      if (!workload.adminUp()) {
        continue;
      }
      var nets = new ArrayList<>(workload.nets());
      workload.floatingIps().forEach(floating -> nets.add(floating.external().toPrefix()));
      for (var net : nets) {
        if (net.family() == family) {
          routes.add(
              new Route.ToWorkload(
                  net, workload.interfaceName(), config.routes().protocol(), source));
        }
      }
    }
    return routes;
  }

  private List<Route> vxlan() {
    int protocol = config.routes().vxlanProtocol();
    var routes = new ArrayList<Route>();
    for (var block : intent.blocks()) {
      var pool = intent.pools().stream().filter(p -> p.cidr().contains(block.cidr())).findFirst();
      if (block.cidr().family() != family
          || pool.isEmpty()
          || pool.get().vxlan() == Pool.Mode.NEVER) {
        continue;
      }
      if (!block.host().equals(intent.hostname())) {
        toHost(block.cidr(), block.host(), pool.get(), protocol).ifPresent(routes::add);
      } else if (!block.cidr().isHost()) {
        routes.add(new Route.Blackhole(block.cidr(), protocol));
      }
      block
          .borrowed()
          .forEach(
              (address, host) -> {
                if (!host.equals(intent.hostname())) {
                  toHost(address.toPrefix(), host, pool.get(), protocol).ifPresent(routes::add);
                }
              });
    }
    return routes;
  }

  private Optional<Route> toHost(Prefix net, String hostname, Pool pool, int protocol) {
    var found = intent.hosts().stream().filter(h -> h.name().equals(hostname)).findFirst();
    if (found.isEmpty()) {
      return Optional.empty();
    }
    var host = found.get();
    if (pool.vxlan() == Pool.Mode.CROSS_SUBNET
        && host.ipv4().filter(this::isOnSegment).isPresent()) {
      return host.ipv4().map(gateway -> new Route.ToHost(net, gateway, protocol));
    }
    return host.vtep()
        .map(vtep -> new Route.ThroughVxlan(net, vtep.address(), config.routes().protocol()));
  }

  /** True if one of this host's own nets holds {@code other}. */
  private boolean isOnSegment(IpAddress other) {
    return other instanceof Ipv4Address && state.nets().stream().anyMatch(n -> n.contains(other));
  }
}
