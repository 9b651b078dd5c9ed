package dev.aviary.ipam;

import dev.aviary.ipam.Block.Attributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who has which address of a block, immutable. Calico's value lists the entries and gives each
 * address the index of its entry; here each address has its entry, and the place that the entry
 * takes in that list. So an entry without address left is gone by itself, nothing is numbered anew,
 * and what a change costs does not depend on how many addresses are taken.
 */
final class Leases {

  /**
   * What is recorded of one address.
   *
   * @param attributes null for a free address of which only a number is recorded
   * @param place orders the entries; equal for addresses that share one
   * @param sequence the block's number when it was taken; {@link Block#UNRECORDED} if none is
   */
  record Lease(@Nullable Attributes attributes, long place, long sequence) {
    Lease withSequence(long number) {
      return new Lease(attributes, place, number);
    }
  }

  private final @Nullable Lease[] byOrdinal;

  // Sixteen bits of each handle's hash: a search reads these and not every entry. 0 is free.
  private final char[] marks;

  /** Entries without address, as somebody else may have left them. */
  private final List<Lease> unused;

  /** How many leases are not what Windows reserves, unused entries counted. */
  private final int occupied;

  private final long nextPlace;

  /** No address was ever taken: the store has that apart from an empty list. */
  private final boolean untouched;

  private Leases(
      @Nullable Lease[] byOrdinal,
      char[] marks,
      List<Lease> unused,
      int occupied,
      long nextPlace,
      boolean untouched) {
    this.byOrdinal = byOrdinal;
    this.marks = marks;
    this.unused = unused;
    this.occupied = occupied;
    this.nextPlace = nextPlace;
    this.untouched = untouched;
  }

  /** All of {@code size} addresses are free. */
  static Leases none(int size) {
    return new Leases(new Lease[size], new char[size], List.of(), 0, 0, true);
  }

  /** {@link #none} with an empty list of entries, to be filled. */
  static Draft empty(int size) {
    return new Draft(new Leases(new Lease[size], new char[size], List.of(), 0, 0, false));
  }

  int size() {
    return byOrdinal.length;
  }

  boolean isUntouched() {
    return untouched;
  }

  /** True if nothing is recorded but what Windows reserves. */
  boolean isEmpty() {
    return occupied == 0;
  }

  /** Who is recorded for the address at {@code ordinal}; null if it is free. */
  @Nullable Attributes get(int ordinal) {
    var lease = byOrdinal[ordinal];
    return lease == null ? null : lease.attributes;
  }

  long sequence(int ordinal) {
    var lease = byOrdinal[ordinal];
    return lease == null ? Block.UNRECORDED : lease.sequence;
  }

  /** One lease for each entry, in their order. */
  private List<Lease> ordered() {
    var found = new ArrayList<>(unused);
    for (var lease : byOrdinal) {
      if (lease != null && lease.attributes != null) {
        found.add(lease);
      }
    }
    found.sort(Comparator.comparingLong(Lease::place));
    var distinct = new ArrayList<Lease>();
    for (var lease : found) {
      if (distinct.isEmpty() || distinct.getLast().place != lease.place) {
        distinct.add(lease);
      }
    }
    return distinct;
  }

  /** The entries in their order, those without address too. */
  List<Attributes> entries() {
    return ordered().stream().map(Leases::taken).toList();
  }

  private static Attributes taken(Lease lease) {
    if (lease.attributes == null) {
      throw new IllegalStateException("a free address has no entry");
    }
    return lease.attributes;
  }

  /** Per ordinal the index into {@link #entries}, {@link Block#FREE} where it is free. */
  int[] indexes() {
    var places = ordered().stream().mapToLong(Lease::place).toArray();
    var found = new int[byOrdinal.length];
    for (int ordinal = 0; ordinal < found.length; ordinal++) {
      var lease = byOrdinal[ordinal];
      found[ordinal] =
          lease == null || lease.attributes == null
              ? Block.FREE
              : java.util.Arrays.binarySearch(places, lease.place);
    }
    return found;
  }

  boolean any(Predicate<Attributes> wanted) {
    for (var lease : byOrdinal) {
      if (lease != null && lease.attributes != null && wanted.test(lease.attributes)) {
        return true;
      }
    }
    return unused.stream().map(Leases::taken).anyMatch(wanted);
  }

  /** The next ordinal from {@code from} on that is of {@code handle}; -1 if there is none. */
  int ofHandle(String handle, int from) {
    char mark = mark(handle);
    for (int ordinal = from; ordinal < marks.length; ordinal++) {
      if (marks[ordinal] == mark) {
        var attributes = get(ordinal);
        if (attributes != null && handle.equals(Block.cut(attributes.handle()))) {
          return ordinal;
        }
      }
    }
    return -1;
  }

