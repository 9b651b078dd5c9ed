package dev.aviary.kernel.packet;

import java.util.Locale;
import java.util.Optional;

/** An Ethernet address: the low 48 bits of {@code bits}. */
public record MacAddress(long bits) {
  public static final MacAddress ZERO = new MacAddress(0);
  public static final MacAddress BROADCAST = new MacAddress(0xffff_ffff_ffffL);

  public MacAddress {
    if (bits >>> 48 != 0) {
      throw new IllegalArgumentException("more than 48 bits: " + Long.toHexString(bits));
    }
  }

  /**
   * Reads six octets in hex with colons.
   *
   * @throws IllegalArgumentException if {@code text} is not that
   */
  public static MacAddress of(String text) {
    return parse(text)
        .orElseThrow(() -> new IllegalArgumentException("not a MAC address: '" + text + "'"));
  }

  /** As {@link #of}, but empty where {@code text} is no address. */
  public static Optional<MacAddress> parse(String text) {
    var parts = text.split(":", -1);
    if (parts.length != 6) {
      return Optional.empty();
    }
    long bits = 0;
    for (var part : parts) {
      if (part.isEmpty() || part.length() > 2) {
        return Optional.empty();
      }
      int high = part.length() == 2 ? Character.digit(part.charAt(0), 16) : 0;
      int low = Character.digit(part.charAt(part.length() - 1), 16);
      if (high < 0 || low < 0) {
        return Optional.empty();
      }
      bits = (bits << 8) | (high << 4) | low;
    }
    return Optional.of(new MacAddress(bits));
  }

  /** True for group addresses, broadcast included. */
  public boolean isGroup() {
    return ((bits >> 40) & 1) != 0;
  }

  /** Its six octets, a new array each time. */
  public byte[] octets() {
    var octets = new byte[6];
    for (int i = 0; i < 6; i++) {
      octets[i] = (byte) (bits >>> (40 - 8 * i));
    }
    return octets;
  }

  @Override
  public String toString() {
    var out = new StringBuilder(17);
    for (int shift = 40; shift >= 0; shift -= 8) {
      out.append(out.isEmpty() ? "" : ":")
          .append(String.format(Locale.ROOT, "%02x", (bits >>> shift) & 0xff));
    }
    return out.toString();
  }
}
