package dev.aviary.bgp.rib;

import dev.aviary.bgp.route.Behavior;
import java.util.Arrays;

/**
 * The order in which BIRD walks a table: by a hash of the address, which readers of its output see.
 * BIRD 1.6.8 sorts by 16 bits, 2.0.12 by 32; equal ones stand in order of arrival.
 */
public record TableOrder(Behavior behavior) {

  /** The numbers of {@code rib}'s prefixes that have a path. */
  public int[] sort(LocRib rib) {
    var keys = new long[rib.limit()];
    int count = 0;
    for (int entry = 0; entry < rib.limit(); entry++) {
      if (rib.first(entry) >= 0) {
        int number = entry;
        var key = new long[1];
        rib.visit(entry, 0, (high, low, length, _) -> key[0] = hash(rib, high, low, length));
        keys[count++] = key[0] << 32 | number;
      }
    }
    Arrays.sort(keys, 0, count);
    var sorted = new int[count];
    for (int i = 0; i < count; i++) {
      sorted[i] = (int) keys[i];
    }
    return sorted;
  }

  /** Unsigned order of hashes as signed order of longs. */
  private long hash(LocRib rib, long high, long low, int length) {
    boolean v4 = rib.family().afi() == 1;
    int word =
        v4
            ? (int) (high >>> 32)
            : (int) (high >>> 32) ^ (int) high ^ (int) (low >>> 32) ^ (int) low;
    int hash =
        switch (behavior) {
          case BIRD_16 -> {
            if (v4) {
              int x = word ^ word >>> 16;
              yield (x ^ x << 10) & 0xffff;
            }
            yield (word ^ word >>> 16 ^ word >>> 8) & 0xffff;
          }
          case RFC, BIRD_20 ->
              (v4 ? word * (int) 2902958171L : word ^ word << 16 ^ word << 24) ^ length << 26;
        };
    return Integer.toUnsignedLong(hash) - 0x8000_0000L;
  }
}
