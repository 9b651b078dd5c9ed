package dev.aviary.kernel.conntrack;

import org.jspecify.annotations.Nullable;

/**
 * Connections by a hash of something of theirs; what it is the caller compares. Open addressing:
 * who looks for what is not there, as each new connection does several times, reads the hashes
 * only, and they fit into a processor's caches where the connections don't.
 */
final class EntryTable {
  /** Where nothing is found. */
  static final int NONE = -1;

  private static final int SMALLEST = 16;

  /** Zero where a slot is free; a hash of zero is kept as one. */
  private int[] hashes = new int[SMALLEST];

  private @Nullable ConntrackEntry[] entries = new @Nullable ConntrackEntry[SMALLEST];
  private int size;

  private static int kept(int hash) {
    return hash == 0 ? 1 : hash;
  }

  /** The first slot that has {@code hash}, or {@link #NONE}. */
  int first(int hash) {
    return search(hash & (hashes.length - 1), kept(hash));
  }

  /** The next slot after {@code slot} that has {@code hash}, or {@link #NONE}. */
  int next(int slot, int hash) {
    return search((slot + 1) & (hashes.length - 1), kept(hash));
  }

  private int search(int from, int kept) {
    var hashes = this.hashes;
    int mask = hashes.length - 1;
    for (int i = from; hashes[i] != 0; i = (i + 1) & mask) {
      if (hashes[i] == kept) {
        return i;
      }
    }
    return NONE;
  }

  /** What an occupied slot has. */
  ConntrackEntry get(int slot) {
    var entry = entries[slot];
    if (entry == null) {
      throw new IllegalStateException("slot " + slot + " is free");
    }
    return entry;
  }

  /** Puts another connection with the same hash into an occupied slot. */
  void set(int slot, ConntrackEntry entry) {
    entries[slot] = entry;
  }

  void add(int hash, ConntrackEntry entry) {
    if ((size + 1) * 2 > hashes.length) {
      grow();
    }
    size++;
    place(hash & (hashes.length - 1), kept(hash), entry);
  }

  private void place(int home, int kept, ConntrackEntry entry) {
    int mask = hashes.length - 1;
    int i = home;
    while (hashes[i] != 0) {
      i = (i + 1) & mask;
    }
    hashes[i] = kept;
    entries[i] = entry;
  }

  private void grow() {
    var oldHashes = hashes;
    var oldEntries = entries;
    hashes = new int[oldHashes.length * 2];
    entries = new @Nullable ConntrackEntry[oldHashes.length * 2];
    for (int i = 0; i < oldHashes.length; i++) {
      var entry = oldEntries[i];
      if (entry != null) {
        place(home(oldHashes[i]), oldHashes[i], entry);
      }
    }
  }

  private int home(int kept) {
    return kept & (hashes.length - 1);
  }

  /** Empties an occupied slot; the numbers of other slots are void. */
  void remove(int slot) {
    int mask = hashes.length - 1;
    int gap = slot;
    // Close the gap, or a later search would stop at it.
    for (int i = (slot + 1) & mask; hashes[i] != 0; i = (i + 1) & mask) {
      if (((i - home(hashes[i])) & mask) >= ((i - gap) & mask)) {
        hashes[gap] = hashes[i];
        entries[gap] = entries[i];
        gap = i;
      }
    }
    hashes[gap] = 0;
    entries[gap] = null;
    size--;
  }

  void clear() {
    hashes = new int[SMALLEST];
    entries = new @Nullable ConntrackEntry[SMALLEST];
    size = 0;
  }
}
