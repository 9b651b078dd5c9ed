package dev.aviary.bgp.message;

import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AttributeType;
import dev.aviary.bgp.route.AttributesBuilder;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.PathAttributes;
import io.netty.buffer.ByteBuf;

/**
 * Puts destinations that share attributes into as few UPDATEs as fit, and withdrawals into UPDATEs
 * of their own, as BIRD does. Begin with {@link #announce} or {@link #withdraw}, then {@link #add}
 * each destination, then {@link #end}.
 */
public final class UpdatePacker {
  private static final int V4_LARGEST = 5;
  private static final int V6_LARGEST = 17;
  private static final int PATH_ID = 4;
  private static final byte[] NOTHING = {};

  private final AfiSafi family;
  private final boolean v4;
  private final boolean pathIds;
  private final boolean fourOctetAs;
  private final int limit;
  private final int room;

  private byte[] attributes = new byte[256];
  private int attributesSize;
  private byte[] nextHop = NOTHING;
  private boolean multiprotocol;
  private boolean withdrawing;

  /** Where the message that is being written begins, -1 if there is none. */
  private int start = -1;

  private int attributesAt;
  private int mpAt;
  private int messages;

  public UpdatePacker(AfiSafi family, SessionOptions options) {
    this.family = family;
    this.v4 = family.equals(AfiSafi.IPV4_UNICAST);
    this.pathIds = options.addPathSend().contains(family);
    this.fourOctetAs = options.fourOctetAs();
    this.limit = options.messageLimit();
    // BIRD 1.6.8 keeps room for a path identifier whether there is one or not.
    boolean keepsRoom = pathIds || options.behavior() == Behavior.BIRD_16;
    this.room = (v4 ? V4_LARGEST : V6_LARGEST) + (keepsRoom ? PATH_ID : 0);
  }

  /**
   * Begins to announce what has {@code set}, already as it leaves for this peer.
   *
   * @return false if that cannot be said: no next hop of this family, or no room for a destination
   */
  public boolean announce(PathAttributes set) {
    withdrawing = false;
    multiprotocol = set.has(AttributeType.MP_REACH_NLRI);
    nextHop = NOTHING;
    if (!multiprotocol && !v4) {
      return false;
    }
    int most = set.size() * 2 + 16;
    if (attributes.length < most) {
      attributes = new byte[most];
    }
    if (fourOctetAs && !multiprotocol) {
      attributesSize = set.copyTo(attributes, 0);
    } else {
      var builder = new AttributesBuilder(set);
      if (!fourOctetAs) {
        OldSpeaker.narrow(set, builder);
      }
      if (multiprotocol) {
        nextHop = set.value(AttributeType.MP_REACH_NLRI);
        builder.remove(AttributeType.MP_REACH_NLRI.code()).remove(AttributeType.NEXT_HOP.code());
      }
      attributesSize = builder.copyTo(attributes, 0);
    }
    int mp = multiprotocol ? 9 + nextHop.length : 0;
    return MessageCodec.HEADER + 4 + attributesSize + mp + room <= limit;
  }

  /** True if {@code set} leaves room for a destination in a message. */
  public boolean fits(PathAttributes set) {
    // MP_REACH_NLRI's other fields, and AS4_PATH beside AS_PATH for an old speaker.
    int most = fourOctetAs ? set.size() + 9 : set.size() * 2 + 16;
    return MessageCodec.HEADER + 4 + most + room <= limit;
  }

  /** Begins to withdraw. */
  public void withdraw() {
    withdrawing = true;
    multiprotocol = !v4;
  }

  /** Writes one destination, as {@link dev.aviary.bgp.route.PrefixVisitor} gets them. */
  public void add(Encoded encoded, long high, long low, int length, int pathId) {
    var out = encoded.octets();
    if (start >= 0 && limit - (out.writerIndex() - start) - trailer() < room) {
      finish(out);
    }
    if (start < 0) {
      open(out);
    }
    NlriCodec.write(out, v4, pathIds, high, low, length, pathId);
  }

  /** Octets that follow the destinations. */
  private int trailer() {
    return multiprotocol ? (withdrawing ? 0 : attributesSize) : withdrawing ? 2 : 0;
  }

  private void open(ByteBuf out) {
    messages++;
    start = MessageCodec.begin(MessageCodec.UPDATE, out);
    if (withdrawing && v4) {
      attributesAt = out.writerIndex();
      out.writeShort(0);
      return;
    }
    out.writeShort(0);
    attributesAt = out.writerIndex();
    out.writeShort(0);
    if (!multiprotocol) {
      out.writeBytes(attributes, 0, attributesSize);
      out.setShort(attributesAt, attributesSize);
      return;
    }
    // RFC 7606 §5.1: it comes first. The long length, since it is not known yet.
    out.writeByte(AttributeType.OPTIONAL | AttributeType.EXTENDED_LENGTH)
        .writeByte(
            withdrawing
                ? AttributeType.MP_UNREACH_NLRI.code()
                : AttributeType.MP_REACH_NLRI.code());
    mpAt = out.writerIndex();
    out.writeShort(0).writeShort(family.afi()).writeByte(family.safi());
    if (!withdrawing) {
      out.writeByte(nextHop.length).writeBytes(nextHop).writeByte(0);
    }
  }

  /** Finishes the message that is open, if one is. */
  public void end(Encoded encoded) {
    if (start >= 0) {
      finish(encoded.octets());
    }
  }

  private void finish(ByteBuf out) {
    if (multiprotocol) {
      out.setShort(mpAt, out.writerIndex() - mpAt - 2);
      if (!withdrawing) {
        out.writeBytes(attributes, 0, attributesSize);
      }
      out.setShort(attributesAt, out.writerIndex() - attributesAt - 2);
    } else if (withdrawing) {
      out.setShort(attributesAt, out.writerIndex() - attributesAt - 2);
      out.writeShort(0);
    }
    MessageCodec.finish(start, out);
    start = -1;
  }

  /** How many UPDATEs were begun so far. */
  public int messages() {
    return messages;
  }

  /** Writes the End-of-RIB marker of {@code family} (RFC 4724 §2). */
  public static void endOfRib(AfiSafi family, Encoded encoded) {
    var out = encoded.octets();
    int start = MessageCodec.begin(MessageCodec.UPDATE, out);
    out.writeShort(0);
    if (family.equals(AfiSafi.IPV4_UNICAST)) {
      out.writeShort(0);
    } else {
      out.writeShort(6)
          .writeByte(AttributeType.OPTIONAL)
          .writeByte(AttributeType.MP_UNREACH_NLRI.code())
          .writeByte(3)
          .writeShort(family.afi())
          .writeByte(family.safi());
    }
    MessageCodec.finish(start, out);
  }
}
