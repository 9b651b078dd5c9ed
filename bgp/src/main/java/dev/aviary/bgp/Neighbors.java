package dev.aviary.bgp;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The neighbors of a speaker by name, and by where their connections come from. Several may share
 * an address, told apart by the port they are dialled at; a connection that comes in from there is
 * for the first of them that has none.
 */
final class Neighbors {
  private final Map<String, Neighbor> byName = new LinkedHashMap<>();
  private final Map<InetAddress, List<Neighbor>> byAddress = new HashMap<>();
  private final Map<Prefix, NeighborConfig> ranges = new LinkedHashMap<>();
  private final Set<Neighbor> admitted = new HashSet<>();
  private int count;

  Collection<Neighbor> all() {
    return Collections.unmodifiableCollection(byName.values());
  }

  Optional<Neighbor> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  boolean holds(Neighbor neighbor) {
    return byName.get(neighbor.config().name()) == neighbor;
  }

  void add(Neighbor neighbor) {
    byName.put(neighbor.config().name(), neighbor);
    byAddress
        .computeIfAbsent(NeighborFacts.from(neighbor.config()), _ -> new ArrayList<>(1))
        .add(neighbor);
  }

  void remove(Neighbor neighbor) {
    byName.remove(neighbor.config().name());
    admitted.remove(neighbor);
    byAddress.computeIfPresent(
        NeighborFacts.from(neighbor.config()),
        (_, there) -> {
          there.remove(neighbor);
          return there.isEmpty() ? null : there;
        });
  }

  /** Whom a connection from {@code address} is for. */
  Optional<Neighbor> at(InetAddress address) {
    var there = byAddress.getOrDefault(address, List.of());
    for (var neighbor : there) {
      if (neighbor.awaitsConnection()) {
        return Optional.of(neighbor);
      }
    }
    return there.stream().findFirst();
  }

  /** Other neighbors whose connections come from where those of {@code config} do. */
  List<Neighbor> besides(NeighborConfig config) {
    return byAddress.getOrDefault(NeighborFacts.from(config), List.of()).stream()
        .filter(neighbor -> !neighbor.config().name().equals(config.name()))
        .toList();
  }

  void range(Prefix range, NeighborConfig template) {
    ranges.put(range, template);
  }

  /** What a neighbor at an address that only a range knows is told. */
  Optional<NeighborConfig> admit(InetAddress from) {
    var address = IpAddress.of(from.getAddress());
    for (var each : ranges.entrySet()) {
      if (each.getKey().contains(address)) {
        return Optional.of(each.getValue().at(address, from, ++count));
      }
    }
    return Optional.empty();
  }

  void admitted(Neighbor neighbor) {
    admitted.add(neighbor);
  }

  boolean isAdmitted(Neighbor neighbor) {
    return admitted.contains(neighbor);
  }
}
