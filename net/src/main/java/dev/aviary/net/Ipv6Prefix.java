package dev.aviary.net;

/** An IPv6 prefix of 0 to 128 bits; host bits are zero. */
public record Ipv6Prefix(Ipv6Address address, int length) implements Prefix {
  public Ipv6Prefix {
    if (length < 0 || length > 128) {
      throw new IllegalArgumentException("an IPv6 prefix of " + length + " bits");
    }
    if ((address.high() & ~highMask(length)) != 0 || (address.low() & ~lowMask(length)) != 0) {
      throw new IllegalArgumentException(address + "/" + length + " has host bits set");
    }
  }

  /** The prefix of {@code length} bits that {@code address} is in. */
  public static Ipv6Prefix of(Ipv6Address address, int length) {
    return new Ipv6Prefix(
        new Ipv6Address(address.high() & highMask(length), address.low() & lowMask(length)),
        length);
  }

  private static long highMask(int length) {
    return length == 0 ? 0 : length >= 64 ? -1 : -1L << (64 - length);
  }

  private static long lowMask(int length) {
    return length <= 64 ? 0 : -1L << (128 - length);
  }

  @Override
  public boolean contains(IpAddress other) {
    return other instanceof Ipv6Address(long high, long low)
        && (high & highMask(length)) == address.high()
        && (low & lowMask(length)) == address.low();
  }

  @Override
  public Ipv6Prefix subnet(int length, long index) {
    if (length < this.length || length > 128) {
      throw new IllegalArgumentException("no /" + length + " in " + this);
    }
    int shift = 128 - length;
    long low = shift >= 64 ? 0 : index << shift;
    long high = shift >= 64 ? index << (shift - 64) : shift == 0 ? 0 : index >>> (64 - shift);
    return new Ipv6Prefix(new Ipv6Address(address.high() + high, address.low() + low), length);
  }

  @Override
  public Ipv6Address last() {
    return new Ipv6Address(address.high() | ~highMask(length), address.low() | ~lowMask(length));
  }

  @Override
  public String toString() {
    return address + "/" + length;
  }
}
