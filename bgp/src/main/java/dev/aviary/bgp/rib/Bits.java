package dev.aviary.bgp.rib;

import java.util.Arrays;

/** A set of small numbers. */
public final class Bits {
  private static final long[] NOTHING = {};
  private long[] words = NOTHING;
  private int count;

  /** True if {@code index} is in it. */
  public boolean get(int index) {
    int word = index >>> 6;
    return word < words.length && (words[word] & 1L << index) != 0;
  }

  /** Puts {@code index} in; false if it was. */
  public boolean set(int index) {
    int word = index >>> 6;
    if (word >= words.length) {
      words = Arrays.copyOf(words, Math.max(4, Math.max(word + 1, words.length * 2)));
    }
    if ((words[word] & 1L << index) != 0) {
      return false;
    }
    words[word] |= 1L << index;
    count++;
    return true;
  }

  /** Takes {@code index} out; false if it was not in. */
  public boolean clear(int index) {
    if (!get(index)) {
      return false;
    }
    words[index >>> 6] &= ~(1L << index);
    count--;
    return true;
  }

  /** How many are in it. */
  public int count() {
    return count;
  }

  /** The lowest member from {@code from} on, -1 if there is none. */
  public int next(int from) {
    int word = from >>> 6;
    if (word >= words.length) {
      return -1;
    }
    long rest = words[word] & -1L << from;
    while (rest == 0) {
      if (++word == words.length) {
        return -1;
      }
      rest = words[word];
    }
    return (word << 6) + Long.numberOfTrailingZeros(rest);
  }

  /** A set of what is in this one. */
  public Bits copy() {
    var copy = new Bits();
    copy.words = words.clone();
    copy.count = count;
    return copy;
  }

  /** Takes in all that is in {@code some} and not in {@code others}; answers what was new. */
  public Bits addDifference(Bits some, Bits others) {
    var fresh = new Bits();
    for (int word = 0; word < some.words.length; word++) {
      long here = word < words.length ? words[word] : 0;
      long other = word < others.words.length ? others.words[word] : 0;
      long added = some.words[word] & ~other & ~here;
      while (added != 0) {
        int index = (word << 6) + Long.numberOfTrailingZeros(added);
        set(index);
        fresh.set(index);
        added &= added - 1;
      }
    }
    return fresh;
  }
}
