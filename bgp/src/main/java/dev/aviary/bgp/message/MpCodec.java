package dev.aviary.bgp.message;

import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AttributeType;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.Nlri;
import dev.aviary.bgp.route.Octets;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttribute.MpReach;
import dev.aviary.bgp.route.PathAttribute.MpUnreach;
import dev.aviary.net.IpAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * MP_REACH_NLRI and MP_UNREACH_NLRI (RFC 4760 §3, §4):
 *
 * <pre>
 * +-----+------+---------------+----------+----------+--------------+
 * | AFI | SAFI | next hop size | next hop | reserved | destinations |   unreach: AFI, SAFI,
 * |  2  |  1   |       1       |          |    1     |              |   destinations
 * +-----+------+---------------+----------+----------+--------------+
 * </pre>
 */
final class MpCodec {
  private static final int REACH_MINIMUM = 5;
  private static final int UNREACH_MINIMUM = 3;

  private MpCodec() {}

  /** Looks at MP_REACH_NLRI; leaves in {@code update} where its parts are. */
  static @Nullable AttributeFault reach(UpdateMessage update, int at, int from, int to) {
    byte[] octets = update.octets;
    var type = AttributeType.MP_REACH_NLRI;
    if (to - from < REACH_MINIMUM) {
      return UpdateCodec.disable(type, null, octets, at, to, "MP_REACH_NLRI too short");
    }
    var family = new AfiSafi(UpdateCodec.unsignedShort(octets, from), octets[from + 2] & 0xff);
    int size = octets[from + 3] & 0xff;
    int hop = from + 4;
    int destinations = hop + size + 1;
    if (destinations > to) {
      return UpdateCodec.disable(type, null, octets, at, to, "next hop overruns MP_REACH_NLRI");
    }
    // RFC 4760 §6: a family that was not agreed on is passed by.
    if (!update.options.families().contains(family)) {
      return null;
    }
    var wrong = nextHop(family, size, update.options);
    if (wrong == null) {
      boolean pathIds = update.options.addPathReceive().contains(family);
      wrong = NlriCodec.check(octets, destinations, to, family, pathIds);
    }
    if (wrong != null) {
      return UpdateCodec.disable(
          type, bird(update) ? null : family, octets, at, to, "MP_REACH_NLRI: " + wrong);
    }
    update.reachFamily = family;
    update.reachNextHopAt = hop;
    update.reachNextHopEnd = hop + size;
    update.reachAt = destinations;
    update.reachEnd = to;
    return null;
  }

  private static @Nullable String nextHop(AfiSafi family, int size, SessionOptions options) {
    boolean v6 = size == 16 || size == 32;
    boolean sound =
        family.afi() == 1 ? size == 4 || (v6 && options.extendedNextHop().contains(family)) : v6;
    return sound ? null : "next hop of " + size + " octets";
  }

  /** Looks at MP_UNREACH_NLRI; leaves in {@code update} where its parts are. */
  static @Nullable AttributeFault unreach(UpdateMessage update, int at, int from, int to) {
    byte[] octets = update.octets;
    var type = AttributeType.MP_UNREACH_NLRI;
    if (to - from < UNREACH_MINIMUM) {
      return UpdateCodec.disable(type, null, octets, at, to, "MP_UNREACH_NLRI too short");
    }
    var family = new AfiSafi(UpdateCodec.unsignedShort(octets, from), octets[from + 2] & 0xff);
    if (!update.options.families().contains(family)) {
      return null;
    }
    boolean pathIds = update.options.addPathReceive().contains(family);
    var wrong = NlriCodec.check(octets, from + 3, to, family, pathIds);
    if (wrong != null) {
      return UpdateCodec.disable(
          type, bird(update) ? null : family, octets, at, to, "MP_UNREACH_NLRI: " + wrong);
    }
    update.unreachFamily = family;
    update.unreachAt = from + 3;
    update.unreachEnd = to;
    return null;
  }

  private static boolean bird(UpdateMessage update) {
    return update.options.behavior() != Behavior.RFC;
  }

  /** The typed attribute, of any family; null if it cannot be read. */
  static @Nullable PathAttribute read(
      AttributeType type, byte[] octets, int from, int to, SessionOptions options) {
    boolean reach = type == AttributeType.MP_REACH_NLRI;
    if (to - from < (reach ? REACH_MINIMUM : UNREACH_MINIMUM)) {
      return null;
    }
    var family = new AfiSafi(UpdateCodec.unsignedShort(octets, from), octets[from + 2] & 0xff);
    int hop = from + 4;
    int destinations = reach ? hop + (octets[from + 3] & 0xff) + 1 : from + 3;
    if (destinations > to) {
      return null;
    }
    if (!NlriCodec.understands(family)) {
      var raw = Octets.of(octets, destinations, to - destinations);
      return reach
          ? new MpReach(
              family,
              List.of(),
              List.of(),
              Optional.of(
                  new MpReach.RawReach(Octets.of(octets, hop, destinations - 1 - hop), raw)))
          : new MpUnreach(family, List.of(), Optional.of(raw));
    }
    boolean pathIds = options.addPathReceive().contains(family);
    List<Nlri> found = NlriCodec.read(octets, destinations, to, family, pathIds);
    if (found == null) {
      return null;
    }
    if (!reach) {
      return new MpUnreach(family, found, Optional.empty());
    }
    var hops = nextHops(octets, hop, destinations - 1, family);
    return hops == null ? null : new MpReach(family, hops, found, Optional.empty());
  }

  /** One or two addresses; VPN families put a distinguisher of zeros before each. */
  private static @Nullable List<IpAddress> nextHops(
      byte[] octets, int from, int to, AfiSafi family) {
    int prefix = family.safi() == 128 ? 8 : 0;
    int size = to - from;
    int one;
    if (size == prefix + 4) {
      one = 4;
    } else if (size == prefix + 16 || size == 2 * (prefix + 16)) {
      one = 16;
    } else {
      return null;
    }
    var hops = new ArrayList<IpAddress>(2);
    for (int at = from; at < to; at += prefix + one) {
      hops.add(IpAddress.of(Arrays.copyOfRange(octets, at + prefix, at + prefix + one)));
    }
    return hops;
  }
}
