package dev.aviary.bgp;

import dev.aviary.bgp.rib.LocRib;
import dev.aviary.bgp.rib.RibChange;
import dev.aviary.bgp.rib.RouteSelection;
import dev.aviary.bgp.rib.TableOrder;
import dev.aviary.bgp.route.Route;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A Loc-RIB as values, for those who look on. */
final class RibReports {
  private RibReports() {}

  /** What has changed about the best routes of the prefixes that are marked. */
  static List<RibChange> changes(LocRib rib) {
    var changes = new ArrayList<RibChange>();
    for (int i = 0; i < rib.changes(); i++) {
      int entry = rib.changed(i);
      var attributes = rib.before(i);
      var prefix = rib.prefix(entry);
      Optional<Route> before =
          attributes == null
              ? Optional.empty()
              : Optional.of(
                  new Route(prefix, 0, attributes, rib.sources().get(rib.beforeSource(i))));
      var after = rib.best(entry);
      if (!sameRoute(before, after)) {
        changes.add(new RibChange(rib.family(), prefix, before, after));
      }
    }
    return changes;
  }

  private static boolean sameRoute(Optional<Route> before, Optional<Route> after) {
    return before.isPresent() == after.isPresent()
        && (before.isEmpty()
            || (before.get().attributes().equals(after.get().attributes())
                && before.get().source().equals(after.get().source())));
  }

  /** All routes in BIRD's order of a table; their times count from {@code began}. */
  static List<RouteView> routes(LocRib rib, SpeakerConfig config, Instant began) {
    var selection = new RouteSelection(config.selection(), config.resolver());
    var views = new ArrayList<RouteView>();
    for (int entry : new TableOrder(config.behavior()).sort(rib)) {
      boolean first = true;
      for (int path = rib.first(entry); path >= 0; path = rib.next(path)) {
        views.add(
            new RouteView(
                rib.route(entry, path),
                first,
                first ? Optional.of(rib.decidedBy(entry)) : Optional.empty(),
                began.plus(Duration.ofMillis(Integer.toUnsignedLong(rib.since(path)) * 10)),
                (rib.flags(path) & (LocRib.STALE | LocRib.LONG_STALE)) != 0,
                RouteSelection.preference(rib.flags(path), rib.sources().get(rib.sourceOf(path))),
                selection.costOf(rib.attributes(path))));
        first = false;
      }
    }
    return List.copyOf(views);
  }
}
