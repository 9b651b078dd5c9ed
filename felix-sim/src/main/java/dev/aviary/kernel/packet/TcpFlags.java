package dev.aviary.kernel.packet;

import java.util.Optional;

/** The flag bits of a TCP header (RFC 9293 §3.1). */
public final class TcpFlags {
  public static final int FIN = 0x01;
  public static final int SYN = 0x02;
  public static final int RST = 0x04;
  public static final int PSH = 0x08;
  public static final int ACK = 0x10;
  public static final int URG = 0x20;

  private static final String LETTERS = "FSRPAU";

  private TcpFlags() {}

  /** The flags as letters in the order FSRPAU. */
  public static String text(int flags) {
    var out = new StringBuilder();
    for (int i = 0; i < LETTERS.length(); i++) {
      if ((flags & (1 << i)) != 0) {
        out.append(LETTERS.charAt(i));
      }
    }
    return out.toString();
  }

  /** Reads letters in any order; empty if one is unknown. */
  public static Optional<Integer> parse(String text) {
    int flags = 0;
    for (int i = 0; i < text.length(); i++) {
      int bit = LETTERS.indexOf(text.charAt(i));
      if (bit < 0) {
        return Optional.empty();
      }
      flags |= 1 << bit;
    }
    return Optional.of(flags);
  }
}
