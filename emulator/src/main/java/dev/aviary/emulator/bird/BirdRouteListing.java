package dev.aviary.emulator.bird;

import dev.aviary.emulator.bird.BirdRouteQuery.Export;
import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.function.Predicate;

/** Walks tables as BIRD does for {@code show route}, and prints what a query lets pass. */
final class BirdRouteListing {
  private final BirdState state;
  private final BirdRouteQuery query;
  private final BirdTime time;
  private final BirdReply reply = new BirdReply();
  private boolean headed;
  private boolean open;
  private Totals totals = new Totals(0, 0, 0);

  BirdRouteListing(BirdState state, BirdRouteQuery query, BirdTime time) {
    this.state = state;
    this.query = query;
    this.time = time;
  }

  /** Routes that were shown, that were looked at, and networks. */
  private record Totals(int shown, int routes, int networks) {
    Totals plus(Totals more) {
      return new Totals(shown + more.shown, routes + more.routes, networks + more.networks);
    }

    String print() {
      return "%d of %d routes for %d networks".formatted(shown, routes, networks);
    }
  }

  String print() throws BirdReplyException {
    var tables = tables();
    if (tables.isEmpty()) {
      throw new BirdReplyException("9001", "No valid tables");
    }
    return query.prefix.isPresent() && !query.inside ? lookup(tables) : walk(tables);
  }

  private boolean two() {
    return time.dialect() == BirdDialect.BIRD_2_0;
  }

  // ---- which tables

  private List<BirdTable> tables() throws BirdReplyException {
    var adjacent = query.adjacent;
    if (adjacent.isPresent()) {
      var asked = adjacent.get();
      return List.of(
          state
              .adjacent(asked)
              .orElseThrow(
                  () ->
                      new BirdReplyException(
                          "9001",
                          "No %s table in channel %s"
                              .formatted(asked.in() ? "import" : "export", asked.name()))));
    }
    var found = state.tables().stream().filter(wanted()).toList();
    if (query.prefix.isPresent()) {
      var family = query.prefix.get().family();
      found = found.stream().filter(table -> table.family() == family).toList();
    }
    return found;
  }

  private Predicate<BirdTable> wanted() {
    if (query.allTables) {
      return _ -> true;
    }
    if (!query.tables.isEmpty()) {
      return table -> query.tables.contains(table.name());
    }
    if (query.exportTo.isPresent()) {
      var to = query.exportTo.get();
      return table ->
          to.pipe().isPresent()
              ? to.pipe().get().table().equals(table.name())
              : isExported(to, table);
    }
    if (query.protocol.isPresent() && two()) {
      var from = query.protocol.get();
      return table ->
          from.channels().stream().anyMatch(channel -> channel.table().equals(table.name()));
    }
    return BirdTable::standard;
  }

  private boolean isExported(BirdProtocol to, BirdTable table) {
    if (!two()) {
      return table.standard();
    }
    return to.channels().stream()
        .filter(c -> query.exportChannel.isEmpty() || c.name().equals(query.exportChannel))
        .anyMatch(channel -> channel.isUp() && channel.table().equals(table.name()));
  }

  // ---- walking

  private String walk(List<BirdTable> tables) {
    for (var table : tables) {
      open = false;
      if (two() && (!query.tables.isEmpty() || query.allTables)) {
        head(table);
      }
      var sum = new Totals(0, 0, 0);
      for (var network : networks(table).entrySet()) {
        if (!query.inside || isInside(network.getKey())) {
          sum = sum.plus(network(table, network.getValue()));
        }
      }
      totals = totals.plus(sum);
      if (two() && (query.count || query.stats)) {
        if (!open) {
          head(table);
        }
        reply.line("1007", sum.print() + " in table " + table.name());
      }
    }
    if (!query.count && !query.stats) {
      return reply.end();
    }
    if (!two()) {
      return reply.end("0014", totals.print());
    }
    if (tables.size() == 1) {
      return reply.end();
    }
    if (query.stats) {
      reply.line("1007", "");
    }
    return reply.end("0014", "Total: %s in %d tables".formatted(totals.print(), tables.size()));
  }

  private boolean isInside(Prefix network) {
    return query.prefix.isPresent()
        && network.length() >= query.prefix.get().length()
        && query.prefix.get().contains(network.address());
  }

  private SequencedMap<Prefix, List<BirdRoute>> networks(BirdTable table) {
    return (query.filtered
            ? new BirdTable(table.name(), table.family(), true, table.refused(), List.of())
            : table)
        .networks(time.dialect());
  }

  /** One network, or none; it is not counted. */
  private String lookup(List<BirdTable> tables) throws BirdReplyException {
    int looked = 0;
    for (var table : tables) {
      open = false;
      var networks = networks(table);
      var found = query.longest ? longest(networks) : query.prefix.filter(networks::containsKey);
      if (found.isPresent()) {
        var routes = networks.getOrDefault(found.get(), List.of());
        looked += network(table, routes).routes();
      }
    }
    if (looked == 0) {
      throw new BirdReplyException("8001", two() ? "Network not found" : "Network not in table");
    }
    return reply.end();
  }

  private Optional<Prefix> longest(SequencedMap<Prefix, List<BirdRoute>> networks) {
    var target = query.prefix.orElseThrow();
    Optional<Prefix> found = Optional.empty();
    for (var candidate : networks.keySet()) {
      if (candidate.length() <= target.length()
          && candidate.contains(target.address())
          && (found.isEmpty() || candidate.length() > found.get().length())) {
        found = Optional.of(candidate);
      }
    }
    return found;
  }

