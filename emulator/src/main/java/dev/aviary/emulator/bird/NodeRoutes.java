package dev.aviary.emulator.bird;

import dev.aviary.bgp.RouteView;
import dev.aviary.bgp.SpeakerView;
import dev.aviary.bgp.rib.NextHopResolver;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AttributeType;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.route.RouteSource;
import dev.aviary.emulator.bird.BirdRoute.Destination;
import dev.aviary.emulator.bird.BirdRoute.Hop;
import dev.aviary.emulator.bird.BirdRoute.Kernel;
import dev.aviary.emulator.bird.BirdRoute.Mark;
import dev.aviary.emulator.bird.BirdRoute.Rank;
import dev.aviary.emulator.bird.BirdRoute.Source;
import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.kernel.route.RouteProtocol;
import dev.aviary.kernel.route.RouteType;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** The routes of a node's daemon: its kernel's, its interfaces', and its speaker's. */
final class NodeRoutes {
  static final int STATIC = 200;
  static final int DIRECT = 240;
  static final int KERNEL = 10;
  static final int BGP = 100;

  /** 2.0 says so of routes that reach no further than the link. */
  private static final int LINK_SCOPE = 253;

  /** What the kernel protocol does not learn: its own, the kernel's, redirects. */
  private static final Set<RouteProtocol> NOT_LEARNED =
      Set.of(RouteProtocol.KERNEL, RouteProtocol.BIRD, new RouteProtocol(1));

  private final CalicoNode node;
  private final NodeNames names;
  private final Instant started;

  NodeRoutes(CalicoNode node, NodeNames names, Instant started) {
    this.node = node;
    this.names = names;
    this.started = started;
  }

  /** All routes of {@code family}; those of the speaker are put into {@code spoken} too. */
  List<BirdRoute> routes(
      IpFamily family,
      List<BirdInterface> interfaces,
      Optional<SpeakerView> view,
      IdentityHashMap<BirdRoute, RouteView> spoken) {
    var all = new ArrayList<BirdRoute>();
    for (var each : interfaces) {
      if (each.isDirect()) {
        for (var address : each.addresses()) {
          boolean local = address.address().isLinkLocal();
          if (address.address().family() == family && !local) {
            all.add(
                own(
                    Prefix.of(address.address(), address.length()),
                    Destination.UNICAST,
                    List.of(Hop.on(each.name())),
                    names.direct(),
                    DIRECT,
                    Source.DEVICE,
                    Kernel.NOTHING));
          }
        }
      }
    }
    view.ifPresent(
        v -> {
          for (var route : v.routes(AfiSafi.unicast(family))) {
            var printed = spoken(family, route);
            all.add(printed);
            spoken.put(printed, route);
          }
        });
    for (var route : node.kernel().fib().routes(family, KernelRoute.TABLE_MAIN)) {
      if (route.type() == RouteType.UNICAST && !NOT_LEARNED.contains(route.protocol())) {
        all.add(learned(family, route, all));
      }
    }
    return all;
  }

  private BirdRoute own(
      Prefix prefix,
      Destination destination,
      List<Hop> hops,
      String protocol,
      int preference,
      Source source,
      Kernel kernel) {
    return new BirdRoute(
        prefix,
        destination,
        hops,
        protocol,
        started,
        Optional.empty(),
        Mark.BEST,
        preference,
        Optional.empty(),
        source,
        PathAttributes.EMPTY,
        kernel);
  }

  private BirdRoute learned(IpFamily family, KernelRoute route, List<BirdRoute> others) {
    var hops =
        route.nextHops().stream()
            .map(
                hop ->
                    hop.gateway() == null
                        ? Hop.on(hop.device())
                        : Hop.via(hop.gateway(), hop.device()))
            .toList();
    boolean local = hops.stream().allMatch(hop -> hop.gateway().isEmpty());
    var kernel =
        new Kernel(
            OptionalInt.of(route.protocol().number()),
            OptionalInt.of(route.metric()),
            Optional.empty(),
            local && names.isTwo() ? OptionalInt.of(LINK_SCOPE) : OptionalInt.empty());
    var found =
        own(
            route.destination(),
            Destination.UNICAST,
            hops,
            names.kernel(family),
            KERNEL,
            Source.INHERIT,
            kernel);
    // Its preference is the lowest of all.
    boolean best = others.stream().noneMatch(o -> o.prefix().equals(route.destination()));
    return best ? found : found.marked(Mark.NONE);
  }

  private BirdRoute spoken(IpFamily family, RouteView view) {
    var route = view.route();
    var mark = view.best() ? Mark.BEST : Mark.NONE;
    return switch (route.source()) {
      case RouteSource.Local _ ->
          new BirdRoute(
              route.prefix(),
              Destination.BLACKHOLE,
              List.of(),
              names.statics(family),
              view.since(),
              Optional.empty(),
              mark,
              STATIC,
              Optional.empty(),
              Source.STATIC,
              PathAttributes.EMPTY,
              Kernel.NOTHING);
      case RouteSource.Learned(var peer) -> {
        var reach = route.attributes().nextHop().flatMap(hop -> node.reach(family, hop));
        boolean direct = reach.map(r -> r.gateway().equals(peer.address())).orElse(false);
        yield new BirdRoute(
            route.prefix(),
            reach.isPresent() ? Destination.UNICAST : Destination.UNREACHABLE,
            reach.map(r -> List.of(Hop.via(r.gateway(), r.device()))).orElse(List.of()),
            route.source().name(),
            view.since(),
            direct ? Optional.empty() : Optional.of(peer.address()),
            mark,
            view.preference(),
            Optional.of(rank(view)),
            Source.BGP,
            route.attributes(),
            Kernel.NOTHING);
      }
    };
  }

  private Rank rank(RouteView view) {
    var attributes = view.route().attributes();
    var ases = attributes.asPath().flattened();
    return new Rank(
        view.stale(),
        switch (view.cost()) {
          case NextHopResolver.UNREACHABLE -> "-";
          case NextHopResolver.UNKNOWN -> "?";
          case 0 -> names.isTwo() ? "" : "0";
          default -> Integer.toString(view.cost());
        },
        ases.isEmpty() ? Optional.empty() : Optional.of(ases.getLast()),
        attributes.origin());
  }

  /** As 1.6 shows what is told: without what only its own table has. */
  static BirdRoute told(BirdRoute route, PathAttributes leaves, boolean two) {
    return two ? route.with(withoutOwn(route, leaves)) : route.with(leaves).ranked();
  }

  /**
   * 2.0 shows what its filter made of a route, and fills in the rest only when it tells it: next
   * hop, path and preference are as they came.
   */
  private static PathAttributes withoutOwn(BirdRoute route, PathAttributes leaves) {
    var shown = route.attributes();
    for (var attribute : leaves.all()) {
      var type = AttributeType.find(attribute.code());
      if (type == AttributeType.COMMUNITIES
          || type == AttributeType.LARGE_COMMUNITIES
          || type == AttributeType.EXTENDED_COMMUNITIES) {
        shown = shown.with(attribute);
      }
    }
    return shown;
  }
}
