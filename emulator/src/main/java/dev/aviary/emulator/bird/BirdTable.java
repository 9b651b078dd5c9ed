package dev.aviary.emulator.bird;

import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * A routing table.
 *
 * @param standard it is one of those that are listed when no table is named
 * @param routes those of a network together, the best first; in any order of networks
 * @param refused routes that an import filter refused and that are kept all the same
 */
record BirdTable(
    String name,
    IpFamily family,
    boolean standard,
    List<BirdRoute> routes,
    List<BirdRoute> refused) {
  BirdTable {
    routes = List.copyOf(routes);
    refused = List.copyOf(refused);
  }

  /** The networks in the order in which the daemon walks them. */
  SequencedMap<Prefix, List<BirdRoute>> networks(BirdDialect dialect) {
    var byPrefix = new LinkedHashMap<Prefix, List<BirdRoute>>();
    for (var route : routes) {
      byPrefix.computeIfAbsent(route.prefix(), _ -> new ArrayList<>()).add(route);
    }
    var order = new ArrayList<>(byPrefix.keySet());
    order.sort((a, b) -> Integer.compareUnsigned(hash(a, dialect), hash(b, dialect)));
    var sorted = new LinkedHashMap<Prefix, List<BirdRoute>>();
    order.forEach(
        prefix -> sorted.put(prefix, List.copyOf(byPrefix.getOrDefault(prefix, List.of()))));
    return sorted;
  }

  private static int hash(Prefix prefix, BirdDialect dialect) {
    var octets = prefix.address().octets();
    int word = 0;
    for (int at = 0; at < octets.length; at += 4) {
      word ^=
          (octets[at] & 0xff) << 24
              | (octets[at + 1] & 0xff) << 16
              | (octets[at + 2] & 0xff) << 8
              | (octets[at + 3] & 0xff);
    }
    boolean four = prefix.family() == IpFamily.IPV4;
    return switch (dialect) {
      case BIRD_1_6 -> {
        int x = word ^ word >>> 16;
        yield (four ? x ^ x << 10 : x ^ word >>> 8) & 0xffff;
      }
      case BIRD_2_0 ->
          (four ? word * (int) 2902958171L : word ^ word << 16 ^ word << 24)
              ^ prefix.length() << 26;
    };
  }
}
