package dev.aviary.felix.calc;

import java.util.OptionalInt;

/** An ICMP or ICMPv6 type, and a code if only that one is meant; each 0 to 255. */
public record Icmp(int type, OptionalInt code) {
  public Icmp {
    if (type < 0 || type > 255 || code.orElse(0) < 0 || code.orElse(0) > 255) {
      throw new IllegalArgumentException("ICMP type " + type + " code " + code);
    }
  }

  public static Icmp of(int type) {
    return new Icmp(type, OptionalInt.empty());
  }

  public static Icmp of(int type, int code) {
    return new Icmp(type, OptionalInt.of(code));
  }

  /** "8" or "8/0". */
  @Override
  public String toString() {
    return code.isPresent() ? type + "/" + code.getAsInt() : Integer.toString(type);
  }
}
