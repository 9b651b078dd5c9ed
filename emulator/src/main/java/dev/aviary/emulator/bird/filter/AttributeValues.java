package dev.aviary.emulator.bird.filter;

import dev.aviary.bgp.route.AsPath;
import dev.aviary.bgp.route.AttributeType;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.net.Ipv4Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** BGP's attributes as the language names and sees them. */
public final class AttributeValues {
  private AttributeValues() {}

  /** What {@code attributes} have under {@code name}; empty if that is no name of one. */
  public static Optional<Value> get(PathAttributes attributes, String name) {
    return Optional.ofNullable(
        switch (name) {
          case "bgp_origin" ->
              attributes.has(AttributeType.ORIGIN)
                  ? new Value.Word(Constants.Group.ORIGIN, attributes.originCode())
                  : new Value.Nothing();
          case "bgp_path" ->
              new Value.Path(attributes.asPath(), !attributes.has(AttributeType.AS_PATH));
          case "bgp_next_hop" ->
              attributes.nextHop().<Value>map(Value.Address::new).orElseGet(Value.Nothing::new);
          case "bgp_med" -> number(attributes.med());
          case "bgp_local_pref" -> number(attributes.localPref());
          case "bgp_atomic_aggr" ->
              attributes.has(AttributeType.ATOMIC_AGGREGATE)
                  ? new Value.Text("")
                  : new Value.Nothing();
          case "bgp_aggregator" ->
              attributes.find(AttributeType.AGGREGATOR)
                      instanceof PathAttribute.AggregatorAttribute(var by)
                  ? new Value.Text(by.address() + " AS" + by.as())
                  : new Value.Nothing();
          case "bgp_community" ->
              list(
                  CommunityKind.STANDARD,
                  attributes.communities().stream().map(CommunityKind::of).toList(),
                  attributes.has(AttributeType.COMMUNITIES));
          case "bgp_ext_community" ->
              list(
                  CommunityKind.EXTENDED,
                  attributes.extendedCommunities().stream().map(CommunityKind::of).toList(),
                  attributes.has(AttributeType.EXTENDED_COMMUNITIES));
          case "bgp_large_community" ->
              list(
                  CommunityKind.LARGE,
                  attributes.largeCommunities().stream().map(CommunityKind::of).toList(),
                  attributes.has(AttributeType.LARGE_COMMUNITIES));
          case "bgp_originator_id" ->
              attributes
                  .originatorId()
                  .<Value>map(id -> new Value.Quad(id.bits()))
                  .orElseGet(Value.Nothing::new);
          case "bgp_cluster_list" ->
              list(
                  CommunityKind.STANDARD,
                  attributes.clusterList().stream().map(id -> new Value.Quad(id.bits())).toList(),
                  attributes.has(AttributeType.CLUSTER_LIST));
          default -> null;
        });
  }

  private static Value number(OptionalInt value) {
    return value.isPresent()
        ? new Value.Numeric(Integer.toUnsignedLong(value.getAsInt()))
        : new Value.Nothing();
  }

  private static Value list(CommunityKind kind, List<? extends Value> values, boolean present) {
    return new Value.Communities(kind, List.copyOf(values), !present);
  }

  /** {@code attributes} with {@code value} under {@code name}; empty if that cannot be. */
  public static Optional<PathAttributes> with(PathAttributes attributes, String name, Value value) {
    return attribute(name, value).map(attributes::with);
  }

  private static Optional<PathAttribute> attribute(String name, Value value) {
    return Optional.ofNullable(
        switch (value) {
          case Value.Numeric(long number) ->
              switch (name) {
                case "bgp_med" -> new PathAttribute.MultiExitDisc((int) number);
                case "bgp_local_pref" -> new PathAttribute.LocalPref((int) number);
                default -> null;
              };
          case Value.Word(var group, int number) ->
              group == Constants.Group.ORIGIN && name.equals("bgp_origin")
                  ? new PathAttribute.OriginAttribute(Origin.of(number))
                  : null;
          case Value.Path(AsPath path, _) ->
              name.equals("bgp_path") ? new PathAttribute.AsPathAttribute(path) : null;
          case Value.Address(Ipv4Address address) ->
              name.equals("bgp_next_hop") ? new PathAttribute.NextHop(address) : null;
          case Value.Quad(int bits) ->
              name.equals("bgp_originator_id")
                  ? new PathAttribute.OriginatorId(new BgpIdentifier(bits))
                  : null;
          case Value.Communities(_, var values, _) -> communities(name, values);
          case Value.Nothing _,
              Value.Bool _,
              Value.Address _,
              Value.Network _,
              Value.Text _,
              Value.Community _,
              Value.Members _,
              Value.Networks _,
              Value.Mask _ ->
              null;
        });
  }

  private static @org.jspecify.annotations.Nullable PathAttribute communities(
      String name, List<Value> values) {
    if (name.equals("bgp_cluster_list")) {
      var clusters = new ArrayList<BgpIdentifier>();
      for (var value : values) {
        if (value instanceof Value.Quad(int bits)) {
          clusters.add(new BgpIdentifier(bits));
        }
      }
      return new PathAttribute.ClusterList(clusters);
    }
    var tuples = new ArrayList<Value.Community>();
    for (var value : values) {
      if (value instanceof Value.Community tuple) {
        tuples.add(tuple);
      }
    }
    return switch (name) {
      case "bgp_community" ->
          new PathAttribute.Communities(tuples.stream().map(CommunityKind::standard).toList());
      case "bgp_ext_community" ->
          new PathAttribute.ExtendedCommunities(
              tuples.stream().map(CommunityKind::extended).toList());
      case "bgp_large_community" ->
          new PathAttribute.LargeCommunities(tuples.stream().map(CommunityKind::large).toList());
      default -> null;
    };
  }

  /** {@code attributes} without the one called {@code name}. */
  public static PathAttributes without(PathAttributes attributes, String name) {
    return switch (name) {
      case "bgp_origin" -> attributes.without(AttributeType.ORIGIN);
      case "bgp_path" -> attributes.without(AttributeType.AS_PATH);
      case "bgp_next_hop" -> attributes.without(AttributeType.NEXT_HOP);
      case "bgp_med" -> attributes.without(AttributeType.MULTI_EXIT_DISC);
      case "bgp_local_pref" -> attributes.without(AttributeType.LOCAL_PREF);
      case "bgp_community" -> attributes.without(AttributeType.COMMUNITIES);
      case "bgp_ext_community" -> attributes.without(AttributeType.EXTENDED_COMMUNITIES);
      case "bgp_large_community" -> attributes.without(AttributeType.LARGE_COMMUNITIES);
      case "bgp_originator_id" -> attributes.without(AttributeType.ORIGINATOR_ID);
      case "bgp_cluster_list" -> attributes.without(AttributeType.CLUSTER_LIST);
      default -> attributes;
    };
  }
}
