package dev.aviary.bgp.message;

import static dev.aviary.bgp.message.ErrorApproach.AFI_SAFI_DISABLE;
import static dev.aviary.bgp.message.ErrorApproach.SESSION_RESET;
import static dev.aviary.bgp.message.ErrorApproach.TREAT_AS_WITHDRAW;
import static dev.aviary.bgp.route.AttributeType.MP_UNREACH_NLRI;

import dev.aviary.bgp.message.MessageCodec.Decoded;
import dev.aviary.bgp.message.MessageCodec.Failed;
import dev.aviary.bgp.message.MessageCodec.Whole;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AttributeType;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.Octets;
import org.jspecify.annotations.Nullable;

/**
 * Finds its way through an UPDATE (RFC 4271 §4.3) and judges it (RFC 7606):
 *
 * <pre>
 * +------+-----------+------+--------------------------------+--------------+
 * | size | withdrawn | size | attributes: flags, code, size, | destinations |
 * |  2   |           |  2   | value ...                      | (the rest)   |
 * +------+-----------+------+--------------------------------+--------------+
 * </pre>
 */
final class UpdateCodec {
  private static final AfiSafi V4 = AfiSafi.IPV4_UNICAST;

  private UpdateCodec() {}

  static Decoded decode(byte[] octets, int body, int end, SessionOptions options, boolean judge) {
    int withdrawnEnd = body + 2 + unsignedShort(octets, body);
    if (withdrawnEnd + 2 > end) {
      return reset(BgpError.ATTRIBUTE_LIST, Octets.NONE);
    }
    int attributes = withdrawnEnd + 2;
    int attributesEnd = attributes + unsignedShort(octets, withdrawnEnd);
    if (attributesEnd > end) {
      return reset(BgpError.ATTRIBUTE_LIST, Octets.NONE);
    }
    // RFC 7606 §5.3, §3 (j): without sound destinations nothing can be withdrawn.
    boolean pathIds = options.addPathReceive().contains(V4);
    var bad = NlriCodec.check(octets, body + 2, withdrawnEnd, V4, pathIds);
    if (bad == null) {
      bad = NlriCodec.check(octets, attributesEnd, end, V4, pathIds);
    }
    if (bad != null && judge) {
      boolean bird = options.behavior() != Behavior.RFC && bad.endsWith("cut short");
      return reset(bird ? BgpError.ATTRIBUTE_LIST : BgpError.NETWORK_FIELD, Octets.NONE);
    }
    var update =
        new UpdateMessage(
            octets, body + 2, withdrawnEnd, attributes, attributesEnd, attributesEnd, end, options);
    var fault = scan(update);
    if (fault != null && judge) {
      return new Failed(
          java.util.Optional.of(fault.notification()),
          fault.notification().describe() + ": " + fault.detail());
    }
    return new Whole(update);
  }

  /** Goes over the attributes; answers the fault that ends the session, if one does. */
  private static @Nullable AttributeFault scan(UpdateMessage update) {
    byte[] octets = update.octets;
    var options = update.options;
    int end = update.attributesEnd;
    int at = update.attributesAt;
    while (at < end) {
      boolean wide = end - at > 0 && (octets[at] & AttributeType.EXTENDED_LENGTH) != 0;
      int header = wide ? 4 : 3;
      int length =
          end - at < header
              ? Integer.MAX_VALUE
              : wide ? unsignedShort(octets, at + 2) : octets[at + 2] & 0xff;
      if (end - at < header || length > end - at - header) {
        // RFC 7606 §4: what follows cannot be told apart any more.
        update.add(
            new AttributeFault(
                0, TREAT_AS_WITHDRAW, BgpError.ATTRIBUTE_LIST, Octets.NONE, "attribute overruns"));
        break;
      }
      int code = octets[at + 1] & 0xff;
      int value = at + header;
      int next = value + length;
      var fault = attribute(update, code, at, value, next);
      if (fault != null) {
        return fault;
      }
      at = next;
    }
    missing(update);
    return conclude(update, options);
  }

