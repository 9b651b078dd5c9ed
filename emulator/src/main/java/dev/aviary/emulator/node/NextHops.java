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
  private boolean direct = true;
  private boolean learned = true;

  NextHops(Kernel kernel) {
    this.kernel = kernel;
  }

  /**
   * The neighbor to send to, and by which device.
   *
   * @param direct the next hop itself is that neighbor
   */
  record Resolved(IpAddress gateway, String device, boolean direct) {}

  /** Whether the node's own links count: BIRD's direct protocol runs. */
  void direct(boolean runs) {
    direct = runs;
  }

  /** Whether routes of the kernel count: BIRD's kernel protocol runs. */
  void learned(boolean runs) {
    learned = runs;
  }

  /** What it goes by, as a value: links with their addresses, and routes that are not BIRD's. */
  List<Object> known() {
    var found = new ArrayList<Object>();
    for (var link : kernel.links().list()) {
      found.add(List.of(link.name(), link.isUp(), link.addresses()));
    }
    for (var family : IpFamily.values()) {
      for (var route : kernel.fib().routes(family, KernelRoute.TABLE_MAIN)) {
        if (isLearned(route)) {
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
      if (!direct || !link.isUp()) {
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
      if (learned
          && isLearned(route)
          && route.destination().contains(nextHop)
          && (best == null || route.destination().length() > best.destination().length())) {
        best = route;
      }
    }
    if (best == null || best.device() == null) {
      return Optional.empty();
    }
    return Optional.of(
        best.gateway() == null
            ? new Resolved(nextHop, best.device(), true)
            : new Resolved(best.gateway(), best.device(), false));
  }

  /** BIRD's {@code learn}: what neither the kernel itself nor BIRD has put there. */
  private static boolean isLearned(KernelRoute route) {
    return route.type() == RouteType.UNICAST
        && !route.protocol().equals(RouteProtocol.BIRD)
        && (route.gateway() != null || !route.protocol().equals(RouteProtocol.KERNEL));
  }
}
