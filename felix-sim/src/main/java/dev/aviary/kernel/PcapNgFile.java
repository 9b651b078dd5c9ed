package dev.aviary.kernel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A capture in the pcapng format: an interface for each link of each host, nanosecond stamps,
 * directions, and a comment for each packet (draft-ietf-opsawg-pcapng).
 *
 * <pre>
 * block:   type(4) length(4) body, padded to 4, length(4)
 * option:  code(2) length(2) value, padded to 4
 * </pre>
 */
public final class PcapNgFile {
  private static final int SECTION = 0x0A0D0D0A;
  private static final int INTERFACE = 1;
  private static final int PACKET = 6;
  private static final int ETHERNET = 1;
  private static final int RAW_IP = 101;
  private static final int SNAP_LENGTH = 262144;
  private static final int COMMENT = 1;
  private static final int INTERFACE_NAME = 2;
  private static final int PACKET_FLAGS = 2;
  private static final int TIME_RESOLUTION = 9;

  private final OutputStream out;
  private final Map<String, Integer> interfaces = new LinkedHashMap<>();

  private PcapNgFile(OutputStream out) {
    this.out = out;
  }

  /** Writes a whole file; the caller keeps the stream and closes it. */
  public static void write(OutputStream out, List<CapturedFrame> frames) throws IOException {
    var file = new PcapNgFile(out);
    file.section();
    for (var frame : frames) {
      file.packet(frame, file.interfaceOf(frame));
    }
  }

  private void section() throws IOException {
    var body = ByteBuffer.allocate(16).putInt(0x1A2B3C4D).putShort((short) 1).putShort((short) 0);
    block(SECTION, body.putLong(-1).array());
  }

  private int interfaceOf(CapturedFrame frame) throws IOException {
    var name = frame.host() + ":" + frame.link();
    var known = interfaces.get(name);
    if (known != null) {
      return known;
    }
    var body = new ByteArrayOutputStream();
    body.writeBytes(
        ByteBuffer.allocate(8)
            .putShort((short) (frame.ethernet() ? ETHERNET : RAW_IP))
            .putShort((short) 0)
            .putInt(SNAP_LENGTH)
            .array());
    option(body, INTERFACE_NAME, name.getBytes(StandardCharsets.UTF_8));
    option(body, TIME_RESOLUTION, new byte[] {9});
    endOfOptions(body);
    block(INTERFACE, body.toByteArray());
    int number = interfaces.size();
    interfaces.put(name, number);
    return number;
  }

  private void packet(CapturedFrame frame, int number) throws IOException {
    var octets = new byte[frame.octets().remaining()];
    frame.octets().duplicate().get(octets);
    long nanos = Duration.between(Instant.EPOCH, frame.time()).toNanos();
    var body = new ByteArrayOutputStream();
    body.writeBytes(
        ByteBuffer.allocate(20)
            .putInt(number)
            .putInt((int) (nanos >>> 32))
            .putInt((int) nanos)
            .putInt(octets.length)
            .putInt(octets.length)
            .array());
    body.writeBytes(octets);
    pad(body);
    if (!frame.comment().isEmpty()) {
      option(body, COMMENT, frame.comment().getBytes(StandardCharsets.UTF_8));
    }
    option(body, PACKET_FLAGS, new byte[] {0, 0, 0, (byte) (frame.out() ? 2 : 1)});
    endOfOptions(body);
    block(PACKET, body.toByteArray());
  }

  private static void option(ByteArrayOutputStream body, int code, byte[] value) {
    body.writeBytes(
        ByteBuffer.allocate(4).putShort((short) code).putShort((short) value.length).array());
    body.writeBytes(value);
    pad(body);
  }

  private static void endOfOptions(ByteArrayOutputStream body) {
    body.writeBytes(new byte[4]);
  }

  private static void pad(ByteArrayOutputStream body) {
    while (body.size() % 4 != 0) {
      body.write(0);
    }
  }

  private void block(int type, byte[] body) throws IOException {
    int length = 12 + body.length;
    out.write(
        ByteBuffer.allocate(length).putInt(type).putInt(length).put(body).putInt(length).array());
  }
}
