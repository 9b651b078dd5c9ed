package dev.aviary.bgp.message;

import static dev.aviary.bgp.message.ErrorApproach.ATTRIBUTE_DISCARD;
import static dev.aviary.bgp.message.ErrorApproach.SESSION_RESET;
import static dev.aviary.bgp.message.ErrorApproach.TREAT_AS_WITHDRAW;

import dev.aviary.bgp.route.AttributeType;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.Octets;
import org.jspecify.annotations.Nullable;

/**
 * What each attribute's octets must be like, and how far it reaches if they are not: RFC 4271 §6.3
 * as revised by RFC 7606 §7, and BIRD 1.6.8's older manners.
 *
 * <p>Every check gets the value and nothing else; flags, framing and duplicates are {@link
 * UpdateCodec}'s.
 */
final class AttributeTable {
  private AttributeTable() {}

  /** What is wrong with the attribute whose header is at {@code header}; null if nothing is. */
  static @Nullable AttributeFault check(
      AttributeType type, byte[] octets, int header, int from, int to, SessionOptions options) {
    int flags = octets[header] & 0xff;
    if ((flags & 0xc0) != type.flags()) {
      return fault(
          type, TREAT_AS_WITHDRAW, BgpError.ATTRIBUTE_FLAGS, octets, header, to, "flags " + flags);
    }
    int length = to - from;
    int width = options.fourOctetAs() ? 4 : 2;
    boolean rfc = options.behavior() == Behavior.RFC;
    return switch (type) {
      case ORIGIN -> {
        if (length != 1) {
          yield length(type, TREAT_AS_WITHDRAW, octets, header, to);
        }
        yield octets[from] >= 0 && octets[from] <= 2
            ? null
            : fault(type, TREAT_AS_WITHDRAW, BgpError.ORIGIN, octets, header, to, "value");
      }
      case AS_PATH -> path(octets, header, from, to, width, options);
      case NEXT_HOP -> {
        if (length != 4) {
          yield length(type, TREAT_AS_WITHDRAW, octets, header, to);
        }
        boolean multicast = (octets[from] & 0xf0) == 0xe0;
        yield multicast && options.behavior() == Behavior.BIRD_16
            ? fault(type, TREAT_AS_WITHDRAW, BgpError.NEXT_HOP, octets, header, to, "multicast")
            : null;
      }
      case MULTI_EXIT_DISC ->
          length == 4 ? null : length(type, TREAT_AS_WITHDRAW, octets, header, to);
      case LOCAL_PREF -> internalOnly(type, length == 4, octets, header, to, options);
      case ATOMIC_AGGREGATE ->
          length == 0 ? null : length(type, ATTRIBUTE_DISCARD, octets, header, to);
      case AGGREGATOR -> {
        if (length != width + 4) {
          yield length(type, ATTRIBUTE_DISCARD, octets, header, to);
        }
        // RFC 7607 §2
        yield rfc && isZero(octets, from, width)
            ? fault(
                type, ATTRIBUTE_DISCARD, BgpError.OPTIONAL_ATTRIBUTE, octets, header, to, "AS 0")
            : null;
      }
      case COMMUNITIES -> list(type, length, 4, octets, header, to);
      case EXTENDED_COMMUNITIES -> list(type, length, 8, octets, header, to);
      case IPV6_EXTENDED_COMMUNITIES -> list(type, length, 20, octets, header, to);
      case LARGE_COMMUNITIES -> list(type, length, 12, octets, header, to);
      case ORIGINATOR_ID -> internalOnly(type, length == 4, octets, header, to, options);
      case CLUSTER_LIST ->
          internalOnly(type, length > 0 && length % 4 == 0, octets, header, to, options);
      case AS4_PATH -> {
        // RFC 6793 §6; from a new speaker it is discarded unread (§4.1).
        var wrong =
            options.fourOctetAs()
                ? "from a four-octet speaker"
                : AsPathCodec.check(octets, from, to, 4);
        if (wrong == null && rfc && AsPathCodec.hasZero(octets, from, to, 4)) {
          wrong = "AS 0"; // RFC 7607 §2
        }
        yield wrong == null
            ? null
            : fault(
                type, ATTRIBUTE_DISCARD, BgpError.OPTIONAL_ATTRIBUTE, octets, header, to, wrong);
      }
      case AS4_AGGREGATOR -> {
        var wrong =
            options.fourOctetAs()
                ? "from a four-octet speaker"
                : length != 8
                    ? "length " + length
                    : rfc && isZero(octets, from, 4) ? "AS 0" : null; // RFC 7607 §2
        yield wrong == null
            ? null
            : fault(
                type, ATTRIBUTE_DISCARD, BgpError.OPTIONAL_ATTRIBUTE, octets, header, to, wrong);
      }
      case ONLY_TO_CUSTOMER ->
          length == 4 ? null : length(type, TREAT_AS_WITHDRAW, octets, header, to);
      case MP_REACH_NLRI, MP_UNREACH_NLRI -> null;
    };
  }

