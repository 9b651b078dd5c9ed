package dev.aviary.emulator.bird;

import dev.aviary.bgp.NeighborView;
import dev.aviary.bgp.SpeakerView;
import dev.aviary.emulator.bird.BirdConfiguration.Section;
import dev.aviary.emulator.bird.BirdCounts.Updates;
import dev.aviary.net.IpFamily;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** The protocols of a node's daemon, in the order of its configuration. */
final class NodeProtocols {
  private final BirdDaemon daemon;
  private final BirdConfiguration configuration;
  private final NodeNames names;
  private final Instant started;
  private final List<BirdTable> tables;

  NodeProtocols(
      BirdDaemon daemon, BirdConfiguration configuration, NodeNames names, Instant started) {
    this.daemon = daemon;
    this.configuration = configuration;
    this.names = names;
    this.started = started;
    this.tables = daemon.tables();
  }

  List<BirdProtocol> list() {
    var all = new ArrayList<BirdProtocol>();
    var listed = new ArrayList<String>();
    for (var section : configuration.protocols()) {
      listed.add(section.name());
      switch (section.kind()) {
        case "static" -> all.add(own(section, "Static", NodeRoutes.STATIC));
        case "kernel" -> all.add(own(section, "Kernel", NodeRoutes.KERNEL));
        case "device" -> all.add(own(section, "Device", NodeRoutes.DIRECT));
        case "direct" -> all.add(own(section, "Direct", NodeRoutes.DIRECT));
        default -> session(section.name()).ifPresent(all::add);
      }
    }
    // Neighbors that came without a resource.
    for (var family : daemon.servedFamilies()) {
      daemon
          .speakerView(family)
          .ifPresent(
              view ->
                  view.neighbors().stream()
                      .filter(n -> !listed.contains(n.name()))
                      .forEach(n -> all.add(session(n, view, family))));
    }
    return all;
  }

  private BirdTable table(IpFamily family) {
    return tables.stream().filter(each -> each.family() == family).findFirst().orElseThrow();
  }

  /** The families that a protocol of the daemon itself serves. */
  private List<IpFamily> served(Section section) {
    if (!names.isTwo()) {
      return daemon.servedFamilies();
    }
    return daemon.servedFamilies().stream()
        .filter(
            family ->
                section.channels().stream()
                    .anyMatch(c -> c.kind().equals(NodeNames.channel(family))))
        .toList();
  }

  private BirdProtocol own(Section section, String kind, int preference) {
    var served = served(section);
    var channels = new ArrayList<BirdChannel>();
    boolean stopped = daemon.parts().isStopped(section.name());
    for (var family : served) {
      var counts =
          kind.equals("Kernel")
              ? kernelCounts(section.name(), family)
              : counts(section.name(), family);
      channels.add(
          channel(
              section.name(),
              family,
              stopped ? "DOWN" : "UP",
              preference,
              stopped ? Optional.empty() : Optional.of(counts),
              List.of()));
    }
    boolean one = served.size() == 1 && (kind.equals("Static") || kind.equals("Kernel"));
    return new BirdProtocol(
        section.name(),
        kind,
        !names.isTwo() || one ? names.table(served.getFirst()) : "---",
        stopped ? "down" : "up",
        daemon.parts().changed(section.name()).orElse(started),
        BirdProtocol.About.NOTHING,
        "",
        "",
        Optional.empty(),
        channels,
        Optional.empty());
  }

  private BirdChannel channel(
      String protocol,
      IpFamily family,
      String state,
      int preference,
      Optional<BirdCounts> counts,
      List<String> nextHop) {
    boolean two = names.isTwo();
    return new BirdChannel(
        two ? NodeNames.channel(family) : "",
        two ? state : "",
        names.table(family),
        preference,
        filter(protocol, family, "import", "ACCEPT"),
        filter(protocol, family, "export", "REJECT"),
        List.of(),
        Optional.empty(),
        counts,
        "",
        nextHop,
        nextHop.isEmpty()
            ? List.of()
            : List.of(
                new BirdChannel.Igp(
                    family == IpFamily.IPV4 ? "IGP IPv4" : "IGP IPv6", names.table(family))));
  }

