package dev.aviary.emulator.calicoctl;

import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;

/** The arithmetic of {@code ipam split}. */
final class PoolSplit {
  private static final int NAME_LIMIT = 253;
  private static final int CUT = 245;

  private PoolSplit() {}

  /**
   * {@code parts} prefixes of equal size.
   *
   * @throws IllegalArgumentException if that cannot be, in calicoctl's words
   */
  static List<Prefix> of(Prefix cidr, int parts) {
    if (parts < 2 || Integer.bitCount(parts) != 1) {
      throw new IllegalArgumentException(
          "number to split CIDR into is not a valid power of 2: " + parts);
    }
    int power = Integer.numberOfTrailingZeros(parts);
    int length = cidr.length() + power;
    if (length > cidr.family().bits()) {
      throw new IllegalArgumentException(
          "the CIDR %s is not large enough to be split into %d parts".formatted(cidr, parts));
    }
    var found = new ArrayList<Prefix>(parts);
    halve(cidr, length, found);
    return List.copyOf(found);
  }

  private static void halve(Prefix cidr, int length, List<Prefix> found) {
    if (cidr.length() == length) {
      found.add(cidr);
      return;
    }
    var octets = cidr.address().octets();
    halve(Prefix.of(cidr.address(), cidr.length() + 1), length, found);
    octets[cidr.length() / 8] |= (byte) (0x80 >> (cidr.length() % 8));
    halve(Prefix.of(dev.aviary.net.IpAddress.of(octets), cidr.length() + 1), length, found);
  }

  /** What the part number {@code index} of a pool is called. */
  static String name(String pool, int index) {
    var name = "split-" + pool + "-" + index;
    return name.length() > NAME_LIMIT ? "split-" + pool.substring(0, CUT) + "-" + index : name;
  }
}
