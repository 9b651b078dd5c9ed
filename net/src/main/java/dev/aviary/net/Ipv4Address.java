package dev.aviary.net;

import java.util.Optional;

/**
 * An IPv4 address.
 *
 * @param bits the 32 bits in network order; compare unsigned
 */
public record Ipv4Address(int bits) implements IpAddress {
  public static final Ipv4Address UNSPECIFIED = new Ipv4Address(0);

  /**
   * Reads a dotted quad: four decimal numbers of 0 to 255, no leading zeros.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Ipv4Address of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not an IPv4 address: '" + text + "'"));
  }

  static Ipv4Address of(byte[] octets) {
    return new Ipv4Address(
        (octets[0] & 0xff) << 24
            | (octets[1] & 0xff) << 16
            | (octets[2] & 0xff) << 8
            | (octets[3] & 0xff));
  }

  /** As {@link #of(String)}, but empty where {@code text} is no dotted quad. */
  public static Optional<Ipv4Address> parse(String text) {
    int bits = 0;
    int part = -1;
    int dots = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '.') {
        if (part < 0 || ++dots > 3) {
          return Optional.empty();
        }
        bits = bits << 8 | part;
        part = -1;
      } else if (c >= '0' && c <= '9') {
        // A leading zero is refused: some readers take it for octal.
        if (part == 0) {
          return Optional.empty();
        }
        part = part < 0 ? c - '0' : part * 10 + (c - '0');
        if (part > 255) {
          return Optional.empty();
        }
      } else {
        return Optional.empty();
      }
    }
    return dots == 3 && part >= 0
        ? Optional.of(new Ipv4Address(bits << 8 | part))
        : Optional.empty();
  }

  @Override
  public IpFamily family() {
    return IpFamily.IPV4;
  }

  @Override
  public int bit(int index) {
    return bits >>> (31 - index) & 1;
  }

  @Override
  public Ipv4Address plus(long offset) {
    return new Ipv4Address((int) (bits + offset));
  }

  @Override
  public byte[] octets() {
    return new byte[] {
      (byte) (bits >>> 24), (byte) (bits >>> 16), (byte) (bits >>> 8), (byte) bits
    };
  }

  @Override
  public Ipv4Prefix toPrefix() {
    return new Ipv4Prefix(this, 32);
  }

  @Override
  public boolean isUnspecified() {
    return bits == 0;
  }

  @Override
  public boolean isLoopback() {
    return bits >>> 24 == 127;
  }

  @Override
  public boolean isMulticast() {
    return bits >>> 28 == 0xe;
  }

  @Override
  public boolean isLinkLocal() {
    return bits >>> 16 == 0xa9fe;
  }

  /** The bits as an unsigned number. */
  public long toLong() {
    return Integer.toUnsignedLong(bits);
  }

  @Override
  public int compareTo(IpAddress other) {
    return switch (other) {
      case Ipv4Address that -> Integer.compareUnsigned(bits, that.bits);
      case Ipv6Address _ -> -1;
    };
  }

  @Override
  public String toString() {
    return (bits >>> 24)
        + "."
        + (bits >>> 16 & 0xff)
        + "."
        + (bits >>> 8 & 0xff)
        + "."
        + (bits & 0xff);
  }
}
