package dev.aviary.bgp;

import dev.aviary.bgp.route.AfiSafi;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A speaker at one instant: what {@code show} commands print.
 *
 * @param routes of each family in BIRD's order of a table, the best of a prefix first
 */
public record SpeakerView(
    SpeakerConfig config,
    Instant at,
    List<NeighborView> neighbors,
    Map<AfiSafi, List<RouteView>> routes) {
  public SpeakerView {
    neighbors = List.copyOf(neighbors);
    routes = Map.copyOf(routes);
  }

  /** The neighbor called {@code name}. */
  public Optional<NeighborView> neighbor(String name) {
    return neighbors.stream().filter(neighbor -> neighbor.name().equals(name)).findFirst();
  }

  /** The routes of {@code family}, none if it is not spoken. */
  public List<RouteView> routes(AfiSafi family) {
    return routes.getOrDefault(family, List.of());
  }
}
