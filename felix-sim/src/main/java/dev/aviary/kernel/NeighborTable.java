package dev.aviary.kernel;

import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.net.IpAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which link-layer address an IP address on a link has (ARP's and NDP's cache). */
public final class NeighborTable {
  private static final Duration DELAY_TIME = Duration.ofSeconds(5);
  private static final Duration REACHABLE_TIME = Duration.ofSeconds(30);

  private record Key(String device, IpAddress address) {}

  private final InstantSource clock;
  private final Map<Key, Neighbor> entries = new LinkedHashMap<>();
  private final Set<Key> proxied = new LinkedHashSet<>();

  NeighborTable(InstantSource clock) {
    this.clock = clock;
  }

  /** The entries, oldest first; a reachable one that was not confirmed for 30 s shows as stale. */
  public List<Neighbor> list() {
    return entries.values().stream().map(this::aged).toList();
  }

  /** The entry of {@code address} on {@code device}. */
  public Optional<Neighbor> find(String device, IpAddress address) {
    return Optional.ofNullable(get(device, address));
  }

  @Nullable Neighbor get(String device, IpAddress address) {
    var found = entries.get(new Key(device, address));
    return found == null ? null : aged(found);
  }

  private Neighbor aged(Neighbor entry) {
    return switch (entry.state()) {
      case REACHABLE ->
          entry.since().plus(REACHABLE_TIME).isAfter(clock.instant())
              ? entry
              : new Neighbor(
                  entry.address(),
                  entry.device(),
                  entry.mac(),
                  Neighbor.State.STALE,
                  entry.since());
      case DELAY ->
          // A unicast probe after five seconds is answered by a neighbor that is still there.
          entry.since().plus(DELAY_TIME).isAfter(clock.instant())
              ? entry
              : aged(
                  new Neighbor(
                      entry.address(),
                      entry.device(),
                      entry.mac(),
                      Neighbor.State.REACHABLE,
                      entry.since().plus(DELAY_TIME)));
      case INCOMPLETE, STALE, PROBE, FAILED, NOARP, PERMANENT -> entry;
    };
  }

  /** Sets an entry by hand ({@code ip neigh replace}) or because of what was heard. */
  public void put(
      String device, IpAddress address, @Nullable MacAddress mac, Neighbor.State state) {
    entries.put(
        new Key(device, address), new Neighbor(address, device, mac, state, clock.instant()));
  }

  /** Removes an entry; false if it is not there. */
  public boolean remove(String device, IpAddress address) {
    return entries.remove(new Key(device, address)) != null;
  }

  /** {@code ip neigh add proxy ADDRESS dev DEVICE}: answered for although it is elsewhere. */
  public void addProxy(String device, IpAddress address) {
    proxied.add(new Key(device, address));
  }

  boolean isProxied(String device, IpAddress address) {
    return proxied.contains(new Key(device, address));
  }

  /** Forgets everything of {@code device} that was not set by hand. */
  public void flush(String device) {
    entries
        .values()
        .removeIf(
            entry -> entry.device().equals(device) && entry.state() != Neighbor.State.PERMANENT);
  }

  /** Forgets everything that was not set by hand. */
  public void flush() {
    entries.values().removeIf(entry -> entry.state() != Neighbor.State.PERMANENT);
  }
}
