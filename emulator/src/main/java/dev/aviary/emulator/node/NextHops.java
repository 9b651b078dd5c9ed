package dev.aviary.emulator.node;

import dev.aviary.bgp.rib.NextHopResolver;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.kernel.route.RouteProtocol;
import dev.aviary.kernel.route.RouteType;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * How a next hop is reached, by the node's own links and the routes that are not BIRD's: what BIRD
 * knows through its direct and kernel protocols ({@code gateway recursive}).
 */
final class NextHops implements NextHopResolver {
  private final Kernel kernel;

  NextHops(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * The neighbor to send to, and by which device.
   *
   * @param direct the next hop itself is that neighbor
   */
  record Resolved(IpAddress gateway, String device, boolean direct) {}

  /** What it goes by, as a value: links with their addresses, and routes that are not BIRD's. */
  List<Object> known() {
    var found = new ArrayList<Object>();
    for (var link : kernel.links().list()) {
      found.add(List.of(link.name(), link.isUp(), link.addresses()));
    }
    for (var family : IpFamily.values()) {
      for (var route : kernel.fib().routes(family, KernelRoute.TABLE_MAIN)) {
        if (route.gateway() != null && !route.protocol().equals(RouteProtocol.BIRD)) {
          found.add(route);
        }
      }
    }
    return found;
  }

  @Override
  public int cost(IpAddress nextHop) {
    return resolve(nextHop).map(found -> found.direct() ? 0 : UNKNOWN).orElse(UNREACHABLE);
  }

  Optional<Resolved> resolve(IpAddress nextHop) {
    for (var link : kernel.links().list()) {
      if (!link.isUp()) {
        continue;
      }
      for (var address : link.addresses()) {
        if (address.address().family() == nextHop.family() && address.prefix().contains(nextHop)) {
          return Optional.of(new Resolved(nextHop, link.name(), true));
        }
      }
    }
    KernelRoute best = null;
    for (var route : kernel.fib().routes(nextHop.family(), KernelRoute.TABLE_MAIN)) {
      if (route.type() == RouteType.UNICAST
          && !route.protocol().equals(RouteProtocol.BIRD)
          && route.gateway() != null
          && route.destination().contains(nextHop)
          && (best == null || route.destination().length() > best.destination().length())) {
        best = route;
      }
    }
    if (best == null || best.gateway() == null || best.device() == null) {
      return Optional.empty();
    }
    return Optional.of(new Resolved(best.gateway(), best.device(), false));
  }
}
