package dev.aviary.net;

import java.util.Optional;

/**
 * A network and its length in bits. Host bits are always zero. Prefixes compare by address, then by
 * length, shorter first. {@code toString} prints "address/length".
 */
public sealed interface Prefix extends Comparable<Prefix> permits Ipv4Prefix, Ipv6Prefix {

  /** The lowest address in it. */
  IpAddress address();

  /** Its length in bits: 0 to 32 or 128. */
  int length();

  /** Its family. */
  default IpFamily family() {
    return address().family();
  }

  /** True if {@code address} is of this family and inside. */
  boolean contains(IpAddress address);

  /** True if {@code other} is this prefix, or inside it. */
  default boolean contains(Prefix other) {
    return other.length() >= length() && contains(other.address());
  }

  /** True if an address exists that is in both. */
  default boolean overlaps(Prefix other) {
    return contains(other) || other.contains(this);
  }

  /** The prefix of {@code length} bits around this one's address. */
  default Prefix withLength(int length) {
    return of(address(), length);
  }

  /**
   * The {@code index}th prefix of {@code length} bits inside this one, counted from zero.
   *
   * @throws IllegalArgumentException if {@code length} is shorter than this one's
   */
  Prefix subnet(int length, long index);

  /** The highest address in it. */
  IpAddress last();

  /** True for /32 and /128. */
  default boolean isHost() {
    return length() == family().bits();
  }

  @Override
  default int compareTo(Prefix other) {
    int byAddress = address().compareTo(other.address());
    return byAddress != 0 ? byAddress : Integer.compare(length(), other.length());
  }

  /**
   * The prefix of {@code length} bits that {@code address} is in.
   *
   * @throws IllegalArgumentException if the family has no such length
   */
  static Prefix of(IpAddress address, int length) {
    return switch (address) {
      case Ipv4Address v4 -> Ipv4Prefix.of(v4, length);
      case Ipv6Address v6 -> Ipv6Prefix.of(v6, length);
    };
  }

  /**
   * Reads "address/length"; host bits may be set and are cleared.
   *
   * @throws IllegalArgumentException if {@code text} is no prefix
   */
  static Prefix of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not a prefix: '" + text + "'"));
  }

  /** As {@link #of(String)}, but empty where {@code text} is no prefix. */
  static Optional<Prefix> parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      return Optional.empty();
    }
    var digits = text.substring(slash + 1);
    if (digits.isEmpty()
        || digits.length() > 3
        || !digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return Optional.empty();
    }
    int length = Integer.parseInt(digits);
    return IpAddress.parse(text.substring(0, slash))
        .filter(address -> length <= address.family().bits())
        .map(address -> of(address, length));
  }
}
