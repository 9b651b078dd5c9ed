package dev.aviary.emulator.bird;

import dev.aviary.bgp.BgpSpeaker;
import dev.aviary.bgp.ExportView;
import dev.aviary.bgp.NeighborView;
import dev.aviary.bgp.RouteView;
import dev.aviary.bgp.SpeakerView;
import dev.aviary.bgp.rib.NextHopResolver;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.route.RouteSource;
import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.kernel.route.RouteProtocol;
import dev.aviary.kernel.route.RouteType;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import dev.aviary.net.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One node's daemon for one family, as it is at this instant. Used on the node's event loop. */
final class BirdDaemon {
  private static final int STATIC = 200;
  private static final int DIRECT = 240;
  private static final int DEVICE = 240;
  private static final int KERNEL = 10;
  private static final int BGP = 100;

  /** What the kernel protocol does not learn: its own, the kernel's, redirects. */
  private static final Set<RouteProtocol> NOT_LEARNED =
      Set.of(RouteProtocol.KERNEL, RouteProtocol.BIRD, new RouteProtocol(1));

  private final CalicoNode node;
  private final IpFamily family;
  private final Instant started;

  BirdDaemon(CalicoNode node, IpFamily family, Instant started) {
    this.node = node;
    this.family = family;
    this.started = started;
  }

  Instant started() {
    return started;
  }

  Optional<BgpSpeaker> speaker() {
    return node.speaker(family);
  }

  String routerId() {
    return node.bgp(family).map(bgp -> bgp.routerId()).orElse("0.0.0.0");
  }

  private Optional<SpeakerView> view() {
    return node.speakerView(family);
  }

  List<BirdInterface> interfaces() {
    return node.kernel().links().list().stream()
        .map(link -> new BirdInterface(link, family))
        .toList();
  }

  // ---- routes

  /** A route of the table, and what it is in the speaker, if it is there. */
  record Entry(BirdRoute route, Optional<RouteView> bgp) {}

  /** All routes, in BIRD's order of a table. */
  List<Entry> routes() {
    var all = new ArrayList<Entry>();
    for (var route : node.kernel().fib().routes(family, KernelRoute.TABLE_MAIN)) {
      if (route.type() == RouteType.UNICAST && !NOT_LEARNED.contains(route.protocol())) {
        all.add(new Entry(learned(route), Optional.empty()));
      }
    }
    for (var each : interfaces()) {
      if (each.isDirect()) {
        for (var address : each.addresses()) {
          all.add(new Entry(direct(each, address.address(), address.length()), Optional.empty()));
        }
      }
    }
    view()
        .ifPresent(
            v ->
                v.routes(dev.aviary.bgp.route.AfiSafi.unicast(family))
                    .forEach(route -> all.add(new Entry(spoken(route), Optional.of(route)))));
    all.sort(
        Comparator.<Entry>comparingInt(entry -> entry.route().hash())
            .thenComparing(entry -> entry.route().prefix().toString()));
    return all;
  }

  private BirdRoute learned(KernelRoute route) {
    var hop = route.nextHops().getFirst();
    var via = hop.gateway() == null ? "" : "via " + hop.gateway() + " on ";
    return new BirdRoute(
        route.destination(),
        (via.isEmpty() ? "dev " : via) + hop.device(),
        "kernel1",
        started,
        "",
        true,
        " (" + KERNEL + ")",
        "inherit",
        List.of("Kernel.source: " + route.protocol().number(), "Kernel.metric: " + route.metric()));
  }

  private BirdRoute direct(BirdInterface on, dev.aviary.net.IpAddress address, int length) {
    return new BirdRoute(
        Prefix.of(address, length),
        "dev " + on.link().name(),
        "direct1",
        started,
        "",
        true,
        " (" + DIRECT + ")",
        "device",
        List.of());
  }

  private BirdRoute spoken(RouteView view) {
    var route = view.route();
    return switch (route.source()) {
      case RouteSource.Local _ ->
          new BirdRoute(
              route.prefix(),
              "blackhole",
              "static1",
              view.since(),
              "",
              view.best(),
              " (" + STATIC + ")",
              "static",
              List.of());
      case RouteSource.Learned(var peer) -> {
        var reach = route.attributes().nextHop().flatMap(hop -> node.reach(family, hop));
        var via = reach.map(r -> "via " + r.gateway() + " on " + r.device()).orElse("unreachable");
        boolean direct = reach.map(r -> r.gateway().equals(peer.address())).orElse(false);
        yield new BirdRoute(
            route.prefix(),
            via,
            route.source().name(),
            view.since(),
            direct ? "" : peer.address().toString(),
            view.best(),
            rank(view),
            "BGP",
            BirdAttributes.lines(route.attributes()));
      }
    };
  }

