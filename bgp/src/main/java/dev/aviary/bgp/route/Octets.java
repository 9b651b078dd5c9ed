package dev.aviary.bgp.route;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** Octets as a value: equal by content, never changed. */
public final class Octets {
  public static final Octets NONE = new Octets(new byte[0]);
  private final byte[] octets;

  private Octets(byte[] octets) {
    this.octets = octets;
  }

  /** A copy of {@code octets}. */
  public static Octets of(byte... octets) {
    return octets.length == 0 ? NONE : new Octets(octets.clone());
  }

  /** A copy of {@code length} of {@code octets} from {@code offset} on. */
  public static Octets of(byte[] octets, int offset, int length) {
    return length == 0 ? NONE : new Octets(Arrays.copyOfRange(octets, offset, offset + length));
  }

  /**
   * Reads hexadecimal digits.
   *
   * @throws IllegalArgumentException if there are others, or an odd number
   */
  public static Octets ofHex(String hex) {
    return new Octets(HexFormat.of().parseHex(hex));
  }

  /** The octets of {@code text} in UTF-8. */
  public static Octets ofText(String text) {
    return new Octets(text.getBytes(StandardCharsets.UTF_8));
  }

  /** How many there are. */
  public int length() {
    return octets.length;
  }

  /** The one at {@code index} as 0 to 255. */
  public int at(int index) {
    return octets[index] & 0xff;
  }

  /** A copy of all. */
  public byte[] toArray() {
    return octets.clone();
  }

  /** Copies all to {@code target} at {@code offset}. */
  public void copyTo(byte[] target, int offset) {
    System.arraycopy(octets, 0, target, offset, octets.length);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Octets that && Arrays.equals(octets, that.octets);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(octets);
  }

  /** Hexadecimal digits, lower case. */
  @Override
  public String toString() {
    return HexFormat.of().formatHex(octets);
  }
}
