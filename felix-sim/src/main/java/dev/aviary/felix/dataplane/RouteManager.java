package dev.aviary.felix.dataplane;

import dev.aviary.felix.calc.FelixConfig;
import dev.aviary.felix.calc.Route;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.Link;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.kernel.route.RouteProtocol;
import dev.aviary.kernel.route.RouteType;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Keeps the routes to workloads and through VXLAN in the main table of one family. On workload
 * interfaces every route is ours to judge; elsewhere only those that carry our protocol are.
 */
public final class RouteManager {
  /** An interface that is newer may have routes of an endpoint that we don't know yet. */
  private static final Duration GRACE = Duration.ofSeconds(10);

  private final Kernel kernel;
  private final IpFamily family;
  private final FelixConfig config;
  private final Map<String, Instant> firstSeen = new HashMap<>();
  private Set<OnWorkload> before = Set.of();

  /** An address at a workload's interface. */
  private record OnWorkload(Prefix prefix, String device) {}

  public RouteManager(Kernel kernel, IpFamily family, FelixConfig config) {
    this.kernel = kernel;
    this.family = family;
    this.config = config;
  }

  /**
   * Makes the routes so. Answers the prefixes whose route to a workload is gone or has moved, be it
   * that the kernel itself dropped it with the interface.
   */
  public Collection<Prefix> apply(Collection<Route> desired) {
    var instant = kernel.clock().instant();
    Map<Prefix, KernelRoute> wanted = new HashMap<>();
    for (var route : desired) {
      kernelRoute(route).ifPresent(r -> wanted.put(r.destination(), r));
    }
    seeInterfaces(instant);
    var gone = new TreeSet<Prefix>();
    var now = toWorkloads(desired);
    before.stream().filter(b -> !now.contains(b)).forEach(b -> gone.add(b.prefix()));
    before = now;
    var actual = kernel.fib().routes(family);
    for (var route : actual) {
      if (isOurs(route) && !isWanted(route, wanted) && mayDelete(route, desired, instant)) {
        kernel.fib().delete(route);
        if (onWorkload(route)) {
          gone.add(route.destination());
        }
      }
    }
    Set<KernelRoute> there = new HashSet<>(actual);
    for (var route : wanted.values()) {
      if (!there.contains(route)) {
        kernel.fib().replace(route);
      }
    }
    return gone;
  }

  private static Set<OnWorkload> toWorkloads(Collection<Route> routes) {
    var onWorkloads = new HashSet<OnWorkload>();
    for (var route : routes) {
      if (route instanceof Route.ToWorkload to) {
        onWorkloads.add(new OnWorkload(to.destination(), to.device()));
      }
    }
    return onWorkloads;
  }

  private void seeInterfaces(Instant now) {
    var names = kernel.links().list().stream().map(Link::name).toList();
    firstSeen.keySet().retainAll(names);
    names.stream()
        .filter(config::isWorkloadInterface)
        .forEach(name -> firstSeen.putIfAbsent(name, now));
  }

  private static boolean isWanted(KernelRoute route, Map<Prefix, KernelRoute> wanted) {
    var match = wanted.get(route.destination());
    return route.equals(match);
  }

  private boolean onWorkload(KernelRoute route) {
    var device = route.device();
    return device != null && config.isWorkloadInterface(device);
  }

  private boolean isOurs(KernelRoute route) {
    if (family == IpFamily.IPV6
        && (route.destination().address().isLinkLocal()
            || route.destination().address().isMulticast())) {
      return false;
    }
    if (onWorkload(route)) {
      return config.routes().removeExternal()
          || route.protocol().number() == config.routes().protocol();
    }
    if (family == IpFamily.IPV6 || !config.encapsulation().vxlan()) {
      return false;
    }
    return Devices.VXLAN.equals(route.device())
        ? !route.protocol().equals(RouteProtocol.KERNEL)
        : route.protocol().number() == config.routes().vxlanProtocol()
            && (route.type() == RouteType.BLACKHOLE || route.gateway() != null)
            && config.routes().vxlanProtocol() != RouteProtocol.BOOT.number();
  }

  private boolean mayDelete(KernelRoute route, Collection<Route> desired, Instant now) {
    var device = route.device();
    if (device == null || !config.isWorkloadInterface(device)) {
      return true;
    }
    boolean known =
        desired.stream()
            .anyMatch(r -> r instanceof Route.ToWorkload to && to.device().equals(device));
    var seen = firstSeen.getOrDefault(device, Instant.MIN);
    return known || !now.isBefore(seen.plus(GRACE));
  }

  /** Empty while its device isn't there and up: it is tried again with the next change. */
  private Optional<KernelRoute> kernelRoute(Route route) {
    var protocol = new RouteProtocol(route.protocol());
    return switch (route) {
      case Route.ToWorkload(var net, var device, _, var source) ->
          Optional.of(
                  KernelRoute.on(net, device)
                      .withProtocol(protocol)
                      .withSource(source.orElse(null)))
              .filter(_ -> isUp(device));
      case Route.ThroughVxlan(var net, var vtep, _) ->
          Optional.of(KernelRoute.via(net, vtep, Devices.VXLAN).withOnlink().withProtocol(protocol))
              .filter(_ -> isUp(Devices.VXLAN));
      case Route.ToHost(var net, var gateway, _) ->
          deviceTowards(gateway)
              .map(
                  device ->
                      KernelRoute.via(net, gateway, device).withOnlink().withProtocol(protocol));
      case Route.Blackhole(var net, _) ->
          Optional.of(KernelRoute.blackhole(net).withProtocol(protocol));
    };
  }

  private boolean isUp(String device) {
    return kernel.links().find(device).filter(Link::isUp).isPresent();
  }

  private Optional<String> deviceTowards(IpAddress gateway) {
    return candidates().stream()
        .filter(link -> link.addresses(family).stream().anyMatch(a -> a.prefix().contains(gateway)))
        .map(Link::name)
        .findFirst();
  }

  private List<Link> candidates() {
    var links = new ArrayList<Link>();
    for (var link : kernel.links().list()) {
      if (link.isUp() && !config.isWorkloadInterface(link.name())) {
        links.add(link);
      }
    }
    return links;
  }
}
