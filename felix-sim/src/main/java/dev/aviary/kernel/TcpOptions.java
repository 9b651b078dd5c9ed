package dev.aviary.kernel;

import java.nio.ByteBuffer;

/** The options that Linux puts into segments (RFC 9293, RFC 7323, RFC 2018). */
final class TcpOptions {
  private static final int WINDOW_SCALE = 10;

  private TcpOptions() {}

  /** Of a SYN: maximum segment size, SACK permitted, timestamps, window scale. */
  static byte[] syn(int segmentSize, int stamp, int echo) {
    return ByteBuffer.allocate(20)
        .put((byte) 2)
        .put((byte) 4)
        .putShort((short) segmentSize)
        .put((byte) 4)
        .put((byte) 2)
        .put((byte) 8)
        .put((byte) 10)
        .putInt(stamp)
        .putInt(echo)
        .put((byte) 1)
        .put((byte) 3)
        .put((byte) 3)
        .put((byte) WINDOW_SCALE)
        .array();
  }

  /** Of every other segment: timestamps behind two no-ops. */
  static byte[] stamps(int stamp, int echo) {
    return ByteBuffer.allocate(12)
        .putShort((short) 0x0101)
        .put((byte) 8)
        .put((byte) 10)
        .putInt(stamp)
        .putInt(echo)
        .array();
  }

  /** The maximum segment size that a SYN announces; 536 where it does not (RFC 9293 §3.7.1). */
  static int segmentSizeOf(byte[] options) {
    return options.length >= 4 && options[0] == 2
        ? ByteBuffer.wrap(options).getShort(2) & 0xffff
        : 536;
  }

  /** The stamp of a segment that has one in one of these two layouts, else 0. */
  static int stampOf(byte[] options) {
    return switch (options.length) {
      case 20 -> ByteBuffer.wrap(options).getInt(8);
      case 12 -> ByteBuffer.wrap(options).getInt(4);
      default -> 0;
    };
  }
}