  /** What a filter is called in reports: its name, or what it does if it has none. */
  private String filter(String protocol, IpFamily family, String side, String unset) {
    return configuration
        .protocol(protocol)
        .map(section -> section.channel(NodeNames.channel(family)))
        .flatMap(section -> section.filtering(side))
        .map(BirdFilterNames::of)
        .orElse(unset);
  }

  private BirdCounts counts(String protocol, IpFamily family) {
    long count = table(family).routes().stream().filter(r -> r.protocol().equals(protocol)).count();
    return BirdCounts.own(count, count);
  }

  private static boolean isBest(BirdRoute route) {
    return route.mark() != BirdRoute.Mark.NONE;
  }

  private BirdCounts kernelCounts(String protocol, IpFamily family) {
    var routes = table(family).routes();
    long learned = routes.stream().filter(r -> r.protocol().equals(protocol)).count();
    var exports = exports(protocol, routes);
    return new BirdCounts(
        learned,
        OptionalLong.empty(),
        exports.accepted(),
        routes.stream().filter(r -> r.protocol().equals(protocol) && isBest(r)).count(),
        new Updates(learned, 0, 0, 0, learned),
        Updates.NONE,
        exports,
        Updates.NONE);
  }

  /** What would come of telling the table as it is. */
  private Updates exports(String protocol, List<BirdRoute> routes) {
    boolean all = daemon.selection(protocol) == BirdState.Selection.ALL;
    long offered = 0;
    long refused = 0;
    long kept = 0;
    for (var route : routes) {
      if (all || isBest(route)) {
        offered++;
        switch (daemon.offer(protocol, route)) {
          case BirdState.Offer.Told _ -> {}
          case BirdState.Offer.Refused _ -> refused++;
          case BirdState.Offer.Filtered _ -> kept++;
        }
      }
    }
    return new Updates(offered, refused, kept, 0, offered - refused - kept);
  }

  private Optional<BirdProtocol> session(String name) {
    for (var family : daemon.servedFamilies()) {
      var view = daemon.speakerView(family);
      var neighbor = view.flatMap(v -> v.neighbor(name));
      if (neighbor.isPresent()) {
        return Optional.of(session(neighbor.get(), view.get(), family));
      }
    }
    return Optional.empty();
  }

  private BirdProtocol session(NeighborView n, SpeakerView view, IpFamily family) {
    boolean up = n.state().equals("Established");
    var state = n.protocolState();
    boolean down = state.equals("down");
    var own = NodeSessions.own(view, family);
    var channel =
        channel(
            n.name(),
            family,
            up ? "UP" : "DOWN",
            NodeRoutes.BGP,
            down || (names.isTwo() && !up) ? Optional.empty() : Optional.of(counts(n, family, up)),
            up && names.isTwo() ? List.of(own) : List.of());
    return new BirdProtocol(
        n.name(),
        "BGP",
        names.isTwo() ? "---" : names.table(family),
        state,
        n.since(),
        new BirdProtocol.About(down ? "" : n.sessionState(), n.lastError()),
        configuration
            .protocol(n.name())
            .flatMap(section -> section.option("description"))
            .map(option -> option.word(1))
            .orElse(""),
        "",
        Optional.of(NodeSessions.of(n, view, names.isTwo())),
        List.of(channel),
        Optional.empty());
  }

  private BirdCounts counts(NeighborView n, IpFamily family, boolean up) {
    var c = n.counters();
    return new BirdCounts(
        n.imported(),
        OptionalLong.empty(),
        n.exported(),
        n.preferred(),
        new Updates(
            c.importUpdates(),
            c.importRejected(),
            c.importFiltered(),
            c.importIgnored(),
            c.importAccepted()),
        new Updates(
            c.importWithdraws(),
            0,
            0,
            c.importWithdrawsIgnored(),
            c.importWithdraws() - c.importWithdrawsIgnored()),
        up ? exports(n.name(), table(family).routes()) : Updates.NONE,
        Updates.NONE);
  }
}