  private static char mark(@Nullable String cutHandle) {
    int hash = cutHandle == null ? 0 : cutHandle.hashCode();
    return (char) ((hash ^ (hash >>> 16)) | 1);
  }

  private static int weight(Attributes attributes) {
    var handle = attributes.handle();
    // Its length first: this is asked for at each assignment.
    return handle != null
            && handle.length() == HostReservation.WINDOWS_HANDLE.length()
            && handle.toLowerCase(Locale.ROOT).equals(HostReservation.WINDOWS_HANDLE)
        ? 0
        : 1;
  }

  Draft draft() {
    return new Draft(this);
  }

  /** The next value: arrays of its own, until {@link #leases}. */
  static final class Draft {
    private final @Nullable Lease[] byOrdinal;
    private final char[] marks;
    private List<Lease> unused;
    private int occupied;
    private long nextPlace;
    private boolean untouched;

    private Draft(Leases before) {
      this.byOrdinal = before.byOrdinal.clone();
      this.marks = before.marks.clone();
      this.unused = before.unused;
      this.occupied = before.occupied;
      this.nextPlace = before.nextPlace;
      this.untouched = before.untouched;
    }

    Leases leases() {
      return new Leases(byOrdinal, marks, unused, occupied, nextPlace, untouched);
    }

    /**
     * The entry that equals {@code attributes}, the first one if there are several, or a new one.
     */
    Lease entry(Attributes attributes, long sequence) {
      untouched = false;
      Lease found = null;
      char mark = mark(Block.cut(attributes.handle()));
      for (int ordinal = 0; ordinal < marks.length; ordinal++) {
        if (marks[ordinal] == mark) {
          found = first(found, byOrdinal[ordinal], attributes);
        }
      }
      for (var lease : unused) {
        found = first(found, lease, attributes);
      }
      return found == null
          ? new Lease(attributes, nextPlace++, sequence)
          : new Lease(found.attributes, found.place, sequence);
    }

    private static @Nullable Lease first(
        @Nullable Lease best, @Nullable Lease candidate, Attributes attributes) {
      return candidate != null
              && attributes.equals(candidate.attributes)
              && (best == null || candidate.place < best.place)
          ? candidate
          : best;
    }

    /** Records {@code lease} for the address at {@code ordinal}, whoever has it. */
    void put(int ordinal, Lease lease) {
      var attributes = taken(lease);
      remove(ordinal);
      byOrdinal[ordinal] = lease;
      marks[ordinal] = mark(Block.cut(attributes.handle()));
      occupied += weight(attributes);
      if (!unused.isEmpty()) {
        forget(unused.stream().filter(entry -> entry.place == lease.place).toList());
      }
    }

    /** Only a number is recorded for it. */
    void number(int ordinal, long sequence) {
      byOrdinal[ordinal] = new Lease(null, 0, sequence);
    }

    /** Frees the address at {@code ordinal}. */
    void remove(int ordinal) {
      var lease = byOrdinal[ordinal];
      if (lease != null && lease.attributes != null) {
        occupied -= weight(lease.attributes);
      }
      byOrdinal[ordinal] = null;
      marks[ordinal] = 0;
    }

    /** An entry that no address has. */
    void addUnused(Lease lease) {
      var more = new ArrayList<>(unused);
      more.add(lease);
      unused = List.copyOf(more);
      occupied += weight(taken(lease));
      nextPlace = Math.max(nextPlace, lease.place + 1);
    }

    /** What comes next goes behind {@code place}. */
    void reserve(long place) {
      nextPlace = Math.max(nextPlace, place + 1);
    }

    /** Drops the entries that no address has; false if there are none. */
    boolean dropUnused() {
      boolean any = !unused.isEmpty();
      forget(unused);
      return any;
    }

    private void forget(List<Lease> entries) {
      if (entries.isEmpty()) {
        return;
      }
      for (var entry : entries) {
        occupied -= weight(taken(entry));
      }
      unused = unused.stream().filter(entry -> !entries.contains(entry)).toList();
    }

    /** Changes an entry for each address that has it. */
    void replaceEntry(int ordinal, Attributes changed) {
      var old = byOrdinal[ordinal];
      if (old == null) {
        throw new IllegalArgumentException("the address at " + ordinal + " is free");
      }
      for (int i = 0; i < byOrdinal.length; i++) {
        var lease = byOrdinal[i];
        if (lease != null && lease.attributes != null && lease.place == old.place) {
          put(i, new Lease(changed, lease.place, lease.sequence));
        }
      }
    }
  }
}
