package dev.aviary.kernel.packet;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * One chunk of an SCTP packet (RFC 9260 §3.2): type(1) flags(1) length(2), then its value, filled
 * up to four octets.
 */
public final class SctpChunk {
  public static final int DATA = 0;
  public static final int INIT = 1;
  public static final int INIT_ACK = 2;
  public static final int SACK = 3;
  public static final int HEARTBEAT = 4;
  public static final int HEARTBEAT_ACK = 5;
  public static final int ABORT = 6;
  public static final int SHUTDOWN = 7;
  public static final int SHUTDOWN_ACK = 8;
  public static final int ERROR = 9;
  public static final int COOKIE_ECHO = 10;
  public static final int COOKIE_ACK = 11;
  public static final int SHUTDOWN_COMPLETE = 14;

  /** The flag of ABORT and SHUTDOWN COMPLETE: the tag is the one that the packet answered had. */
  public static final int TAG_REFLECTED = 1;

  /** Octets of a chunk's own header. */
  private static final int HEADER = 4;

  /** Octets of INIT's fixed fields: tag(4) window(4) streams out(2) and in(2) first TSN(4). */
  private static final int INIT_FIELDS = 16;

  /** Octets of DATA's fixed fields: TSN(4) stream(2) number in it(2) payload protocol(4). */
  private static final int DATA_FIELDS = 12;

  private static final int WHOLE_MESSAGE = 3;
  private static final int WINDOW = 106496;
  private static final int STREAMS = 10;
  private static final int MOST_STREAMS = 65535;

  private final int type;
  private final int flags;
  private final int length;
  private final byte[] value;

  private SctpChunk(int type, int flags, int length, byte[] value) {
    this.type = type;
    this.flags = flags;
    this.length = length;
    this.value = value;
  }

  public int type() {
    return type;
  }

  /** As the chunk itself says, header included; what a liar says is not corrected. */
  public int length() {
    return length;
  }

  /** What is there of it behind the header; not to be written to. */
  public byte[] value() {
    return value;
  }

  /** The chunks of a packet's payload, as far as their headers are there. */
  public static List<SctpChunk> of(byte[] payload) {
    var chunks = new ArrayList<SctpChunk>(2);
    var octets = ByteBuffer.wrap(payload);
    int at = 0;
    while (at + HEADER <= payload.length) {
      int length = octets.getShort(at + 2) & 0xffff;
      int end = Math.clamp(at + (long) length, at + HEADER, payload.length);
      var value = new byte[end - at - HEADER];
      octets.get(at + HEADER, value);
      chunks.add(new SctpChunk(octets.get(at) & 0xff, octets.get(at + 1) & 0xff, length, value));
      if (length == 0) {
        break;
      }
      at += (length + 3) & ~3;
    }
    return chunks;
  }

  /** A chunk with a sound length. */
  public static SctpChunk of(int type, byte... value) {
    return new SctpChunk(type, 0, HEADER + value.length, value);
  }

  /** An INIT or INIT ACK: "send me what you send under {@code tag}". */
  public static SctpChunk init(int type, int tag, int firstTsn) {
    var value =
        ByteBuffer.allocate(INIT_FIELDS)
            .putInt(tag)
            .putInt(WINDOW)
            .putShort((short) STREAMS)
            .putShort((short) MOST_STREAMS)
            .putInt(firstTsn);
    return of(type, value.array());
  }

  /** A message in one piece, in stream 0. */
  public static SctpChunk data(int tsn, int number, byte[] message) {
    var value =
        ByteBuffer.allocate(DATA_FIELDS + message.length)
            .putInt(tsn)
            .putShort((short) 0)
            .putShort((short) number)
            .putInt(0)
            .put(message);
    return new SctpChunk(DATA, WHOLE_MESSAGE, HEADER + value.capacity(), value.array());
  }

  /** All up to {@code tsn} has come. */
  public static SctpChunk sack(int tsn) {
    return of(SACK, ByteBuffer.allocate(12).putInt(tsn).putInt(WINDOW).putShort((short) 0).array());
  }

  /** All up to {@code tsn} has come, and nothing more will go. */
  public static SctpChunk shutdown(int tsn) {
    return of(SHUTDOWN, ByteBuffer.allocate(4).putInt(tsn).array());
  }

  /** The same with {@link #TAG_REFLECTED}. */
  public SctpChunk reflected() {
    return new SctpChunk(type, flags | TAG_REFLECTED, length, value);
  }

  public boolean isTagReflected() {
    return (flags & TAG_REFLECTED) != 0;
  }

  /** True for an INIT or INIT ACK whose fixed fields are there. */
  public boolean hasInitFields() {
    return value.length >= INIT_FIELDS;
  }

  /** The tag of an INIT or INIT ACK. */
  public int initTag() {
    return ByteBuffer.wrap(value).getInt();
  }

  /** The number of DATA, the first one of INIT and INIT ACK, or 0. */
  public int tsn() {
    int at = type == DATA ? 0 : 12;
    return value.length >= at + 4 ? ByteBuffer.wrap(value).getInt(at) : 0;
  }

  /** The message of DATA. */
  public byte[] message() {
    var message = new byte[Math.max(0, value.length - DATA_FIELDS)];
    System.arraycopy(value, value.length - message.length, message, 0, message.length);
    return message;
  }

  /** The chunks in octets, each filled up. */
  public static byte[] encode(List<SctpChunk> chunks) {
    int size = 0;
    for (var chunk : chunks) {
      size += HEADER + ((chunk.value.length + 3) & ~3);
    }
    var out = ByteBuffer.allocate(size);
    for (var chunk : chunks) {
      out.put((byte) chunk.type).put((byte) chunk.flags).putShort((short) chunk.length);
      out.put(chunk.value);
      out.position((out.position() + 3) & ~3);
    }
    return out.array();
  }

  /** "INIT", "COOKIE ECHO", or the number. */
  public String name() {
    return switch (type) {
      case DATA -> "DATA";
      case INIT -> "INIT";
      case INIT_ACK -> "INIT ACK";
      case SACK -> "SACK";
      case HEARTBEAT -> "HEARTBEAT";
      case HEARTBEAT_ACK -> "HEARTBEAT ACK";
      case ABORT -> "ABORT";
      case SHUTDOWN -> "SHUTDOWN";
      case SHUTDOWN_ACK -> "SHUTDOWN ACK";
      case ERROR -> "ERROR";
      case COOKIE_ECHO -> "COOKIE ECHO";
      case COOKIE_ACK -> "COOKIE ACK";
      case SHUTDOWN_COMPLETE -> "SHUTDOWN COMPLETE";
      default -> Integer.toString(type);
    };
  }
}