  /** The routes of one network, the best first. */
  private Totals network(BirdTable table, List<BirdRoute> routes) {
    int looked = 0;
    int shown = 0;
    boolean decided = false;
    for (var route : routes) {
      looked++;
      if (!decided) {
        var step = step(route, routes);
        decided = step.last();
        var passed =
            step.route()
                .filter(
                    r ->
                        query.protocol.isEmpty()
                            || query.protocol.get().name().equals(r.protocol()))
                .flatMap(query::pass);
        if (passed.isPresent()) {
          if (!query.count) {
            print(table, passed.get(), shown > 0);
          }
          shown++;
        }
      }
      if (query.primary) {
        break;
      }
    }
    return new Totals(shown, looked, looked > 0 ? 1 : 0);
  }

  /** A route on its way, if it is still there, and whether those behind it are looked at. */
  private record Step(Optional<BirdRoute> route, boolean last) {}

  private Step step(BirdRoute route, List<BirdRoute> routes) {
    if (query.export == Export.NONE) {
      return new Step(Optional.of(route), false);
    }
    var to = query.exportTo.orElseThrow().name();
    var selection = state.selection(to);
    if (selection == BirdState.Selection.MERGED && query.export == Export.EXPORT) {
      return new Step(merged(to, routes), true);
    }
    boolean last = selection != BirdState.Selection.ALL;
    return switch (state.offer(to, route)) {
      case BirdState.Offer.Refused _ -> new Step(Optional.empty(), last);
      case BirdState.Offer.Filtered(var offered) ->
          new Step(query.export == Export.EXPORT ? Optional.empty() : Optional.of(offered), last);
      case BirdState.Offer.Told(var offered, var told) ->
          new Step(
              switch (query.export) {
                case EXPORT -> Optional.of(told);
                case PREEXPORT -> Optional.of(offered);
                case NOEXPORT, NONE -> Optional.<BirdRoute>empty();
              },
              last);
    };
  }

  /** The best route with the gateways of those that are as good. */
  private Optional<BirdRoute> merged(String to, List<BirdRoute> routes) {
    var best = routes.getFirst();
    if (!(state.offer(to, best) instanceof BirdState.Offer.Told(_, var told))) {
      return Optional.empty();
    }
    var hops =
        routes.stream()
            .filter(other -> isAsGood(best, other))
            .filter(other -> state.offer(to, other) instanceof BirdState.Offer.Told)
            .flatMap(other -> other.hops().stream())
            .distinct()
            .sorted(java.util.Comparator.comparing(h -> h.gateway().orElseThrow()))
            .toList();
    if (hops.size() < 2) {
      return Optional.of(told);
    }
    var kernel = told.kernel();
    return Optional.of(
        new BirdRoute(
            told.prefix(),
            told.destination(),
            hops,
            told.protocol(),
            told.since(),
            told.from(),
            BirdRoute.Mark.NONE,
            told.preference(),
            told.rank(),
            told.source(),
            told.attributes(),
            new BirdRoute.Kernel(
                kernel.source(), kernel.metric(), Optional.empty(), OptionalInt.empty())));
  }

  /** BIRD merges routes of BGP whose ranking differs in nothing but who told them. */
  private static boolean isAsGood(BirdRoute best, BirdRoute other) {
    return other.hops().stream().allMatch(hop -> hop.gateway().isPresent())
        && (best.equals(other)
            || (best.source() == BirdRoute.Source.BGP
                && other.source() == BirdRoute.Source.BGP
                && best.preference() == other.preference()
                && metric(best).equals(metric(other))
                && best.attributes().localPrefOrDefault() == other.attributes().localPrefOrDefault()
                && best.attributes().hops() == other.attributes().hops()
                && best.attributes().originCode() == other.attributes().originCode()
                && best.attributes().medOrZero() == other.attributes().medOrZero()));
  }

  private static String metric(BirdRoute route) {
    return route.rank().map(BirdRoute.Rank::metric).orElse("");
  }

  // ---- printing

  private void head(BirdTable table) {
    open = true;
    if (query.count) {
      return;
    }
    if (headed) {
      reply.line("1007", "");
    }
    headed = true;
    reply.line("1007", "Table " + table.name() + ":");
  }

  private void print(BirdTable table, BirdRoute route, boolean again) {
    if (two() && !open) {
      head(table);
    }
    var about =
        "[%s %s%s]%s%s"
            .formatted(
                route.protocol(),
                time.brief(route.since()),
                route.from().map(from -> " from " + from).orElse(""),
                route.mark().text(),
                route.info());
    var network = again ? "" : route.prefix().toString();
    reply.line(
        "1007",
        two()
            ? "%-20s %s %s".formatted(network, route.destination().word(), about)
            : "%-18s %s %s".formatted(network, via(route), about));
    hops(route);
    if (query.all) {
      reply.line("1008", "\tType: " + route.source().word() + (two() ? "" : " unicast") + " univ");
      BirdAttributes.lines(route).forEach(line -> reply.line("1012", "\t" + line));
    }
  }

  private static String via(BirdRoute route) {
    return switch (route.destination()) {
      case UNICAST -> route.hops().size() > 1 ? "multipath" : route.hops().getFirst().print();
      case BLACKHOLE, UNREACHABLE, PROHIBITED -> route.destination().word();
    };
  }

  private void hops(BirdRoute route) {
    boolean many = route.hops().size() > 1;
    if (!many && !two()) {
      return;
    }
    for (var hop : route.hops()) {
      reply.line(
          "1007",
          "\t%s%s%s"
              .formatted(
                  hop.print(),
                  hop.onlink() ? " onlink" : "",
                  many ? " weight " + hop.weight() : ""));
    }
  }
}
