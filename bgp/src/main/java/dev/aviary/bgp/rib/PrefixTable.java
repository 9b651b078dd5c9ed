package dev.aviary.bgp.rib;

import dev.aviary.bgp.route.Nlri;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;

/**
 * Gives each prefix of a table a small number, and the number back to another when the prefix has
 * gone. Open addressing; a slot has a number and a tag, which for an IPv4 prefix is the prefix
 * itself and else 38 bits of its hash, so that a search touches little but the slots.
 */
final class PrefixTable {
  private static final int FREE = 255;
  private static final int NONE = -1;
  private static final int NUMBER_BITS = 26;
  private static final int NUMBER_MASK = (1 << NUMBER_BITS) - 1;

  private final IpFamily family;
  private final boolean v4;
  private final IntPages addresses = new IntPages();
  private final LongPages highs = new LongPages();
  private final LongPages lows = new LongPages();
  private final BytePages lengths = new BytePages();

  /** 38 bits of tag over a number plus one; zero where a slot is free. */
  private long[] slots = new long[16];

  private final int[] expected = new int[128];
  private int expectations;

  @SuppressWarnings("UnusedVariable") // the reading is what it is for
  private long fetched;

  private int size;
  private int used;
  private int free = NONE;
  private final IntPages nextFree = new IntPages();

  PrefixTable(IpFamily family) {
    this.family = family;
    this.v4 = family == IpFamily.IPV4;
  }

  /** How many prefixes there are. */
  int size() {
    return size;
  }

  /** Numbers are below this. */
  int limit() {
    return used;
  }

  boolean isFree(int entry) {
    return (lengths.get(entry) & 0xff) == FREE;
  }

  int length(int entry) {
    return lengths.get(entry) & 0xff;
  }

  long high(int entry) {
    return v4 ? (long) addresses.get(entry) << 32 : highs.get(entry);
  }

  long low(int entry) {
    return v4 ? 0 : lows.get(entry);
  }

  Prefix prefix(int entry) {
    return Nlri.prefix(family, high(entry), low(entry), length(entry));
  }

  /**
   * Says that a prefix will be looked for soon. A big table is not in the processor's caches, and
   * each search waits for memory; those who look for many prefixes name them first, and {@link
   * #fetch} has the processor wait for them all together.
   */
  void expect(long high, long low, int length) {
    expected[expectations++] = home(tag(high, low, length)) & (slots.length - 1);
    if (expectations == expected.length) {
      fetch();
    }
  }

  /** Like {@link #expect(long, long, int)}, for the prefix with a number. */
  void expect(int entry) {
    expect(high(entry), low(entry), length(entry));
  }

  /** Reads where the searches that are expected begin. */
  void fetch() {
    var from = slots;
    long read = 0;
    for (int i = 0; i < expectations; i++) {
      read += from[expected[i]];
    }
    fetched = read;
    expectations = 0;
  }

  /** The number of a prefix, -1 if it has none. */
  int find(long high, long low, int length) {
    long tag = tag(high, low, length);
    int mask = slots.length - 1;
    for (int i = home(tag) & mask; slots[i] != 0; i = (i + 1) & mask) {
      if (slots[i] >>> NUMBER_BITS == tag) {
        int entry = number(slots[i]);
        if (v4 || matches(entry, high, low, length)) {
          return entry;
        }
      }
    }
    return NONE;
  }

  /**
   * The number of a prefix, a new one if it had none.
   *
   * @throws IllegalStateException if there are 67 million prefixes
   */
  int add(long high, long low, int length) {
    long tag = tag(high, low, length);
    int mask = slots.length - 1;
    int i = home(tag) & mask;
    for (; slots[i] != 0; i = (i + 1) & mask) {
      if (slots[i] >>> NUMBER_BITS == tag) {
        int entry = number(slots[i]);
        if (v4 || matches(entry, high, low, length)) {
          return entry;
        }
      }
    }
    int entry = take();
    lengths.set(entry, (byte) length);
    if (v4) {
      addresses.set(entry, (int) (high >>> 32));
    } else {
      highs.set(entry, high);
      lows.set(entry, low);
    }
    slots[i] = tag << NUMBER_BITS | (entry + 1);
    if (++size * 4L > slots.length * 3L) {
      grow();
    }
    return entry;
  }

  private static int number(long slot) {
    return (int) (slot & NUMBER_MASK) - 1;
  }

  private boolean matches(int entry, long high, long low, int length) {
    return highs.get(entry) == high
        && lows.get(entry) == low
        && (lengths.get(entry) & 0xff) == length;
  }

  private int take() {
    if (free != NONE) {
      int entry = free;
      free = nextFree.get(entry);
      return entry;
    }
    if (used == NUMBER_MASK) {
      throw new IllegalStateException("a table of " + used + " prefixes is full");
    }
    int entry = used++;
    lengths.reach(entry);
    if (v4) {
      addresses.reach(entry);
    } else {
      highs.reach(entry);
      lows.reach(entry);
    }
    return entry;
  }

  /** What a slot knows of a prefix, 38 bits; of an IPv4 one that is all. */
  private long tag(long high, long low, int length) {
    if (v4) {
      return high >>> 26 | length;
    }
    long h = (high ^ low * 0x9e3779b97f4a7c15L ^ length) * 0xff51afd7ed558ccdL;
    return (h ^ h >>> 29) >>> NUMBER_BITS;
  }

  /** Where a search for {@code tag} begins, before the mask. */
  private static int home(long tag) {
    long h = tag * 0xff51afd7ed558ccdL;
    return (int) (h >>> 32 ^ h >>> 47);
  }

  private void grow() {
    var old = slots;
    slots = new long[old.length * 2];
    int mask = slots.length - 1;
    for (long slot : old) {
      if (slot != 0) {
        int i = home(slot >>> NUMBER_BITS) & mask;
        while (slots[i] != 0) {
          i = (i + 1) & mask;
        }
        slots[i] = slot;
      }
    }
  }

  /** Gives the number of a prefix back. */
  void remove(int entry) {
    int mask = slots.length - 1;
    long tag = tag(high(entry), low(entry), length(entry));
    int i = home(tag) & mask;
    while (number(slots[i]) != entry) {
      i = (i + 1) & mask;
    }
    // Close the gap, or a later search would stop at it.
    int gap = i;
    for (int j = (i + 1) & mask; slots[j] != 0; j = (j + 1) & mask) {
      int home = home(slots[j] >>> NUMBER_BITS) & mask;
      if (((j - home) & mask) >= ((j - gap) & mask)) {
        slots[gap] = slots[j];
        gap = j;
      }
    }
    slots[gap] = 0;
    size--;
    lengths.set(entry, (byte) FREE);
    nextFree.reach(entry);
    nextFree.set(entry, free);
    free = entry;
  }
}
