package dev.aviary.ipam;

import dev.aviary.felix.selector.Selector;
import dev.aviary.felix.selector.SelectorException;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** The nodes, pools and reservations of a scenario. */
final class ScenarioInputs implements IpamInputs {
  private final Map<String, IpPool> pools = new TreeMap<>();
  private final Map<String, Map<String, String>> nodes = new HashMap<>();
  private final List<Prefix> reservations = new ArrayList<>();

  synchronized void applyNode(JsonNode node) {
    nodes.put(node.get("name").asString(), texts(node.get("labels")));
  }

  synchronized void deleteNode(String name) {
    nodes.remove(name);
  }

  synchronized void applyPool(JsonNode pool) {
    var cidr = Prefix.of(pool.get("cidr").asString());
    var name = pool.has("name") ? pool.get("name").asString() : pool.get("cidr").asString();
    int blockSize =
        pool.has("blockSize") ? pool.get("blockSize").asInt() : IpPool.of(cidr).blockSize();
    pools.put(
        name,
        new IpPool(
            name,
            cidr,
            blockSize,
            pool.has("disabled") && pool.get("disabled").asBoolean(),
            pool.has("nodeSelector") ? pool.get("nodeSelector").asString() : "",
            uses(pool.get("allowedUses")),
            pool.has("namespaceSelector") ? pool.get("namespaceSelector").asString() : "",
            pool.has("assignmentMode") && pool.get("assignmentMode").asString().equals("Manual")));
  }

  private static Set<IntendedUse> uses(JsonNode uses) {
    if (uses == null) {
      return IpPool.DEFAULT_USES;
    }
    var found = EnumSet.noneOf(IntendedUse.class);
    for (var use : IntendedUse.values()) {
      if (uses.valueStream().anyMatch(u -> u.asString().equals(use.text()))) {
        found.add(use);
      }
    }
    return found;
  }

  synchronized void put(IpPool pool) {
    pools.put(pool.name(), pool);
  }

  synchronized void deletePool(String name) {
    pools.remove(name);
  }

  synchronized void clearPools() {
    pools.clear();
  }

  synchronized void setReservations(JsonNode given) {
    reservations.clear();
    for (var reservation : given) {
      for (var cidr : reservation.get("cidrs")) {
        reservations.addAll(Reservations.parse(List.of(cidr.asString())));
      }
    }
  }

  static Map<String, String> texts(JsonNode map) {
    var found = new HashMap<String, String>();
    if (map != null) {
      map.forEachEntry((key, value) -> found.put(key, value.asString()));
    }
    return found;
  }

  @Override
  public synchronized List<IpPool> pools() {
    return List.copyOf(pools.values());
  }

  @Override
  public synchronized List<Prefix> reservations() {
    return List.copyOf(reservations);
  }

  @Override
  public synchronized Optional<Map<String, String>> nodeLabels(String host) {
    return Optional.ofNullable(nodes.get(host));
  }

  @Override
  public boolean matches(String selector, Map<String, String> labels) throws IpamException {
    try {
      return Selector.parse(selector).matches(labels);
    } catch (SelectorException e) {
      throw new IpamException(new IpamError.Other(String.valueOf(e.getMessage())));
    }
  }
}
