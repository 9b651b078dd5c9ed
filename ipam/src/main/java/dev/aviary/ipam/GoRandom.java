package dev.aviary.ipam;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;

/**
 * Go's {@code math/rand} source, bit for bit: an additive lagged Fibonacci generator over 64-bit
 * words, length 607, tap 273. Calico seeds it with the FNV-1 hash of the host name, and from it
 * comes the first block that a host tries.
 */
final class GoRandom {
  private static final int LENGTH = 607;
  private static final int TAP = 273;
  private static final int LEHMER = 48271;
  private static final int MODULUS = Integer.MAX_VALUE;

  /**
   * Go's constant table is its own generator's state after this many steps from the plain seed 1;
   * it is computed here by jumping ahead instead of being copied.
   */
  private static final long WARM_UP_STEPS = 7_800_000_000_000L;

  private static final long[] COOKED = cooked();

  private final long[] state;
  private int tap = 0;
  private int feed = LENGTH - TAP;

  GoRandom(long seed) {
    long reduced = seed % MODULUS;
    if (reduced < 0) {
      reduced += MODULUS;
    }
    state = fill(reduced == 0 ? 89482311 : reduced, 40, 20);
    for (int i = 0; i < LENGTH; i++) {
      state[i] ^= COOKED[i];
    }
  }

  /** A source seeded with 32-bit FNV-1 of {@code text}'s UTF-8 octets. */
  static GoRandom seededBy(String text) {
    return new GoRandom(Integer.toUnsignedLong(fnv1(text)));
  }

  static int fnv1(String text) {
    int hash = 0x811c9dc5;
    for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash * 16777619) ^ (octet & 0xff);
    }
    return hash;
  }

  /** The next 63 bits. */
  long int63() {
    tap = (tap + LENGTH - 1) % LENGTH;
    feed = (feed + LENGTH - 1) % LENGTH;
    state[feed] += state[tap];
    return state[feed] & Long.MAX_VALUE;
  }

  /** The next 32 bits, in the low half. */
  long uint32() {
    return int63() >>> 31;
  }

  /** As {@code big.Int.Rand}: uniform in [0, limit). */
  BigInteger below(BigInteger limit) {
    int bits = limit.bitLength();
    int words = (bits + 63) / 64;
    int topBits = bits % 64 == 0 ? 64 : bits % 64;
    while (true) {
      var value = BigInteger.ZERO;
      for (int i = 0; i < words; i++) {
        long low = uint32();
        long word = low | uint32() << 32;
        if (i == words - 1 && topBits < 64) {
          word &= (1L << topBits) - 1;
        }
        value = value.or(unsigned(word).shiftLeft(64 * i));
      }
      if (value.compareTo(limit) < 0) {
        return value;
      }
    }
  }

  private static BigInteger unsigned(long word) {
    return new BigInteger(Long.toUnsignedString(word));
  }

  private static long[] fill(long seed, int firstShift, int secondShift) {
    long x = seed;
    for (int i = 0; i < 20; i++) {
      x = step(x);
    }
    var filled = new long[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      x = step(x);
      long word = x << firstShift;
      x = step(x);
      word ^= x << secondShift;
      x = step(x);
      filled[i] = word ^ x;
    }
    return filled;
  }

  private static long step(long x) {
    return x * LEHMER % MODULUS;
  }

  private static long[] cooked() {
    var seeded = fill(1, 20, 10);
    // sequence[t] is the word made at time t - 606, in the order in which the generator reads them.
    var sequence = new long[2 * LENGTH];
    for (int t = 0; t < LENGTH; t++) {
      sequence[t] = seeded[Math.floorMod(LENGTH - TAP - (t - (LENGTH - 1)), LENGTH)];
    }
    for (int t = LENGTH; t < 2 * LENGTH; t++) {
      sequence[t] = sequence[t - LENGTH] + sequence[t - TAP];
    }
    var jump = powerOfX(WARM_UP_STEPS);
    var table = new long[LENGTH];
    for (int i = 0; i < LENGTH; i++) {
      long word = 0;
      for (int k = 0; k < LENGTH; k++) {
        word += jump[k] * sequence[k + i];
      }
      long time = WARM_UP_STEPS - (LENGTH - 1) + i;
      table[(int) Math.floorMod(LENGTH - TAP - time, (long) LENGTH)] = word;
    }
    return table;
  }

  /** x to the power of {@code exponent}, modulo x^607 = x^334 + 1, coefficients modulo 2^64. */
  private static long[] powerOfX(long exponent) {
    var power = new long[LENGTH];
    power[0] = 1;
    var base = new long[LENGTH];
    base[1] = 1;
    for (long left = exponent; left != 0; left >>= 1) {
      if ((left & 1) == 1) {
        power = product(power, base);
      }
      base = product(base, base);
    }
    return power;
  }

  private static long[] product(long[] a, long[] b) {
    var full = new long[2 * LENGTH - 1];
    for (int i = 0; i < LENGTH; i++) {
      for (int k = 0; k < LENGTH; k++) {
        full[i + k] += a[i] * b[k];
      }
    }
    for (int i = 2 * LENGTH - 2; i >= LENGTH; i--) {
      full[i - LENGTH + LENGTH - TAP] += full[i];
      full[i - LENGTH] += full[i];
    }
    return java.util.Arrays.copyOf(full, LENGTH);
  }
}
