package dev.aviary.net;

/** The two address families, with what differs between them by number alone. */
public enum IpFamily {
  IPV4(32),
  IPV6(128);

  private final int bits;

  IpFamily(int bits) {
    this.bits = bits;
  }

  /** Length of an address in bits: 32 or 128. */
  public int bits() {
    return bits;
  }

  /** Length of an address in octets: 4 or 16. */
  public int octets() {
    return bits / 8;
  }
}
