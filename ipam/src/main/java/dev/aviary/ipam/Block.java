package dev.aviary.ipam;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A slice of a pool that is in use: the only place where an address is recorded as taken. Its free
 * addresses form a queue: a released one comes back only after every other free one was used.
 * Immutable; {@link BlockDraft} makes the next one.
 */
public final class Block implements IpamObject {
  static final int FREE = -1;

  /** Stands for a sequence number that is not recorded; reads as 0. */
  static final long UNRECORDED = -1;

  /**
   * Who took an address: one entry serves all addresses with an equal handle and equal maps.
   *
   * @param active what the owner recorded; null and empty differ, as in Calico
   * @param alternate a second owner, while a virtual machine moves
   * @param releasedAt set while the address cools down after its release
   * @param extras members of the stored value that are not known, as JSON
   */
  public record Attributes(
      @Nullable String handle,
      @Nullable Map<String, String> active,
      @Nullable Map<String, String> alternate,
      @Nullable Instant releasedAt,
      Map<String, String> extras) {
    public Attributes {
      active = active == null ? null : Map.copyOf(active);
      alternate = alternate == null ? null : Map.copyOf(alternate);
      extras = Map.copyOf(extras);
    }

    /** A caller without attributes records none. */
    public Attributes(@Nullable String handle, Map<String, String> secondary) {
      this(handle, secondary.isEmpty() ? null : secondary, null, null, Map.of());
    }

    static Attributes coolingSince(Instant released) {
      return new Attributes(null, null, null, released, Map.of());
    }

    /** What the owner recorded; empty if nothing. */
    public Map<String, String> secondary() {
      return active == null ? Map.of() : active;
    }

    /** The second owner's; empty if nothing. */
    public Map<String, String> secondOwner() {
      return alternate == null ? Map.of() : alternate;
    }

    Attributes withOwners(
        @Nullable Map<String, String> changed, @Nullable Map<String, String> changedAlternate) {
      return new Attributes(handle, changed, changedAlternate, releasedAt, extras);
    }
  }

  /** A block after addresses were taken, and which. */
  record Taken(Block block, List<IpAddress> addresses) {}

  /** A block after a release: what went free, per handle how many, and what was free already. */
  record Freed(
      Block block, int count, Map<String, Integer> byHandle, List<IpAddress> unallocated) {}

  final Prefix cidr;
  final @Nullable String affinity;
  final @Nullable Instant claimTime;
  final Leases leases;
  final FreeQueue queue;

  // Here again: most blocks that are looked at are full, and this is all that is asked of them.
  private final int free;

  /** Its number, -1 if it has none yet. */
  final long sequence;

  final Map<String, String> extras;

  Block(
      Prefix cidr,
      @Nullable String affinity,
      @Nullable Instant claimTime,
      Leases leases,
      FreeQueue queue,
      long sequence,
      Map<String, String> extras) {
    this.cidr = cidr;
    this.affinity = affinity;
    this.claimTime = claimTime;
    this.leases = leases;
    this.queue = queue;
    this.free = queue.size();
    this.sequence = sequence;
    this.extras = extras;
  }

  /**
   * A block with every address free but those of {@code reserved}.
   *
   * @param claimTime when its owner took it; null where that is not recorded
   * @param sequence its first number
   */
  static Block create(
      Prefix cidr,
      @Nullable String affinity,
      @Nullable HostReservation reserved,
      @Nullable Instant claimTime,
      long sequence) {
    int size = 1 << (cidr.family().bits() - cidr.length());
    int from = reserved == null ? 0 : Math.min(reserved.start(), size);
    int to = reserved == null ? size : Math.max(0, size - reserved.end());
    return new Block(
        cidr,
        affinity,
        claimTime,
        reserved == null ? Leases.none(size) : reserved(reserved, size, from, to),
        FreeQueue.range(from, to),
        sequence,
        Map.of());
  }

