package dev.aviary.ipam;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A slice of a pool that is in use: the only place where an address is recorded as taken. Its free
 * addresses form a queue: a released one comes back only after every other free one was used.
 */
public final class Block implements IpamObject {
  private static final int FREE = -1;

  /** Who took an address: one entry serves all addresses with an equal handle and equal map. */
  public record Attributes(@Nullable String handle, Map<String, String> secondary) {
    public Attributes {
      secondary = Map.copyOf(secondary);
    }
  }

  /** A block after addresses were taken, and which. */
  record Taken(Block block, List<IpAddress> addresses) {}

  /** A block after a release: what went free, per handle how many, and what was free already. */
  record Freed(
      Block block, int count, Map<String, Integer> byHandle, List<IpAddress> unallocated) {}

  private final Prefix cidr;
  private final @Nullable String affinity;
  private final int[] allocations;
  private final int[] unallocated;
  private final List<Attributes> attributes;

  private Block(
      Prefix cidr,
      @Nullable String affinity,
      int[] allocations,
      int[] unallocated,
      List<Attributes> attributes) {
    this.cidr = cidr;
    this.affinity = affinity;
    this.allocations = allocations;
    this.unallocated = unallocated;
    this.attributes = List.copyOf(attributes);
  }

  /** A block with every address free. */
  static Block create(Prefix cidr, @Nullable String affinity, @Nullable HostReservation reserved) {
    int size = 1 << (cidr.family().bits() - cidr.length());
    var allocations = new int[size];
    Arrays.fill(allocations, FREE);
    if (reserved == null) {
      return new Block(cidr, affinity, allocations, range(0, size), List.of());
    }
    Arrays.fill(allocations, 0, Math.min(reserved.start(), size), 0);
    Arrays.fill(allocations, Math.max(0, size - reserved.end()), size, 0);
    return new Block(
        cidr,
        affinity,
        allocations,
        range(reserved.start(), size - reserved.end()),
        List.of(new Attributes(reserved.handle(), Map.of("note", reserved.note()))));
  }

  private static int[] range(int from, int to) {
    var numbers = new int[Math.max(0, to - from)];
    Arrays.setAll(numbers, i -> from + i);
    return numbers;
  }

  public Prefix cidr() {
    return cidr;
  }

  /** "host:NAME", or null if it is nobody's. */
  public @Nullable String affinity() {
    return affinity;
  }

  /** The host that owns it; empty if none does. */
  public Optional<String> host() {
    return affinity != null && affinity.startsWith("host:")
        ? Optional.of(affinity.substring("host:".length()))
        : Optional.empty();
  }

  boolean isOwnedBy(String host) {
    return affinity != null && affinity.equals("host:" + host);
  }

  /** How many addresses it has. */
  public int size() {
    return allocations.length;
  }

  /** The ordinals that are free, in the order in which they will be handed out. */
  public List<Integer> unallocated() {
    return Arrays.stream(unallocated).boxed().toList();
  }

  /** How many addresses are free, reserved ones counted. */
  public int freeCount() {
    return unallocated.length;
  }

  /** Per ordinal the index into {@link #attributes}, or empty if it is free. */
  public Optional<Integer> allocation(int ordinal) {
    return allocations[ordinal] == FREE ? Optional.empty() : Optional.of(allocations[ordinal]);
  }

  public List<Attributes> attributes() {
    return attributes;
  }

  /** Who has the address at {@code ordinal}, or null if it is free. */
  public @Nullable Attributes owner(int ordinal) {
    return allocations[ordinal] == FREE ? null : attributes.get(allocations[ordinal]);
  }

  public IpAddress address(int ordinal) {
    return cidr.address().plus(ordinal);
  }

  /** The distance of {@code address} from the first one; it must be inside. */
  public int ordinal(IpAddress address) {
    var first = cidr.address().octets();
    var octets = address.octets();
    int ordinal = 0;
    for (int i = 0; i < octets.length; i++) {
      ordinal = (ordinal << 8) + ((octets[i] & 0xff) - (first[i] & 0xff));
    }
    return ordinal;
  }

  /** True if nothing is allocated but what Windows reserves. */
  public boolean isEmpty() {
    for (var entry : attributes) {
      var handle = entry.handle();
      if (handle == null
          || !HostReservation.WINDOWS_HANDLE.equals(handle.toLowerCase(java.util.Locale.ROOT))) {
        return false;
      }
    }
    return true;
  }

  /** How many addresses may be handed out automatically. */
  int assignable(Reservations reserved) {
    if (!reserved.overlaps(cidr)) {
      return unallocated.length;
    }
    int count = 0;
    for (int ordinal : unallocated) {
      if (!reserved.contains(address(ordinal))) {
        count++;
      }
    }
    return count;
  }

  Block withAffinity(@Nullable String changed) {
    return new Block(cidr, changed, allocations, unallocated, attributes);
  }

