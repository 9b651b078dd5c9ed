package dev.aviary.bgp.message;

import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.Octets;
import io.netty.buffer.ByteBuf;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A whole message (RFC 4271 §4.1):
 *
 * <pre>
 * +------------------+--------+------+---------------------+
 * | marker: 16 x 255 | length | type | body (length - 19)  |
 * |                  |   2    |  1   |                     |
 * +------------------+--------+------+---------------------+
 * </pre>
 */
public final class MessageCodec {
  public static final int HEADER = 19;

  /** Most octets of a message without RFC 8654. */
  public static final int LIMIT = 4096;

  /** Most octets of a message with RFC 8654. */
  public static final int EXTENDED_LIMIT = 65535;

  static final int OPEN = 1;
  static final int UPDATE = 2;
  static final int NOTIFICATION = 3;
  static final int KEEPALIVE = 4;
  static final int ROUTE_REFRESH = 5;
  private static final int MARKER = 16;

  private MessageCodec() {}

  /** What octets turned out to be. */
  public sealed interface Decoded {}

  /** A message; an UPDATE may carry faults that do not end the session. */
  public record Whole(Message message) implements Decoded {}

  /** Nothing to go on with. {@code reply} is empty where the peer is not told (RFC 4271 §6.4). */
  public record Failed(Optional<NotificationMessage> reply, String detail) implements Decoded {
    Failed(NotificationMessage reply) {
      this(Optional.of(reply), reply.describe());
    }
  }

  /** The length field of the header at {@code offset}; 19 octets must be there. */
  public static int length(byte[] octets, int offset) {
    return UpdateCodec.unsignedShort(octets, offset + MARKER);
  }

  /** What is wrong with the header at {@code offset} (RFC 4271 §6.1), null if nothing is. */
  public static @Nullable Failed checkHeader(byte[] octets, int offset, SessionOptions options) {
    for (int i = 0; i < MARKER; i++) {
      if (octets[offset + i] != -1) {
        return new Failed(NotificationMessage.of(BgpError.NOT_SYNCHRONIZED));
      }
    }
    int length = length(octets, offset);
    int type = octets[offset + HEADER - 1] & 0xff;
    // RFC 8654 §4: OPEN and KEEPALIVE stay below 4097 octets.
    int limit = type == OPEN || type == KEEPALIVE ? LIMIT : options.messageLimit();
    boolean fits =
        length >= HEADER
            && length <= limit
            && switch (type) {
              case OPEN -> length >= 29;
              case UPDATE -> length >= 23;
              case NOTIFICATION -> length >= 21;
              case KEEPALIVE -> length == HEADER;
              case ROUTE_REFRESH -> length >= 23;
              default -> true;
            };
    boolean early = type == UPDATE || type == KEEPALIVE;
    if (!fits
        && early
        && length >= HEADER
        && length <= limit
        && !options.isSettled()
        && options.behavior() != Behavior.RFC) {
      // BIRD asks whether it is the message's time before it looks at its length.
      return new Failed(NotificationMessage.of(BgpError.UNEXPECTED_IN_OPEN_SENT));
    }
    if (!fits) {
      var data = Octets.of(octets[offset + MARKER], octets[offset + MARKER + 1]);
      // RFC 4271 §6.4: a bad NOTIFICATION is not answered.
      return type == NOTIFICATION && length >= HEADER && length <= limit
          ? new Failed(Optional.empty(), "NOTIFICATION of " + length + " octets")
          : new Failed(NotificationMessage.of(BgpError.MESSAGE_LENGTH, data));
    }
    if (type == 0 || type > ROUTE_REFRESH) {
      return new Failed(NotificationMessage.of(BgpError.MESSAGE_TYPE, Octets.of((byte) type)));
    }
    return null;
  }

  /**
   * Reads the message of {@code length} octets at {@code offset}. An {@link UpdateMessage} goes on
   * reading from {@code octets}: it is good until they change.
   */
  public static Decoded decode(byte[] octets, int offset, int length, SessionOptions options) {
    return decode(octets, offset, length, options, true);
  }

  /**
   * As {@link #decode}, for those who only look on: an UPDATE whose defects would end a session is
   * a message all the same, with its faults.
   */
  public static Decoded inspect(byte[] octets, int offset, int length, SessionOptions options) {
    return decode(octets, offset, length, options, false);
  }

  private static Decoded decode(
      byte[] octets, int offset, int length, SessionOptions options, boolean judge) {
    if (length < HEADER) {
      return new Failed(NotificationMessage.of(BgpError.MESSAGE_LENGTH));
    }
    var bad = checkHeader(octets, offset, options);
    if (bad != null) {
      return bad;
    }
    if (length(octets, offset) != length) {
      return new Failed(
          NotificationMessage.of(
              BgpError.MESSAGE_LENGTH,
              Octets.of(octets[offset + MARKER], octets[offset + MARKER + 1])));
    }
    int body = offset + HEADER;
    int end = offset + length;
    return switch (octets[offset + HEADER - 1]) {
      case OPEN -> OpenCodec.decode(octets, body, end, options, judge);
      case UPDATE -> UpdateCodec.decode(octets, body, end, options, judge);
      case NOTIFICATION ->
          new Whole(
              new NotificationMessage(
                  octets[body] & 0xff,
                  octets[body + 1] & 0xff,
                  Octets.of(octets, body + 2, end - body - 2)));
      case KEEPALIVE -> new Whole(new KeepaliveMessage());
      default -> refresh(octets, offset, body, end, judge);
    };
  }

  private static Decoded refresh(byte[] octets, int offset, int body, int end, boolean judge) {
    int afi = UpdateCodec.unsignedShort(octets, body);
    int subtype = octets[body + 2] & 0xff;
    var family = new AfiSafi(afi, octets[body + 3] & 0xff);
    var rest = Octets.of(octets, body + 4, end - body - 4);
    // RFC 7313 §5. Filters behind a request (RFC 5291 §4) are never agreed on.
    if (rest.length() > 0 && judge) {
      return new Failed(
          NotificationMessage.of(
              BgpError.ROUTE_REFRESH_LENGTH, Octets.of(octets, offset, end - offset)));
    }
    return new Whole(new RouteRefreshMessage(family, subtype, rest));
  }

  /**
   * Writes {@code message} with its header. An UPDATE is written with the octets it was read from.
   */
  public static void encode(Message message, ByteBuf out) {
    int start = begin(message.type(), out);
    switch (message) {
      case OpenMessage open -> OpenCodec.encode(open, out);
      case UpdateMessage update -> update.writeTo(out);
      case NotificationMessage(int code, int subcode, var data) ->
          out.writeByte(code).writeByte(subcode).writeBytes(data.toArray());
      case RouteRefreshMessage(var family, int subtype, var filters) ->
          out.writeShort(family.afi())
              .writeByte(subtype)
              .writeByte(family.safi())
              .writeBytes(filters.toArray());
      case KeepaliveMessage _ -> {}
    }
    finish(start, out);
  }

  /** Writes a header whose length is not known yet; says where it begins. */
  static int begin(int type, ByteBuf out) {
    int start = out.writerIndex();
    out.writeLong(-1).writeLong(-1).writeShort(0).writeByte(type);
    return start;
  }

  /** Puts the length into the header at {@code start}. */
  static void finish(int start, ByteBuf out) {
    out.setShort(start + MARKER, out.writerIndex() - start);
  }
}