  private static Leases reserved(HostReservation reserved, int size, int from, int to) {
    var leases = Leases.empty(size);
    var entry =
        leases.entry(
            new Attributes(reserved.handle(), Map.of("note", reserved.note())), UNRECORDED);
    for (int ordinal = 0; ordinal < size; ordinal++) {
      if (ordinal < from || ordinal >= to) {
        leases.put(ordinal, entry);
      }
    }
    if (from == 0 && to == size) {
      leases.addUnused(entry);
    }
    return leases.leases();
  }

  public Prefix cidr() {
    return cidr;
  }

  /** "host:NAME", or null if it is nobody's. */
  public @Nullable String affinity() {
    return affinity;
  }

  /** Who owns it; empty if nobody does. */
  public Optional<BlockOwner> owner() {
    return affinity == null ? Optional.empty() : BlockOwner.parse(affinity);
  }

  /** The host that owns it; empty if none does. */
  public Optional<String> host() {
    return owner().filter(o -> o.kind() == BlockOwner.Kind.HOST).map(BlockOwner::name);
  }

  boolean isOwnedBy(BlockOwner owner) {
    return owner.text().equals(affinity);
  }

  /** When its owner took it; empty if that is not recorded. */
  public Optional<Instant> claimTime() {
    return Optional.ofNullable(claimTime);
  }

  /** How many addresses it has. */
  public int size() {
    return leases.size();
  }

  /** The ordinals that are free, in the order in which they will be handed out. */
  public List<Integer> unallocated() {
    return Arrays.stream(queue.toArray()).boxed().toList();
  }

  /** How many addresses are free, reserved ones counted. */
  public int freeCount() {
    return free;
  }

  /** Per ordinal the index into {@link #attributes}, or empty if it is free. */
  public Optional<Integer> allocation(int ordinal) {
    int index = leases.indexes()[ordinal];
    return index == FREE ? Optional.empty() : Optional.of(index);
  }

  public List<Attributes> attributes() {
    return leases.entries();
  }

  /** The number that the next update counts up; unsigned, 0 if it has none. */
  public long sequenceNumber() {
    return sequence == UNRECORDED ? 0 : sequence;
  }

  /** The block's number when the address at {@code ordinal} was taken; 0 if none is recorded. */
  public long sequenceNumber(int ordinal) {
    long number = leases.sequence(ordinal);
    return number == UNRECORDED ? 0 : number;
  }

  /** Who has the address at {@code ordinal}, or null if it is free. */
  public @Nullable Attributes owner(int ordinal) {
    return leases.get(ordinal);
  }

  /** As {@link #owner(int)}, but null too while a released address cools down. */
  public @Nullable Attributes user(int ordinal) {
    var owner = owner(ordinal);
    return owner == null || owner.releasedAt() != null ? null : owner;
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
    return leases.isEmpty();
  }

  /** True if a released address cools down in it. */
  boolean isCooling() {
    return leases.any(entry -> entry.releasedAt() != null);
  }

  /** How many addresses may be handed out automatically. */
  int assignable(Reservations reserved) {
    if (!reserved.overlaps(cidr)) {
      return free;
    }
    int count = 0;
    for (int i = 0; i < queue.size(); i++) {
      if (!reserved.contains(address(queue.get(i)))) {
        count++;
      }
    }
    return count;
  }

  /** The addresses of {@code handle}, ascending. */
  List<IpAddress> addressesOf(String handle) {
    var found = new ArrayList<IpAddress>();
    for (int i = leases.ofHandle(handle, 0); i >= 0; i = leases.ofHandle(handle, i + 1)) {
      found.add(address(i));
    }
    return found;
  }

  /** Without owner, and without the time when it had one. */
  Block ownerless() {
    return new Block(cidr, null, null, leases, queue, sequence, extras);
  }

  /** With the next number: what each update of a stored block writes. */
  Block counted() {
    return new Block(cidr, affinity, claimTime, leases, queue, sequenceNumber() + 1, extras);
  }

  /** Handles may have come from elsewhere with a carriage return and more at their end. */
  static @Nullable String cut(@Nullable String handle) {
    int end = handle == null ? -1 : handle.indexOf('\r');
    return handle == null || end < 0 ? handle : handle.substring(0, end);
  }
}