  /**
   * Takes up to {@code wanted} addresses from the front of the queue; reserved ones keep their
   * place.
   */
  Taken take(int wanted, Attributes owner, Reservations reserved) {
    boolean check = reserved.overlaps(cidr);
    var taken = new int[Math.min(wanted, unallocated.length)];
    var left = new int[unallocated.length];
    int takenCount = 0;
    int leftCount = 0;
    for (int ordinal : unallocated) {
      if (takenCount == wanted || (check && reserved.contains(address(ordinal)))) {
        left[leftCount++] = ordinal;
      } else {
        taken[takenCount++] = ordinal;
      }
    }
    if (takenCount == 0) {
      return new Taken(this, List.of());
    }
    var addresses = new ArrayList<IpAddress>(takenCount);
    for (int i = 0; i < takenCount; i++) {
      addresses.add(address(taken[i]));
    }
    return new Taken(
        allocate(Arrays.copyOf(taken, takenCount), owner, Arrays.copyOf(left, leftCount)),
        List.copyOf(addresses));
  }

  /** Takes the address at {@code ordinal}, which must be free. */
  Block assign(int ordinal, Attributes owner) {
    var left = Arrays.stream(unallocated).filter(free -> free != ordinal).toArray();
    return allocate(new int[] {ordinal}, owner, left);
  }

  private Block allocate(int[] ordinals, Attributes owner, int[] left) {
    int entry = attributes.indexOf(owner);
    var entries = attributes;
    if (entry < 0) {
      entry = attributes.size();
      var more = new ArrayList<>(attributes);
      more.add(owner);
      entries = more;
    }
    var allocated = allocations.clone();
    for (int ordinal : ordinals) {
      allocated[ordinal] = entry;
    }
    return new Block(cidr, affinity, allocated, left, entries);
  }

  /** Frees those of {@code addresses} that are taken, in ascending order. */
  Freed release(List<IpAddress> addresses) {
    var wanted = new boolean[size()];
    var free = new ArrayList<IpAddress>();
    for (var address : addresses) {
      int ordinal = ordinal(address);
      if (allocations[ordinal] == FREE) {
        free.add(address);
      }
      wanted[ordinal] = true;
    }
    return release(ordinal -> wanted[ordinal], free);
  }

  /** Frees every address of {@code handle}, which both sides cut at the first carriage return. */
  Freed releaseByHandle(String handle) {
    return release(
        ordinal -> {
          var owner = owner(ordinal);
          return owner != null && handle.equals(cut(owner.handle()));
        },
        List.of());
  }

  private Freed release(Predicate<Integer> wanted, List<IpAddress> alreadyFree) {
    var freed = new ArrayList<Integer>();
    var byHandle = new java.util.TreeMap<String, Integer>();
    var allocated = allocations.clone();
    for (int ordinal = 0; ordinal < allocated.length; ordinal++) {
      if (allocated[ordinal] != FREE && wanted.test(ordinal)) {
        var handle = attributes.get(allocated[ordinal]).handle();
        if (handle != null) {
          byHandle.merge(handle, 1, Integer::sum);
        }
        allocated[ordinal] = FREE;
        freed.add(ordinal);
      }
    }
    var queue = Arrays.copyOf(unallocated, unallocated.length + freed.size());
    for (int i = 0; i < freed.size(); i++) {
      queue[unallocated.length + i] = freed.get(i);
    }
    return new Freed(compacted(allocated, queue), freed.size(), byHandle, List.copyOf(alreadyFree));
  }

  /** Without the attribute entries that nobody uses any more; later ones move down. */
  private Block compacted(int[] allocated, int[] queue) {
    var used = new boolean[attributes.size()];
    for (int entry : allocated) {
      if (entry != FREE) {
        used[entry] = true;
      }
    }
    var renumbered = new int[attributes.size()];
    var entries = new ArrayList<Attributes>();
    for (int i = 0; i < used.length; i++) {
      renumbered[i] = entries.size();
      if (used[i]) {
        entries.add(attributes.get(i));
      }
    }
    for (int i = 0; i < allocated.length; i++) {
      if (allocated[i] != FREE) {
        allocated[i] = renumbered[allocated[i]];
      }
    }
    return new Block(cidr, affinity, allocated, queue, entries);
  }

  /** The addresses of {@code handle}, ascending. */
  List<IpAddress> addressesOf(String handle) {
    var found = new ArrayList<IpAddress>();
    for (int ordinal = 0; ordinal < size(); ordinal++) {
      var owner = owner(ordinal);
      if (owner != null && handle.equals(cut(owner.handle()))) {
        found.add(address(ordinal));
      }
    }
    return found;
  }

  static @Nullable String cut(@Nullable String handle) {
    int end = handle == null ? -1 : handle.indexOf('\r');
    return handle == null || end < 0 ? handle : handle.substring(0, end);
  }
}
