package dev.aviary.felix.calc;

import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Map;

/**
 * Nets with labels, from a NetworkSet (whose labels then hold its namespace) or a GlobalNetworkSet.
 */
public record NetworkSet(
    String name, Map<String, String> labels, List<String> profiles, List<Prefix> nets) {
  public NetworkSet {
    labels = Map.copyOf(labels);
    profiles = List.copyOf(profiles);
    nets = List.copyOf(nets);
  }
}
