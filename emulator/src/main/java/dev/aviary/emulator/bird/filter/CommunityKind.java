package dev.aviary.emulator.bird.filter;

import dev.aviary.bgp.route.Community;
import dev.aviary.bgp.route.ExtendedCommunity;
import dev.aviary.bgp.route.LargeCommunity;
import dev.aviary.net.Ipv4Address;
import java.util.List;

/** The three kinds of communities, as tuples of numbers. */
public enum CommunityKind {
  /** RFC 1997: an AS of 16 bits, and a number of 16. */
  STANDARD,
  /** RFC 4360: its upper and its lower 32 bits. */
  EXTENDED,
  /** RFC 8092: three numbers of 32 bits. */
  LARGE;

  static Value.Community of(Community community) {
    long bits = Integer.toUnsignedLong(community.bits());
    return new Value.Community(STANDARD, List.of(bits >>> 16, bits & 0xffff));
  }

  static Value.Community of(ExtendedCommunity community) {
    return new Value.Community(
        EXTENDED, List.of(community.bits() >>> 32, community.bits() & 0xffff_ffffL));
  }

  static Value.Community of(LargeCommunity community) {
    return new Value.Community(
        LARGE,
        List.of(
            Integer.toUnsignedLong(community.global()),
            Integer.toUnsignedLong(community.first()),
            Integer.toUnsignedLong(community.second())));
  }

  /**
   * Upper and lower 32 bits of a route target or origin.
   *
   * @param word rt, ro or generic
   * @param isAddress {@code key} is an address's bits
   */
  static List<Long> extended(String word, boolean isAddress, long key, long value) {
    long kind = word.equals("rt") ? 2 : 3;
    if (word.equals("generic")) {
      return List.of(key, value);
    }
    if (isAddress) {
      return List.of(1L << 24 | kind << 16 | key >>> 16, (key & 0xffff) << 16 | value);
    }
    return key <= 0xffff
        ? List.of(kind << 16 | key, value)
        : List.of(2L << 24 | kind << 16 | key >>> 16, (key & 0xffff) << 16 | value);
  }

  static Community standard(Value.Community value) {
    return new Community((int) (value.parts().getFirst() << 16 | value.parts().getLast()));
  }

  static ExtendedCommunity extended(Value.Community value) {
    return new ExtendedCommunity(value.parts().getFirst() << 32 | value.parts().getLast());
  }

  static LargeCommunity large(Value.Community value) {
    var parts = value.parts();
    return new LargeCommunity(
        parts.get(0).intValue(), parts.get(1).intValue(), parts.get(2).intValue());
  }

  String print(List<Long> parts) {
    return switch (this) {
      case STANDARD -> "(%d,%d)".formatted(parts.get(0), parts.get(1));
      case EXTENDED -> printExtended(parts.getFirst() << 32 | parts.getLast());
      case LARGE -> "(%d, %d, %d)".formatted(parts.get(0), parts.get(1), parts.get(2));
    };
  }

  /** {@code (rt, 65001, 5)}, as BIRD prints an extended community. */
  public static String printExtended(long bits) {
    int type = (int) (bits >>> 56) & 0x3f;
    int kind = (int) (bits >>> 48) & 0xff;
    var word =
        switch (kind) {
          case 2 -> "rt";
          case 3 -> "ro";
          default -> "";
        };
    if (word.isEmpty() || type > 2) {
      return "(generic, 0x%x, 0x%x)".formatted((int) (bits >>> 32), (int) bits);
    }
    if (type == 0) {
      return "(%s, %d, %d)".formatted(word, bits >>> 32 & 0xffff, bits & 0xffff_ffffL);
    }
    long key = bits >>> 16 & 0xffff_ffffL;
    return "(%s, %s, %d)"
        .formatted(
            word,
            type == 1 ? new Ipv4Address((int) key).toString() : Long.toString(key),
            bits & 0xffff);
  }
}
