package dev.aviary.kernel.ipset;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import dev.aviary.net.Prefix;
import org.jspecify.annotations.Nullable;

/**
 * The elements of a set where a packet looks for them: one open table of numbers, so that a large
 * set costs no more cache lines than a small one. What else hangs on an element, and the order in
 * which they came, is {@link IpSet}'s.
 */
final class ElementIndex {
  /** What came of looking. */
  enum Hit {
    NONE,
    MATCH,
    /** The longest element that fits is an exception. */
    NOMATCH
  }

  private static final long USED = 1;
  private static final long EXCEPTION = 2;
  private static final int FIRST_SLOTS = 16;

  private final boolean v4;
  private final boolean pairs;
  private final int width;
  private final LengthsInUse firstLengths = new LengthsInUse();
  private final LengthsInUse secondLengths = new LengthsInUse();

  /** The element in question; the first number is that of a slot, but for its flags. */
  private final long[] key;

  private long[] slots;
  private int size;

  ElementIndex(IpFamily family, boolean pairs) {
    this.v4 = family == IpFamily.IPV4;
    this.pairs = pairs;
    this.width = v4 ? (pairs ? 2 : 1) : (pairs ? 5 : 3);
    this.key = new long[width];
    this.slots = new long[FIRST_SLOTS * width];
  }

  /** Adds {@code element}, or says anew whether it is an exception. */
  void put(Element element, boolean nomatch) {
    ask(element);
    int slot = slot();
    if (slot < 0) {
      slot = ~slot;
      if (++size * 5 > slots.length / width * 4) {
        grow();
        ask(element);
        slot = ~slot();
      }
      firstLengths.add(length(element.first()));
      secondLengths.add(length(element.second()));
    }
    System.arraycopy(key, 0, slots, slot * width, width);
    slots[slot * width] |= nomatch ? USED | EXCEPTION : USED;
  }

  /** Takes {@code element} out, if it is here. */
  void remove(Element element) {
    ask(element);
    int gap = slot();
    if (gap < 0) {
      return;
    }
    size--;
    firstLengths.remove(length(element.first()));
    secondLengths.remove(length(element.second()));
    // Close the gap, or a later search would stop at it.
    int mask = slots.length / width - 1;
    for (int i = gap + 1 & mask; slots[i * width] != 0; i = i + 1 & mask) {
      System.arraycopy(slots, i * width, key, 0, width);
      key[0] &= ~(USED | EXCEPTION);
      if ((i - home(mask) & mask) >= (i - gap & mask)) {
        System.arraycopy(slots, i * width, slots, gap * width, width);
        gap = i;
      }
    }
    slots[gap * width] = 0;
  }

  /**
   * Looks for the longest first network that fits, and of these the longest second one.
   *
   * @param limit longest length of the first network
   * @param port -1 where the type has none
   */
  Hit find(
      @Nullable IpAddress first, int limit, int protocol, int port, @Nullable IpAddress second) {
    if (first == null) {
      return probe(0, 0, 0, protocol, port, 0, 0, 0);
    }
    var lengths = firstLengths.longestFirst();
    for (int i = 0; i < lengths.length; i++) {
      int length = lengths[i];
      if (length <= limit) {
        long high = high(first, length);
        long low = low(first, length);
        var hit =
            second == null
                ? probe(high, low, length, protocol, port, 0, 0, 0)
                : find(high, low, length, protocol, port, second);
        if (hit != Hit.NONE) {
          return hit;
        }
      }
    }
    return Hit.NONE;
  }

  private Hit find(long high, long low, int length, int protocol, int port, IpAddress second) {
    for (int other : secondLengths.longestFirst()) {
      long high2 = high(second, other);
      var hit = probe(high, low, length, protocol, port, high2, low(second, other), other);
      if (hit != Hit.NONE) {
        return hit;
      }
    }
    return Hit.NONE;
  }

  private Hit probe(
      long high, long low, int length, int protocol, int port, long high2, long low2, int length2) {
    ask(high, low, length, protocol, port, high2, low2, length2);
    int slot = slot();
    if (slot < 0) {
      return Hit.NONE;
    }
    return (slots[slot * width] & EXCEPTION) == 0 ? Hit.MATCH : Hit.NOMATCH;
  }

  private void ask(Element element) {
    var first = element.first();
    var second = element.second();
    int length = length(first);
    int length2 = length(second);
    ask(
        first == null ? 0 : high(first.address(), length),
        first == null ? 0 : low(first.address(), length),
        length,
        element.protocol(),
        element.port(),
        second == null ? 0 : high(second.address(), length2),
        second == null ? 0 : low(second.address(), length2),
        length2);
  }

  private void ask(
      long high, long low, int length, int protocol, int port, long high2, long low2, int length2) {
    long service = (long) protocol << 16 | (port & 0xffff);
    if (v4 && !pairs) {
      key[0] = low << 32 | service << 8 | (long) length << 2;
      return;
    }
    key[0] = service << 24 | (long) length << 16 | (long) length2 << 8;
    if (v4) {
      key[1] = low << 32 | low2;
      return;
    }
    key[1] = high;
    key[2] = low;
    if (pairs) {
      key[3] = high2;
      key[4] = low2;
    }
  }

  /** Where the element in question is; if it is nowhere, the complement of where it would go. */
  private int slot() {
    int mask = slots.length / width - 1;
    int i = home(mask);
    for (long found; (found = slots[i * width]) != 0; i = i + 1 & mask) {
      if ((found & ~EXCEPTION) == (key[0] | USED) && restIsAt(i * width)) {
        return i;
      }
    }
    return ~i;
  }

  private boolean restIsAt(int at) {
    for (int word = 1; word < width; word++) {
      if (slots[at + word] != key[word]) {
        return false;
      }
    }
    return true;
  }

  private int home(int mask) {
    long hash = key[0];
    for (int word = 1; word < width; word++) {
      hash = (hash ^ hash >>> 32) * 0x9e3779b97f4a7c15L + key[word];
    }
    hash = (hash ^ hash >>> 32) * 0x9e3779b97f4a7c15L;
    return (int) (hash >>> 32) & mask;
  }

  private void grow() {
    var old = slots;
    slots = new long[old.length * 2];
    for (int at = 0; at < old.length; at += width) {
      if (old[at] != 0) {
        System.arraycopy(old, at, key, 0, width);
        key[0] &= ~(USED | EXCEPTION);
        System.arraycopy(old, at, slots, ~slot() * width, width);
      }
    }
  }

  private static int length(@Nullable Prefix prefix) {
    return prefix == null ? 0 : prefix.length();
  }

  private static long high(IpAddress address, int length) {
    return switch (address) {
      case Ipv4Address _ -> 0;
      case Ipv6Address(long high, long _) -> length >= 64 ? high : high & leading(length);
    };
  }

  private static long low(IpAddress address, int length) {
    return switch (address) {
      case Ipv4Address(int bits) -> bits & (leading(length) >>> 32);
      case Ipv6Address(long _, long low) -> length <= 64 ? 0 : low & leading(length - 64);
    };
  }

  /** The upper {@code length} of 64 bits. */
  private static long leading(int length) {
    return length == 0 ? 0 : -1L << (64 - length);
  }
}
