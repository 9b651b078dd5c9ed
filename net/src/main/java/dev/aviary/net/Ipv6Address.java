package dev.aviary.net;

import java.nio.ByteBuffer;
import java.util.Optional;

/**
 * An IPv6 address.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record Ipv6Address(long high, long low) implements IpAddress {
  public static final Ipv6Address UNSPECIFIED = new Ipv6Address(0, 0);
  private static final int GROUPS = 8;

  /**
   * Reads a text of RFC 4291 §2.2, with "::" and an embedded dotted quad at the end; no zone.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Ipv6Address of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not an IPv6 address: '" + text + "'"));
  }

  static Ipv6Address of(byte[] octets) {
    var buffer = ByteBuffer.wrap(octets);
    return new Ipv6Address(buffer.getLong(), buffer.getLong());
  }

  /** As {@link #of(String)}, but empty where {@code text} is no IPv6 address. */
  public static Optional<Ipv6Address> parse(String text) {
    var groups = new int[GROUPS];
    int count = 0;
    int gap = -1;
    int at = 0;
    if (text.startsWith("::")) {
      gap = 0;
      at = 2;
    } else if (text.startsWith(":")) {
      return Optional.empty();
    }
    while (at < text.length()) {
      int end = text.indexOf(':', at);
      var part = end < 0 ? text.substring(at) : text.substring(at, end);
      if (end < 0 && part.indexOf('.') >= 0) {
        var quad = Ipv4Address.parse(part);
        if (quad.isEmpty() || count > GROUPS - 2) {
          return Optional.empty();
        }
        groups[count++] = quad.get().bits() >>> 16;
        groups[count++] = quad.get().bits() & 0xffff;
        at = text.length();
        break;
      }
      if (part.isEmpty() || part.length() > 4 || count == GROUPS || !isHex(part)) {
        return Optional.empty();
      }
      groups[count++] = Integer.parseInt(part, 16);
      if (end < 0) {
        break;
      }
      at = end + 1;
      if (at < text.length() && text.charAt(at) == ':') {
        if (gap >= 0) {
          return Optional.empty();
        }
        gap = count;
        at++;
      } else if (at == text.length()) {
        return Optional.empty();
      }
    }
    // "::" stands for one group of zeros at least.
    if (gap < 0 ? count != GROUPS : count == GROUPS) {
      return Optional.empty();
    }
    if (gap >= 0) {
      int tail = count - gap;
      for (int i = 1; i <= tail; i++) {
        groups[GROUPS - i] = groups[count - i];
        groups[count - i] = 0;
      }
    }
    return Optional.of(new Ipv6Address(join(groups, 0), join(groups, 4)));
  }

  private static boolean isHex(String part) {
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (Character.digit(c, 16) < 0 || c > 'f') {
        return false;
      }
    }
    return true;
  }

  private static long join(int[] groups, int from) {
    return (long) groups[from] << 48
        | (long) groups[from + 1] << 32
        | (long) groups[from + 2] << 16
        | groups[from + 3];
  }

  @Override
  public IpFamily family() {
    return IpFamily.IPV6;
  }

  @Override
  public int bit(int index) {
    return (int) (index < 64 ? high >>> (63 - index) : low >>> (127 - index)) & 1;
  }

  @Override
  public Ipv6Address plus(long offset) {
    long sum = low + offset;
    long carry = offset >= 0 ? (Long.compareUnsigned(sum, low) < 0 ? 1 : 0) : 0;
    long borrow = offset < 0 ? (Long.compareUnsigned(sum, low) > 0 ? 1 : 0) : 0;
    return new Ipv6Address(high + carry - borrow, sum);
  }

  @Override
  public byte[] octets() {
    return ByteBuffer.allocate(16).putLong(high).putLong(low).array();
  }

  @Override
  public Ipv6Prefix toPrefix() {
    return new Ipv6Prefix(this, 128);
  }

  @Override
  public boolean isUnspecified() {
    return (high | low) == 0;
  }

  @Override
  public boolean isLoopback() {
    return high == 0 && low == 1;
  }

  @Override
  public boolean isMulticast() {
    return high >>> 56 == 0xff;
  }

  @Override
  public boolean isLinkLocal() {
    return high >>> 54 == 0xfe80 >>> 6;
  }

  @Override
  public int compareTo(IpAddress other) {
    return switch (other) {
      case Ipv4Address _ -> 1;
      case Ipv6Address that -> {
        int first = Long.compareUnsigned(high, that.high);
        yield first != 0 ? first : Long.compareUnsigned(low, that.low);
      }
    };
  }

  private int group(int index) {
    return (int) (index < 4 ? high >>> (48 - 16 * index) : low >>> (112 - 16 * index)) & 0xffff;
  }

  /**
   * RFC 5952: lower case, no leading zeros, "::" for the first longest run of two zeros or more.
   */
  @Override
  public String toString() {
    if (high == 0 && low >>> 32 == 0xffff) {
      return "::ffff:" + new Ipv4Address((int) low); // RFC 5952 §5
    }
    int gap = -1;
    int gapLength = 1;
    for (int i = 0; i < GROUPS; i++) {
      int run = 0;
      while (i + run < GROUPS && group(i + run) == 0) {
        run++;
      }
      if (run > gapLength) {
        gap = i;
        gapLength = run;
      }
      i += run;
    }
    var out = new StringBuilder(39);
    for (int i = 0; i < GROUPS; i++) {
      if (i == gap) {
        out.append("::");
        i += gapLength - 1;
        continue;
      }
      if (i > 0 && i != gap + gapLength) {
        out.append(':');
      } else if (i > 0 && gap < 0) {
        out.append(':');
      }
      out.append(Integer.toHexString(group(i)));
    }
    return out.toString();
  }
}
