package dev.aviary.kernel.route;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv4Prefix;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One routing table of one family: per prefix the routes in order of metric. The longest prefix is
 * found by asking one hash per length in use, longest first.
 */
final class RouteTable {
  private final IpFamily family;
  private final TreeMap<Prefix, List<KernelRoute>> routes = new TreeMap<>(RouteTable::order);
  private final @Nullable Ipv4Index[] byLength = new Ipv4Index[33];
  private final Map<Prefix, List<KernelRoute>> ipv6 = new HashMap<>();
  private final int[] count = new int[129];
  private int longest = -1;

  RouteTable(IpFamily family) {
    this.family = family;
  }

  /** By address, then the longer prefix first: the order of the kernel's trie. */
  private static int order(Prefix a, Prefix b) {
    int byAddress = a.address().compareTo(b.address());
    return byAddress != 0 ? byAddress : Integer.compare(b.length(), a.length());
  }

  boolean isEmpty() {
    return routes.isEmpty();
  }

  /** The routes to {@code prefix} itself, best metric first. */
  List<KernelRoute> at(Prefix prefix) {
    return routes.getOrDefault(prefix, List.of());
  }

  /** All routes, by prefix and metric. */
  List<KernelRoute> all() {
    var all = new ArrayList<KernelRoute>();
    routes.values().forEach(all::addAll);
    return all;
  }

  /** The routes of the longest prefix around {@code address} that is at most {@code length}. */
  @Nullable List<KernelRoute> longestMatch(IpAddress address, int length) {
    for (int bits = Math.min(longest, length); bits >= 0; bits--) {
      if (count[bits] == 0) {
        continue;
      }
      var found = find(address, bits);
      if (found != null) {
        return found;
      }
    }
    return null;
  }

  private @Nullable List<KernelRoute> find(IpAddress address, int bits) {
    if (address instanceof Ipv4Address v4) {
      var index = byLength[bits];
      return index == null ? null : index.get(v4.bits() & Ipv4Prefix.mask(bits));
    }
    return ipv6.get(Prefix.of(address, bits));
  }

  /** Replaces what is at {@code prefix}; an empty list removes it. */
  void set(Prefix prefix, List<KernelRoute> list) {
    boolean had = routes.containsKey(prefix);
    int bits = prefix.length();
    if (list.isEmpty()) {
      routes.remove(prefix);
    } else {
      routes.put(prefix, List.copyOf(list));
    }
    count[bits] += (list.isEmpty() ? 0 : 1) - (had ? 1 : 0);
    if (count[bits] > 0) {
      longest = Math.max(longest, bits);
    } else {
      while (longest >= 0 && count[longest] == 0) {
        longest--;
      }
    }
    index(prefix, bits);
  }

  private void index(Prefix prefix, int bits) {
    var list = routes.get(prefix);
    if (family == IpFamily.IPV6) {
      if (list == null) {
        ipv6.remove(prefix);
      } else {
        ipv6.put(prefix, list);
      }
      return;
    }
    var index = byLength[bits];
    if (index == null) {
      index = new Ipv4Index();
      byLength[bits] = index;
    }
    int key = prefix.address() instanceof Ipv4Address v4 ? v4.bits() : 0;
    index.put(key, list);
  }
}
