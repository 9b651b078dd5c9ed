package dev.aviary.it.bench;

import java.io.ByteArrayOutputStream;

/** /24s from 1.0.0.0 on, six to a set of attributes, as UPDATEs. */
record TablePrefixes(int count) {
  private static final int EACH = 6;
  private static final int FIRST = 1 << 16;
  private static final int LOOPBACK = 127 << 16;
  private static final int WITHDRAWN_EACH = 1000;

  static TablePrefixes of(int count) {
    return new TablePrefixes(count);
  }

  /** The upper 24 bits of prefix {@code index}; nothing in 127.0.0.0/8. */
  private static int bits(int index) {
    int bits = FIRST + index;
    return bits < LOOPBACK ? bits : bits + FIRST;
  }

  /** The index of the prefix with these upper 24 bits. */
  int index(int bits) {
    return (bits < LOOPBACK ? bits : bits - FIRST) - FIRST;
  }

  private static void number(ByteArrayOutputStream out, long value, int octets) {
    for (int i = octets - 1; i >= 0; i--) {
      out.write((int) (value >>> (8 * i)));
    }
  }

  static void message(ByteArrayOutputStream out, int type, byte[] body) {
    number(out, -1, 8);
    number(out, -1, 8);
    number(out, 19 + body.length, 2);
    out.write(type);
    out.writeBytes(body);
  }

  /** All of them, as {@code as} announces them. */
  byte[] announced(int as) {
    var all = new ByteArrayOutputStream();
    for (int from = 0; from < count; from += EACH) {
      var body = new ByteArrayOutputStream();
      number(body, 0, 2);
      number(body, 42, 2);
      number(body, 0x40010100L, 4);
      number(body, 0x40020e0203L, 5);
      number(body, as, 4);
      number(body, 3356, 4);
      number(body, 100_000 + from / EACH % 60_000, 4);
      number(body, 0x400304L, 3);
      number(body, 0xc0000263L, 4);
      number(body, 0x800404L, 3);
      number(body, from / EACH, 4);
      number(body, 0xc00804L, 3);
      number(body, (3356L << 16) + from / EACH % 500, 4);
      for (int i = from; i < Math.min(from + EACH, count); i++) {
        body.write(24);
        number(body, bits(i), 3);
      }
      message(all, 2, body.toByteArray());
    }
    return all.toByteArray();
  }

  /** All of them, withdrawn. */
  byte[] withdrawn() {
    var all = new ByteArrayOutputStream();
    for (int from = 0; from < count; from += WITHDRAWN_EACH) {
      int to = Math.min(from + WITHDRAWN_EACH, count);
      var body = new ByteArrayOutputStream();
      number(body, 4L * (to - from), 2);
      for (int i = from; i < to; i++) {
        body.write(24);
        number(body, bits(i), 3);
      }
      number(body, 0, 2);
      message(all, 2, body.toByteArray());
    }
    return all.toByteArray();
  }
}
