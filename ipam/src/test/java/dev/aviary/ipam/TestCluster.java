package dev.aviary.ipam;

import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The inputs of a small cluster, to be changed at will; selectors are "key == value" only. */
final class TestCluster implements IpamInputs {
  final List<IpPool> pools = new ArrayList<>();
  final List<Prefix> reservations = new ArrayList<>();
  final Map<String, Map<String, String>> nodes = new HashMap<>();

  TestCluster(String... hosts) {
    for (var host : hosts) {
      nodes.put(host, Map.of());
    }
  }

  TestCluster pool(String cidr, int blockSize) {
    pools.add(new IpPool(cidr, Prefix.of(cidr), blockSize, false, "", IpPool.DEFAULT_USES));
    return this;
  }

  @Override
  public List<IpPool> pools() {
    return List.copyOf(pools);
  }

  @Override
  public List<Prefix> reservations() {
    return List.copyOf(reservations);
  }

  @Override
  public Optional<Map<String, String>> nodeLabels(String host) {
    return Optional.ofNullable(nodes.get(host));
  }

  @Override
  public boolean matches(String selector, Map<String, String> labels) {
    if (selector.isEmpty()) {
      return true;
    }
    var parts = selector.split(" == ", 2);
    return parts[1].equals(labels.get(parts[0]));
  }
}
