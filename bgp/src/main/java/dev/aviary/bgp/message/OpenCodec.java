package dev.aviary.bgp.message;

import dev.aviary.bgp.message.MessageCodec.Decoded;
import dev.aviary.bgp.message.MessageCodec.Failed;
import dev.aviary.bgp.message.MessageCodec.Whole;
import dev.aviary.bgp.message.OpenMessage.Parameter;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.Octets;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Body of an OPEN (RFC 4271 §4.2), with RFC 9072's long form of the parameters:
 *
 * <pre>
 * +---------+-------+-----------+------------+-------------+------------------------+
 * | version | my AS | hold time | identifier | params size | type, size, value ...  |
 * |    1    |   2   |     2     |     4      | 1 (or 255,  | (size: 2 octets in the |
 * |         |       |           |            |  255, 2)    |  long form)            |
 * +---------+-------+-----------+------------+-------------+------------------------+
 * </pre>
 */
final class OpenCodec {
  private static final int CAPABILITIES = 2;
  private static final int LONG_FORM = 255;

  private OpenCodec() {}

  static Decoded decode(byte[] octets, int offset, int end, SessionOptions options, boolean judge) {
    var in = ByteBuffer.wrap(octets, offset, end - offset);
    int version = in.get() & 0xff;
    if (version != OpenMessage.VERSION && judge) {
      return new Failed(NotificationMessage.of(BgpError.VERSION, versionData(version, options)));
    }
    int myAs = in.getShort() & 0xffff;
    int holdTime = in.getShort() & 0xffff;
    var identifier = new BgpIdentifier(in.getInt());
    int size = in.get() & 0xff;
    int at = in.position();
    boolean extended = size == LONG_FORM && end - at >= 3 && (octets[at] & 0xff) == LONG_FORM;
    if (extended) {
      size = (octets[at + 1] & 0xff) << 8 | (octets[at + 2] & 0xff);
      at += 3;
    }
    if (at + size != end) {
      return malformed();
    }
    var capabilities = new ArrayList<Capability>();
    var others = new ArrayList<Parameter>();
    int header = extended ? 3 : 2;
    while (at < end) {
      if (end - at < header) {
        return malformed();
      }
      int type = octets[at] & 0xff;
      int length =
          extended ? (octets[at + 1] & 0xff) << 8 | (octets[at + 2] & 0xff) : octets[at + 1] & 0xff;
      int value = at + header;
      if (length > end - value) {
        return malformed();
      }
      if (type == CAPABILITIES) {
        if (!capabilities(octets, value, value + length, capabilities)) {
          return malformed();
        }
      } else {
        others.add(new Parameter(type, Octets.of(octets, value, length)));
      }
      at = value + length;
    }
    return new Whole(
        new OpenMessage(version, myAs, holdTime, identifier, capabilities, others, extended));
  }

  private static boolean capabilities(byte[] octets, int from, int to, List<Capability> found) {
    int at = from;
    while (at < to) {
      if (to - at < 2 || (octets[at + 1] & 0xff) > to - at - 2) {
        return false;
      }
      int length = octets[at + 1] & 0xff;
      found.add(CapabilityCodec.decode(octets[at] & 0xff, octets, at + 2, length));
      at += 2 + length;
    }
    return true;
  }

  /** RFC 4271 §6.2: the version we have, two octets. Both BIRDs send something else. */
  private static Octets versionData(int received, SessionOptions options) {
    return switch (options.behavior()) {
      case RFC -> Octets.of((byte) 0, (byte) OpenMessage.VERSION);
      case BIRD_20 -> Octets.of((byte) OpenMessage.VERSION, (byte) 0);
      case BIRD_16 -> Octets.of((byte) received);
    };
  }

  private static Decoded malformed() {
    return new Failed(NotificationMessage.of(BgpError.OPEN));
  }

  static void encode(OpenMessage open, ByteBuf out) {
    out.writeByte(open.version())
        .writeShort(open.myAs())
        .writeShort(open.holdTime())
        .writeInt(open.identifier().bits());
    var capabilities = out.alloc().heapBuffer();
    try {
      open.capabilities().forEach(capability -> CapabilityCodec.encode(capability, capabilities));
      int size = capabilities.readableBytes();
      int others = open.otherParameters().stream().mapToInt(p -> 2 + p.value().length()).sum();
      boolean extended = open.extendedParameters() || size + 2 + others > 255;
      int total = (size == 0 ? 0 : size + (extended ? 3 : 2)) + others;
      total += extended ? open.otherParameters().size() : 0;
      if (extended) {
        out.writeByte(LONG_FORM).writeByte(LONG_FORM).writeShort(total);
      } else {
        out.writeByte(total);
      }
      for (var other : open.otherParameters()) {
        parameterHeader(other.type(), other.value().length(), extended, out);
        out.writeBytes(other.value().toArray());
      }
      if (size > 0) {
        parameterHeader(CAPABILITIES, size, extended, out);
        out.writeBytes(capabilities);
      }
    } finally {
      capabilities.release();
    }
  }

  private static void parameterHeader(int type, int length, boolean extended, ByteBuf out) {
    out.writeByte(type);
    if (extended) {
      out.writeShort(length);
    } else {
      out.writeByte(length);
    }
  }
}
