package dev.aviary.kernel;

import dev.aviary.kernel.packet.Frame;
import dev.aviary.kernel.packet.PacketCodec;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Instant;

/**
 * A capture in the pcap format with nanosecond stamps, as {@code tcpdump -w} writes it.
 *
 * <pre>
 * file:   magic(4) version(2.2) zone(4) sigfigs(4) snaplen(4) linktype(4)
 * packet: seconds(4) nanoseconds(4) captured(4) original(4) octets
 * </pre>
 */
public final class CaptureFile implements Captures.Tap {
  private static final int MAGIC_NANOSECONDS = 0xa1b23c4d;
  private static final int SNAP_LENGTH = 262144;
  private static final int ETHERNET = 1;

  private final OutputStream out;
  private int packets;

  /** Writes the file's header; the caller keeps the stream and closes it. */
  public CaptureFile(OutputStream out) throws IOException {
    this.out = out;
    out.write(
        ByteBuffer.allocate(24)
            .putInt(MAGIC_NANOSECONDS)
            .putShort((short) 2)
            .putShort((short) 4)
            .putInt(0)
            .putInt(0)
            .putInt(SNAP_LENGTH)
            .putInt(ETHERNET)
            .array());
  }

  /** How many frames were written. */
  public int packets() {
    return packets;
  }

  @Override
  public void seen(Link link, boolean out, Frame frame) {
    try {
      write(link.kernel().clock().instant(), PacketCodec.encode(frame));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private void write(Instant time, byte[] octets) throws IOException {
    out.write(
        ByteBuffer.allocate(16)
            .putInt((int) time.getEpochSecond())
            .putInt(time.getNano())
            .putInt(octets.length)
            .putInt(octets.length)
            .array());
    out.write(octets);
    packets++;
  }
}
