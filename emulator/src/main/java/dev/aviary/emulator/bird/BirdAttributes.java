package dev.aviary.emulator.bird;

import dev.aviary.bgp.route.AsPath;
import dev.aviary.bgp.route.AttributeType;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.emulator.bird.filter.CommunityKind;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/** A route's attributes in BIRD's words, in the order of their codes; the kernel's come last. */
final class BirdAttributes {
  private BirdAttributes() {}

  static List<String> lines(BirdRoute route) {
    var lines = lines(route.attributes());
    var kernel = route.kernel();
    kernel.source().ifPresent(source -> lines.add("Kernel.source: " + source));
    kernel.metric().ifPresent(metric -> lines.add("Kernel.metric: " + metric));
    kernel.tunnel().ifPresent(_ -> lines.add("Kernel.tunnel: <type 43>"));
    kernel.scope().ifPresent(scope -> lines.add("Kernel.scope: " + scope));
    return lines;
  }

  private static List<String> lines(PathAttributes attributes) {
    var lines = new ArrayList<String>();
    attributes.all().stream()
        .sorted(Comparator.comparingInt(BirdAttributes::place))
        .forEach(attribute -> lines.add("BGP." + text(attribute)));
    return lines;
  }

  /** An IPv6 next hop stands where an IPv4 one would. */
  private static int place(PathAttribute attribute) {
    return attribute instanceof PathAttribute.MpReach
        ? AttributeType.NEXT_HOP.code()
        : attribute.code();
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
              + values.stream()
                  .map(each -> CommunityKind.printExtended(each.bits()))
                  .collect(Collectors.joining(" "));
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
}
