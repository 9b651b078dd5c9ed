package dev.aviary.bgp;

import dev.aviary.bgp.rib.RouteSelection;
import dev.aviary.bgp.route.Route;
import java.time.Instant;
import java.util.Optional;

/**
 * One route at one instant.
 *
 * @param best it is the one in use
 * @param decidedBy the rule that made it the best; empty for others
 * @param preference BIRD's: compared before all attributes
 * @param cost of its next hop, as {@link dev.aviary.bgp.rib.NextHopResolver} has it
 */
public record RouteView(
    Route route,
    boolean best,
    Optional<RouteSelection.Rule> decidedBy,
    Instant since,
    boolean stale,
    int preference,
    int cost) {}