  private static @Nullable AttributeFault path(
      byte[] octets, int header, int from, int to, int width, SessionOptions options) {
    var wrong = AsPathCodec.check(octets, from, to, width);
    if (wrong == null && AsPathCodec.hasConfederation(octets, from, to, width)) {
      wrong = "confederation segment"; // RFC 5065 §5: from outside of one
    }
    if (wrong == null
        && options.behavior() == Behavior.RFC
        && AsPathCodec.hasZero(octets, from, to, width)) {
      wrong = "AS 0";
    }
    return wrong == null
        ? null
        : fault(
            AttributeType.AS_PATH, TREAT_AS_WITHDRAW, BgpError.AS_PATH, octets, header, to, wrong);
  }

  /** RFC 7606 §7.5, §7.9, §7.10: from an external peer it is dropped, whatever it holds. */
  private static @Nullable AttributeFault internalOnly(
      AttributeType type,
      boolean sound,
      byte[] octets,
      int header,
      int to,
      SessionOptions options) {
    if (!options.internal()) {
      return fault(
          type,
          ATTRIBUTE_DISCARD,
          BgpError.ATTRIBUTE_LENGTH,
          octets,
          header,
          to,
          "from an external peer");
    }
    return sound ? null : length(type, TREAT_AS_WITHDRAW, octets, header, to);
  }

  /** RFC 7606 §7.8, §7.14, §7.15, RFC 8092 §5: a multiple of the item's size, and not zero. */
  private static @Nullable AttributeFault list(
      AttributeType type, int length, int item, byte[] octets, int header, int to) {
    return length > 0 && length % item == 0
        ? null
        : length(type, TREAT_AS_WITHDRAW, octets, header, to);
  }

  private static AttributeFault length(
      AttributeType type, ErrorApproach approach, byte[] octets, int header, int to) {
    return fault(type, approach, BgpError.ATTRIBUTE_LENGTH, octets, header, to, "length");
  }

  private static AttributeFault fault(
      AttributeType type,
      ErrorApproach approach,
      BgpError error,
      byte[] octets,
      int header,
      int to,
      String detail) {
    return new AttributeFault(
        type.code(), approach, error, Octets.of(octets, header, to - header), type + ": " + detail);
  }

  private static boolean isZero(byte[] octets, int from, int length) {
    for (int i = 0; i < length; i++) {
      if (octets[from + i] != 0) {
        return false;
      }
    }
    return true;
  }

  /** True if the value has the form that a typed attribute can be read from. */
  static boolean isReadable(AttributeType type, byte[] octets, int from, int to, int width) {
    int length = to - from;
    return switch (type) {
      case ORIGIN -> length == 1 && octets[from] >= 0 && octets[from] <= 2;
      case AS_PATH -> AsPathCodec.check(octets, from, to, width) == null;
      case AS4_PATH -> AsPathCodec.check(octets, from, to, 4) == null;
      case NEXT_HOP, MULTI_EXIT_DISC, LOCAL_PREF, ORIGINATOR_ID, ONLY_TO_CUSTOMER -> length == 4;
      case ATOMIC_AGGREGATE -> length == 0;
      case AGGREGATOR -> length == width + 4;
      case AS4_AGGREGATOR -> length == 8;
      case COMMUNITIES, CLUSTER_LIST -> length % 4 == 0;
      case EXTENDED_COMMUNITIES -> length % 8 == 0;
      case IPV6_EXTENDED_COMMUNITIES -> length % 20 == 0;
      case LARGE_COMMUNITIES -> length % 12 == 0;
      case MP_REACH_NLRI, MP_UNREACH_NLRI -> false;
    };
  }

  /**
   * What BIRD 1.6.8 does about {@code fault}: it answers most with a NOTIFICATION, withdraws for
   * bad lists, and takes an empty list or path segment.
   */
  static @Nullable AttributeFault asBird16(AttributeFault fault, int valueLength) {
    var type = AttributeType.find(fault.code());
    if (type == null) {
      return fault.with(SESSION_RESET);
    }
    return switch (type) {
      case COMMUNITIES, EXTENDED_COMMUNITIES, LARGE_COMMUNITIES, IPV6_EXTENDED_COMMUNITIES ->
          fault.error() != BgpError.ATTRIBUTE_LENGTH
              ? fault.with(SESSION_RESET)
              : valueLength == 0 ? null : fault;
      case AGGREGATOR ->
          fault.error() == BgpError.ATTRIBUTE_LENGTH
              ? fault.with(TREAT_AS_WITHDRAW)
              : fault.with(SESSION_RESET);
      case AS_PATH -> fault.detail().endsWith("empty segment") ? null : fault.with(SESSION_RESET);
      case LOCAL_PREF, ORIGINATOR_ID, CLUSTER_LIST, AS4_PATH, AS4_AGGREGATOR ->
          fault.approach() == ATTRIBUTE_DISCARD ? fault : fault.with(SESSION_RESET);
      case ORIGIN,
          NEXT_HOP,
          MULTI_EXIT_DISC,
          ATOMIC_AGGREGATE,
          ONLY_TO_CUSTOMER,
          MP_REACH_NLRI,
          MP_UNREACH_NLRI ->
          fault.with(SESSION_RESET);
    };
  }
}
