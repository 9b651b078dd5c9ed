package dev.aviary.bgp;

import dev.aviary.bgp.policy.Policy;
import dev.aviary.bgp.policy.Verdict;
import dev.aviary.bgp.rib.RouteDissemination;
import dev.aviary.bgp.rib.RouteDissemination.Refusal;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.route.Route;
import dev.aviary.bgp.route.RouteSource;

/**
 * What a neighbor is told of a route, if there is a session or if there were one. The statement is
 * the export policy's, as {@link Verdict#statement} counts.
 */
public sealed interface ExportView {

  /** It is told, with these attributes. */
  record Told(PathAttributes attributes, int statement) implements ExportView {}

  /** The protocol itself keeps it back, before the export policy is asked. */
  record Refused(Refusal why) implements ExportView {}

  /** The export policy keeps it back. */
  record Filtered(int statement) implements ExportView {}

  /** The policy lets it out, and there is no UPDATE for it. */
  record Unsayable(Obstacle why, int statement) implements ExportView {}

  /** Why there is no UPDATE for a route. */
  enum Obstacle {
    /** We have no address of its family. */
    NO_NEXT_HOP,
    /** Its next hop is the receiver. */
    NEXT_HOP_IS_RECEIVER
  }

  /** What becomes of {@code route} under these rules, whoever of their neighbors it is. */
  static ExportView of(RouteDissemination rules, Policy export, Route route, boolean v6) {
    var source = route.source();
    var refusal = rules.refusal(route.attributes(), source);
    if (refusal != null) {
      return new Refused(refusal);
    }
    var offered = rules.offered(route.attributes(), source);
    var judged = new Route(route.prefix(), route.pathId(), offered, source);
    return switch (export.apply(judged)) {
      case Verdict.Rejected(var statement) -> new Filtered(statement);
      case Verdict.Accepted(var after, var statement, _) -> {
        var leaves = rules.export(offered, after, source, v6);
        yield leaves == null
            ? new Unsayable(Obstacle.NO_NEXT_HOP, statement)
            : new Told(leaves, statement);
      }
    };
  }

  /** In BIRD's order: the protocol is asked before the filter. */
  static ExportView of(SpeakerConfig about, Neighbor neighbor, AfiSafi family, Route route) {
    if (route.source() instanceof RouteSource.Learned
        && route.source().name().equals(neighbor.config().name())) {
      return new Refused(Refusal.CAME_FROM_THERE);
    }
    var key =
        NeighborFacts.groupKey(
            about, neighbor, family, neighbor.options(), NeighborFacts.exportPolicy(neighbor));
    var view = of(key.rules(), key.export(), route, family.afi() == 2);
    return view instanceof Told(var leaves, var statement)
            && leaves.nextHop().filter(neighbor.address()::equals).isPresent()
        ? new Unsayable(Obstacle.NEXT_HOP_IS_RECEIVER, statement)
        : view;
  }
}
