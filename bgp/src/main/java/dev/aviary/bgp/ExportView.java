package dev.aviary.bgp;

import dev.aviary.bgp.policy.Verdict;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.route.Route;
import dev.aviary.bgp.route.RouteSource;

/** What a neighbor is told of a route, if there is a session or if there were one. */
public sealed interface ExportView {

  /** It is told, with these attributes. */
  record Told(PathAttributes attributes) implements ExportView {}

  /**
   * The protocol itself keeps it back: it came from there, or the rules of RFC 4271 §9.2 say so.
   */
  record Refused() implements ExportView {}

  /** The export policy keeps it back. */
  record Filtered() implements ExportView {}

  /** In BIRD's order: the protocol is asked before the filter. */
  static ExportView of(SpeakerConfig about, Neighbor neighbor, AfiSafi family, Route route) {
    var key =
        NeighborFacts.groupKey(
            about, neighbor, family, neighbor.options(), NeighborFacts.exportPolicy(neighbor));
    var source = route.source();
    boolean itsOwn =
        source instanceof RouteSource.Learned && source.name().equals(neighbor.config().name());
    if (itsOwn || !key.rules().permits(route.attributes(), source)) {
      return new Refused();
    }
    return switch (key.export().apply(route)) {
      case Verdict.Rejected _ -> new Filtered();
      case Verdict.Accepted(var after) -> {
        var leaves = key.rules().export(route.attributes(), after, source, family.afi() == 2);
        yield leaves == null ? new Refused() : new Told(leaves);
      }
    };
  }
}
