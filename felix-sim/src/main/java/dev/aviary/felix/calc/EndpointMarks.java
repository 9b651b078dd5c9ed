package dev.aviary.felix.calc;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** One mark for each interface, from a hash of its name, so that it stays over restarts. */
final class EndpointMarks {
  private EndpointMarks() {}

  /** The mark of each of {@code interfaces}; there may be fewer than interfaces. */
  static SortedMap<String, Integer> of(MarkBits bits, List<String> interfaces) {
    var marks = new TreeMap<String, Integer>();
    Set<Integer> used = new HashSet<>();
    // Position 0 is no mark, position 1 is that of traffic from no endpoint of Calico's.
    used.add(0);
    used.add(1);
    int positions = 1 << Integer.bitCount(bits.endpoints());
    for (var name : interfaces) {
      free(fnv1(name), positions, used).ifPresent(p -> marks.put(name, spread(p, bits)));
    }
    return marks;
  }

  private static OptionalInt free(int hash, int positions, Set<Integer> used) {
    for (int i = 0; i < positions; i++) {
      int position = Integer.remainderUnsigned(hash + i, positions);
      if (used.add(position)) {
        return OptionalInt.of(position);
      }
    }
    return OptionalInt.empty();
  }

  private static int spread(int position, MarkBits bits) {
    int mark = 0;
    int rest = bits.endpoints();
    for (int p = position; p != 0; p >>>= 1) {
      int bit = Integer.lowestOneBit(rest);
      rest &= ~bit;
      if ((p & 1) != 0) {
        mark |= bit;
      }
    }
    return mark;
  }

  /** FNV-1 in its 32-bit form: multiply, then exclusive or. */
  private static int fnv1(String text) {
    int hash = 0x811c9dc5;
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      hash *= 0x01000193;
      hash ^= octet & 0xff;
    }
    return hash;
  }
}
