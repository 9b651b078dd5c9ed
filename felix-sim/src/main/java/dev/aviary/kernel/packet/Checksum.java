package dev.aviary.kernel.packet;

/** The Internet checksum (RFC 1071). */
final class Checksum {
  private Checksum() {}

  /** The ones' complement sum of 16-bit words, added to {@code sum}; an odd octet is padded. */
  static long add(long sum, byte[] octets, int from, int to) {
    long total = sum;
    for (int i = from; i < to; i += 2) {
      int word = (octets[i] & 0xff) << 8;
      if (i + 1 < to) {
        word |= octets[i + 1] & 0xff;
      }
      total += word;
    }
    return total;
  }

  /** Folds a sum and inverts it. */
  static int finish(long sum) {
    long folded = sum;
    while (folded >>> 16 != 0) {
      folded = (folded & 0xffff) + (folded >>> 16);
    }
    return (int) ~folded & 0xffff;
  }
}
