package dev.aviary.emulator.node;

import dev.aviary.bgp.rib.RibChange;
import dev.aviary.bgp.rib.RibListener;
import dev.aviary.bgp.route.Route;
import dev.aviary.bgp.route.RouteSource;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.kernel.route.RouteProtocol;
import dev.aviary.kernel.route.RouteType;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiPredicate;
import java.util.function.Predicate;

/**
 * Best routes into the kernel, as BIRD's kernel protocol does under Calico's filter: what a
 * neighbor told goes by its next hop, what the node originates is a blackhole.
 */
final class KernelProtocol implements RibListener {
  private static final String TUNNEL = "tunl0";

  private final Kernel kernel;
  private final NextHops nextHops;
  private final Predicate<Prefix> rejected;
  private final BiPredicate<Prefix, IpAddress> tunnelled;
  private final Map<Prefix, Route> best = new HashMap<>();
  private final Set<Prefix> missed = new HashSet<>();
  private boolean runs = true;

  /**
   * @param rejected what calico_kernel_programming keeps out of the kernel: service addresses, and
   *     VXLAN's routes, which are Felix's
   * @param tunnelled whether a route by a next hop goes through tunl0
   */
  KernelProtocol(
      Kernel kernel,
      NextHops nextHops,
      Predicate<Prefix> rejected,
      BiPredicate<Prefix, IpAddress> tunnelled) {
    this.kernel = kernel;
    this.nextHops = nextHops;
    this.rejected = rejected;
    this.tunnelled = tunnelled;
  }

  @Override
  public void changed(RibChange change) {
    change
        .after()
        .ifPresentOrElse(
            route -> best.put(change.prefix(), route), () -> best.remove(change.prefix()));
    program(change.prefix());
  }

  private void program(Prefix prefix) {
    if (!runs) {
      missed.add(prefix);
      return;
    }
    var wanted =
        Optional.ofNullable(best.get(prefix))
            .filter(_ -> !rejected.test(prefix))
            .map(this::kernelRoute);
    remove(prefix, wanted);
    wanted.ifPresent(route -> kernel.fib().add(route));
  }

  /** The route that BIRD put into the kernel for {@code prefix}, if it is there. */
  Optional<KernelRoute> programmed(Prefix prefix) {
    return kernel.fib().routes(prefix.family(), KernelRoute.TABLE_MAIN).stream()
        .filter(route -> route.destination().equals(prefix))
        .filter(route -> route.protocol().equals(RouteProtocol.BIRD))
        .findFirst();
  }

  /** Stops it: with Calico's {@code persist} the kernel keeps what it has. */
  void pause() {
    runs = false;
  }

  /** Starts it again: the kernel gets what it missed. */
  void resume() {
    runs = true;
    var all = new HashSet<>(missed);
    missed.clear();
    all.addAll(best.keySet());
    all.forEach(this::program);
  }

  /** What may go into the kernel, or how it is reached, has changed. */
  void programAll() {
    List.copyOf(best.keySet()).forEach(this::program);
  }

  /** Takes all its routes out of the kernel. */
  void forget() {
    var prefixes = List.copyOf(best.keySet());
    best.clear();
    prefixes.forEach(this::program);
  }

  /** Only what BIRD wrote itself: a route of somebody else at the same prefix stays. */
  private void remove(Prefix prefix, Optional<KernelRoute> unless) {
    kernel
        .fib()
        .deleteAll(
            prefix.family(),
            route ->
                route.destination().equals(prefix)
                    && route.table() == KernelRoute.TABLE_MAIN
                    && route.protocol().equals(RouteProtocol.BIRD)
                    && !Optional.of(route).equals(unless));
  }

  private KernelRoute kernelRoute(Route route) {
    var prefix = route.prefix();
    var unbound =
        switch (route.source()) {
          case RouteSource.Local _ -> KernelRoute.blackhole(prefix);
          case RouteSource.Learned _ ->
              route
                  .attributes()
                  .nextHop()
                  .flatMap(nextHop -> by(prefix, nextHop))
                  .orElseGet(() -> KernelRoute.error(RouteType.UNREACHABLE, prefix));
        };
    return unbound.withProtocol(RouteProtocol.BIRD);
  }

  /** Through the tunnel the next hop itself is the gateway, on whatever link it is. */
  private Optional<KernelRoute> by(Prefix prefix, IpAddress nextHop) {
    return nextHops
        .resolve(nextHop)
        .map(
            hop ->
                tunnelled.test(prefix, nextHop)
                    ? KernelRoute.via(prefix, nextHop, TUNNEL).withOnlink()
                    : KernelRoute.via(prefix, hop.gateway(), hop.device()));
  }
}