  private static @Nullable AttributeFault attribute(
      UpdateMessage update, int code, int at, int value, int next) {
    byte[] octets = update.octets;
    var options = update.options;
    if (update.indexOf(code) >= 0) {
      // RFC 7606 §3 (g): the first one counts, except that the multiprotocol ones are no guess.
      boolean mp =
          code == AttributeType.MP_REACH_NLRI.code()
              || code == AttributeType.MP_UNREACH_NLRI.code();
      return mp || options.behavior() == Behavior.BIRD_16
          ? new AttributeFault(
              code, SESSION_RESET, BgpError.ATTRIBUTE_LIST, Octets.NONE, "twice: " + code)
          : null;
    }
    update.index(code, at, value, next);
    var type = AttributeType.find(code);
    AttributeFault fault;
    if (type == null) {
      if ((octets[at] & AttributeType.OPTIONAL) != 0) {
        return null;
      }
      // RFC 4271 §6.3; BIRD 2 goes by RFC 7606's spirit.
      fault =
          new AttributeFault(
              code,
              options.behavior() == Behavior.BIRD_20 ? TREAT_AS_WITHDRAW : SESSION_RESET,
              BgpError.UNRECOGNIZED_WELL_KNOWN,
              Octets.of(octets, at, next - at),
              "unknown well-known attribute " + code);
    } else {
      fault = AttributeTable.check(type, octets, at, value, next, options);
      if (fault == null && type == AttributeType.MP_REACH_NLRI) {
        fault = MpCodec.reach(update, at, value, next);
      } else if (fault == null && type == AttributeType.MP_UNREACH_NLRI) {
        fault = MpCodec.unreach(update, at, value, next);
      } else if (fault != null && isMultiprotocol(type)) {
        // Its destinations are needed to withdraw them.
        if (options.behavior() == Behavior.RFC) {
          var worse =
              type == AttributeType.MP_REACH_NLRI
                  ? MpCodec.reach(update, at, value, next)
                  : MpCodec.unreach(update, at, value, next);
          fault = worse != null ? worse : fault;
        } else {
          fault = mpReset(fault);
        }
      }
    }
    if (fault != null && options.behavior() == Behavior.BIRD_16) {
      fault = AttributeTable.asBird16(fault, next - value);
    }
    if (fault == null) {
      return null;
    }
    update.add(fault);
    return null;
  }

  private static boolean isMultiprotocol(AttributeType type) {
    return type == AttributeType.MP_REACH_NLRI || type == AttributeType.MP_UNREACH_NLRI;
  }

  private static AttributeFault mpReset(AttributeFault fault) {
    return new AttributeFault(
        fault.code(), SESSION_RESET, BgpError.ATTRIBUTE_LIST, Octets.NONE, fault.detail());
  }

  /** RFC 7606 §3 (d): mandatory attributes of a message that announces. */
  private static void missing(UpdateMessage update) {
    boolean classic = update.nlriAt < update.nlriEnd;
    boolean reach = update.reachesSomewhere();
    if (!classic && !reach) {
      return;
    }
    if (update.options.behavior() == Behavior.BIRD_16
        && update.attributesAt == update.attributesEnd) {
      update.add(
          new AttributeFault(
              0, SESSION_RESET, BgpError.ATTRIBUTE_LIST, Octets.NONE, "no attributes"));
      return;
    }
    missing(update, AttributeType.ORIGIN);
    missing(update, AttributeType.AS_PATH);
    if (classic) {
      missing(update, AttributeType.NEXT_HOP);
    }
    // BIRD takes the default; RFC 7606 §3 (d) counts it among the mandatory ones.
    if (update.options.internal() && update.options.behavior() == Behavior.RFC) {
      missing(update, AttributeType.LOCAL_PREF);
    }
  }

  private static void missing(UpdateMessage update, AttributeType type) {
    if (update.indexOf(type.code()) < 0) {
      boolean bird16 = update.options.behavior() == Behavior.BIRD_16;
      update.add(
          new AttributeFault(
              type.code(),
              bird16 ? SESSION_RESET : TREAT_AS_WITHDRAW,
              BgpError.MISSING_WELL_KNOWN,
              Octets.of((byte) type.code()),
              type + " is missing"));
    }
  }

  /** The worst fault wins (RFC 7606 §3 (h)); answers the one that ends the session. */
  private static @Nullable AttributeFault conclude(UpdateMessage update, SessionOptions options) {
    var worst = update.worst();
    if (worst == null) {
      return null;
    }
    if (worst.approach() == SESSION_RESET) {
      return worst;
    }
    if (worst.approach() == TREAT_AS_WITHDRAW) {
      if (options.behavior() == Behavior.BIRD_16 && worst.code() == 0) {
        return worst.with(SESSION_RESET);
      }
      // RFC 7606 §5.2: beside attributes there must be reachable destinations, or those that were
      // meant are lost. MP_UNREACH_NLRI says itself what goes.
      boolean something =
          update.nlriAt < update.nlriEnd
              || update.reachesSomewhere()
              || (update.unreachFamily != null && update.onlyFaultIsIn(MP_UNREACH_NLRI));
      if (!something) {
        return worst.with(SESSION_RESET);
      }
    }
    return null;
  }

  static AttributeFault disable(
      AttributeType type, @Nullable AfiSafi family, byte[] octets, int at, int next, String why) {
    return new AttributeFault(
        type.code(),
        family == null ? SESSION_RESET : AFI_SAFI_DISABLE,
        BgpError.OPTIONAL_ATTRIBUTE,
        Octets.of(octets, at, next - at),
        why,
        family);
  }

  static int unsignedShort(byte[] octets, int at) {
    return (octets[at] & 0xff) << 8 | (octets[at + 1] & 0xff);
  }

  private static Decoded reset(BgpError error, Octets data) {
    return new Failed(NotificationMessage.of(error, data));
  }
}
