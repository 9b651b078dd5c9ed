package dev.aviary.net;

/** An IPv4 prefix of 0 to 32 bits; host bits are zero. */
public record Ipv4Prefix(Ipv4Address address, int length) implements Prefix {
  public Ipv4Prefix {
    if (length < 0 || length > 32) {
      throw new IllegalArgumentException("an IPv4 prefix of " + length + " bits");
    }
    if ((address.bits() & ~mask(length)) != 0) {
      throw new IllegalArgumentException(address + "/" + length + " has host bits set");
    }
  }

  /** The prefix of {@code length} bits that {@code address} is in. */
  public static Ipv4Prefix of(Ipv4Address address, int length) {
    return new Ipv4Prefix(new Ipv4Address(address.bits() & mask(length)), length);
  }

  /**
   * Reads "a.b.c.d/length"; host bits may be set and are cleared.
   *
   * @throws IllegalArgumentException if {@code text} is no IPv4 prefix
   */
  public static Ipv4Prefix of(String text) {
    return switch (Prefix.of(text)) {
      case Ipv4Prefix v4 -> v4;
      case Ipv6Prefix v6 -> throw new IllegalArgumentException("not an IPv4 prefix: " + v6);
    };
  }

  /** The netmask of {@code length} bits. */
  public static int mask(int length) {
    return length == 0 ? 0 : -1 << (32 - length);
  }

  @Override
  public boolean contains(IpAddress other) {
    return other instanceof Ipv4Address(int bits) && (bits & mask(length)) == address.bits();
  }

  @Override
  public Ipv4Prefix subnet(int length, long index) {
    if (length < this.length || length > 32) {
      throw new IllegalArgumentException("no /" + length + " in " + this);
    }
    return new Ipv4Prefix(address.plus(index << (32 - length)), length);
  }

  @Override
  public Ipv4Address last() {
    return new Ipv4Address(address.bits() | ~mask(length));
  }

  /** How many addresses it has: 1 to 2^32. */
  public long size() {
    return 1L << (32 - length);
  }

  /** The netmask as an address, as {@code route -n} prints it. */
  public Ipv4Address netmask() {
    return new Ipv4Address(mask(length));
  }

  @Override
  public String toString() {
    return address + "/" + length;
  }
}
