package dev.aviary.ipam;

import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Any node may use every pool: for tests that are not about pools. */
public record OneNode(Set<String> nodes, List<IpPool> pools) implements IpamInputs {
  public OneNode {
    nodes = Set.copyOf(nodes);
    pools = List.copyOf(pools);
  }

  /** One node, one pool. */
  public OneNode(String node, String pool) {
    this(Set.of(node), List.of(IpPool.of(Prefix.of(pool))));
  }

  @Override
  public List<Prefix> reservations() {
    return List.of();
  }

  @Override
  public Optional<Map<String, String>> nodeLabels(String host) {
    return nodes.contains(host) ? Optional.of(Map.of()) : Optional.empty();
  }

  @Override
  public boolean matches(String selector, Map<String, String> labels) {
    return true;
  }
}
