package dev.aviary.emulator.bird;

import dev.aviary.bgp.route.AsPath;
import dev.aviary.bgp.route.ExtendedCommunity;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A route's attributes in BIRD 1.6's words, in the order of their codes. */
final class BirdAttributes {
  private BirdAttributes() {}

  static List<String> lines(PathAttributes attributes) {
    var lines = new ArrayList<String>();
    for (var attribute : attributes.all()) {
      lines.add("BGP." + text(attribute));
    }
    return lines;
  }

  private static String text(PathAttribute attribute) {
    return switch (attribute) {
      case PathAttribute.OriginAttribute(var origin) -> "origin: " + word(origin);
      case PathAttribute.AsPathAttribute(var path) -> "as_path: " + text(path);
      case PathAttribute.NextHop(var address) -> "next_hop: " + address;
      case PathAttribute.MpReach(_, var hops, _, _) ->
          "next_hop: " + hops.stream().map(Object::toString).collect(Collectors.joining(" "));
      case PathAttribute.MultiExitDisc(int metric) -> "med: " + Integer.toUnsignedString(metric);
      case PathAttribute.LocalPref(int value) -> "local_pref: " + Integer.toUnsignedString(value);
      case PathAttribute.AtomicAggregate _ -> "atomic_aggr: ";
      case PathAttribute.AggregatorAttribute(var by) ->
          "aggregator: " + by.address() + " AS" + by.as();
      case PathAttribute.Communities(var values) ->
          "community: " + pairs(values.stream().map(Object::toString).toList());
      case PathAttribute.OriginatorId(var identifier) -> "originator_id: " + identifier;
      case PathAttribute.ClusterList(var clusters) ->
          "cluster_list: "
              + clusters.stream().map(Object::toString).collect(Collectors.joining(" "));
      case PathAttribute.ExtendedCommunities(var values) ->
          "ext_community: "
              + values.stream().map(BirdAttributes::extended).collect(Collectors.joining(" "));
      case PathAttribute.LargeCommunities(var values) ->
          "large_community: " + pairs(values.stream().map(Object::toString).toList());
      case PathAttribute.OnlyToCustomer(var as) -> "otc: " + as;
      case PathAttribute.MpUnreach _ -> "mp_unreach: ";
      case PathAttribute.As4Path(var path) -> "as4_path: " + text(path);
      case PathAttribute.As4Aggregator(var by) -> "as4_aggregator: " + by.address();
      case PathAttribute.Ipv6ExtendedCommunities(var values) -> "19 [t]: " + values;
      case PathAttribute.Unrecognized(int code, _, var value) ->
          "%02x [t]: %s".formatted(code, value.toString().replaceAll("..(?!$)", "$0 "));
    };
  }

  private static String word(Origin origin) {
    return switch (origin) {
      case IGP -> "IGP";
      case EGP -> "EGP";
      case INCOMPLETE -> "Incomplete";
    };
  }

  private static String text(AsPath path) {
    return path.toString();
  }

  private static String pairs(List<String> values) {
    return values.stream()
        .map(
            value ->
                "("
                    + value.replace(":", value.indexOf(':') == value.lastIndexOf(':') ? "," : ", ")
                    + ")")
        .collect(Collectors.joining(" "));
  }

  private static String extended(ExtendedCommunity community) {
    long bits = community.bits();
    int type = (int) (bits >>> 56) & 0x3f;
    int kind = (int) (bits >>> 48) & 0xff;
    var word =
        switch (kind) {
          case 2 -> "rt";
          case 3 -> "ro";
          default -> "";
        };
    if (word.isEmpty() || type > 2) {
      return "(generic, 0x%x, 0x%x)".formatted((int) (bits >>> 32), (int) bits);
    }
    return type == 0
        ? "(%s, %d, %s)"
            .formatted(word, (bits >>> 32) & 0xffff, Integer.toUnsignedString((int) bits))
        : "(%s, %s, %d)".formatted(word, key(type, (int) (bits >>> 16)), bits & 0xffff);
  }

  private static String key(int type, int value) {
    return type == 2
        ? Integer.toUnsignedString(value)
        : new dev.aviary.net.Ipv4Address(value).toString();
  }
}
