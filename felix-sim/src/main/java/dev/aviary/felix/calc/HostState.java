package dev.aviary.felix.calc;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What Felix learns from its own kernel: the addresses of each interface that is no workload's, all
 * addresses at which the host itself is reached, and the nets that its interfaces are on.
 */
public record HostState(
    SortedMap<String, List<IpAddress>> interfaces,
    SortedSet<IpAddress> localAddresses,
    List<Prefix> nets) {
  public HostState {
    interfaces = Collections.unmodifiableSortedMap(new TreeMap<>(interfaces));
    localAddresses = Collections.unmodifiableSortedSet(new TreeSet<>(localAddresses));
    nets = List.copyOf(nets);
  }

  /** A host of which nothing is known yet. */
  public static HostState unknown() {
    return new HostState(new TreeMap<>(), new TreeSet<>(), List.of());
  }
}