  /** {@code (100/0) [AS65001i]}: preference, metric of the next hop, last AS and origin. */
  private static String rank(RouteView view) {
    var attributes = view.route().attributes();
    var metric =
        switch (view.cost()) {
          case NextHopResolver.UNREACHABLE -> "/-";
          case NextHopResolver.UNKNOWN -> "/?";
          default -> "/" + view.cost();
        };
    var ases = attributes.asPath().flattened();
    return " (%d%s%s) [%s%s]"
        .formatted(
            BGP,
            view.stale() ? "s" : "",
            metric,
            ases.isEmpty() ? "" : "AS" + ases.getLast(),
            letter(attributes.origin()));
  }

  private static String letter(Origin origin) {
    return switch (origin) {
      case IGP -> "i";
      case EGP -> "e";
      case INCOMPLETE -> "?";
    };
  }

  /** What the session called {@code name} is told of {@code entry}. */
  ExportView export(String name, Entry entry) {
    if (entry.bgp().isEmpty()) {
      return new ExportView.Filtered(); // Calico's filter lets blocks and services through
    }
    return speaker()
        .flatMap(s -> s.export(name, entry.bgp().get().route()))
        .orElseGet(ExportView.Refused::new);
  }

  /** True if the best route of {@code entry} is in the kernel by the kernel protocol. */
  boolean isInKernel(Entry entry) {
    return entry.bgp().isPresent()
        && entry.route().best()
        && !node.isKeptOutOfKernel(entry.route().prefix());
  }

  /** As it is told: what leaves, in the place of what came. */
  static BirdRoute told(BirdRoute route, PathAttributes leaves) {
    return new BirdRoute(
        route.prefix(),
        route.via(),
        route.protocol(),
        route.since(),
        route.from(),
        route.best(),
        route.info(),
        route.source(),
        BirdAttributes.lines(leaves));
  }

  // ---- protocols

  List<BirdProtocol> protocols() {
    var routes = routes();
    var all = new ArrayList<BirdProtocol>();
    int blocks = count(routes, "static1");
    all.add(own("static1", "Static", STATIC, "REJECT", BirdProtocol.Counts.own(blocks, blocks)));
    all.add(own("kernel1", "Kernel", KERNEL, "calico_kernel_programming", kernelCounts(routes)));
    all.add(own("device1", "Device", DEVICE, "REJECT", BirdProtocol.Counts.own(0, 0)));
    int direct = count(routes, "direct1");
    all.add(own("direct1", "Direct", DIRECT, "REJECT", BirdProtocol.Counts.own(direct, direct)));
    view().ifPresent(v -> v.neighbors().forEach(n -> all.add(session(n, v, routes))));
    return all;
  }

  private BirdProtocol own(
      String name, String kind, int preference, String output, BirdProtocol.Counts counts) {
    return new BirdProtocol(
        name, kind, "up", started, "", "", "", preference, "ACCEPT", output, counts, List.of());
  }

  private static int count(List<Entry> routes, String protocol) {
    return (int) routes.stream().filter(entry -> entry.route().protocol().equals(protocol)).count();
  }

  private BirdProtocol.Counts kernelCounts(List<Entry> routes) {
    int learned = count(routes, "kernel1");
    int best = (int) routes.stream().filter(entry -> entry.route().best()).count();
    int written = (int) routes.stream().filter(this::isInKernel).count();
    int own = learned + count(routes, "direct1");
    return new BirdProtocol.Counts(
        learned,
        written,
        learned,
        learned,
        0,
        0,
        0,
        learned,
        0,
        0,
        best,
        own,
        Math.max(0, best - own - written));
  }

  private BirdProtocol session(NeighborView n, SpeakerView view, List<Entry> routes) {
    long offered = 0;
    long refused = 0;
    long kept = 0;
    boolean up = n.state().equals("Established");
    if (up) {
      for (var entry : routes) {
        if (entry.route().best()) {
          offered++;
          switch (export(n.name(), entry)) {
            case ExportView.Told _ -> {}
            case ExportView.Refused _ -> refused++;
            case ExportView.Filtered _ -> kept++;
          }
        }
      }
    }
    var c = n.counters();
    var counts =
        new BirdProtocol.Counts(
            n.imported(),
            n.exported(),
            n.preferred(),
            c.importUpdates(),
            c.importRejected(),
            c.importFiltered(),
            c.importIgnored(),
            c.importAccepted(),
            c.importWithdraws(),
            c.importWithdrawsIgnored(),
            offered,
            refused,
            kept);
    var state = n.protocolState();
    var info =
        state.equals("down") ? n.lastError() : "%-14s%s".formatted(n.sessionState(), n.lastError());
    return new BirdProtocol(
        n.name(),
        "BGP",
        state,
        n.since(),
        info,
        "Connection to BGP peer",
        "",
        BGP,
        "ACCEPT",
        "calico_export_to_bgp_peers",
        counts,
        BirdSessionLines.of(n, own(view)));
  }

  private static String own(SpeakerView view) {
    var about = view.config();
    return about
        .ipv4()
        .map(Ipv4Address::toString)
        .or(() -> about.ipv6().map(Ipv6Address::toString))
        .orElse("");
  }
}
