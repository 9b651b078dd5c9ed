package dev.aviary.bgp.policy;

import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AttributeType;
import dev.aviary.bgp.route.AttributesBuilder;
import dev.aviary.bgp.route.Community;
import dev.aviary.bgp.route.LargeCommunity;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttribute.Communities;
import dev.aviary.bgp.route.PathAttribute.LargeCommunities;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One thing that a policy changes about a route's attributes. */
public sealed interface Change {

  /** {@code attributes} with the change made. */
  PathAttributes apply(PathAttributes attributes);

  /**
   * Prefers the route as what the router originates: BIRD's {@code preference = 200}. It is no
   * attribute, and is not told on.
   */
  record PreferAsOwn() implements Change {
    @Override
    public PathAttributes apply(PathAttributes attributes) {
      return attributes;
    }
  }

  /** Unsigned. */
  record SetLocalPref(int preference) implements Change {
    @Override
    public PathAttributes apply(PathAttributes attributes) {
      return attributes.with(new PathAttribute.LocalPref(preference));
    }
  }

  /** Unsigned. */
  record SetMed(int metric) implements Change {
    @Override
    public PathAttributes apply(PathAttributes attributes) {
      return attributes.with(new PathAttribute.MultiExitDisc(metric));
    }
  }

  record RemoveMed() implements Change {
    @Override
    public PathAttributes apply(PathAttributes attributes) {
      return attributes.without(AttributeType.MULTI_EXIT_DISC);
    }
  }

  record SetOrigin(Origin origin) implements Change {
    @Override
    public PathAttributes apply(PathAttributes attributes) {
      return attributes.with(new PathAttribute.OriginAttribute(origin));
    }
  }

  record SetNextHop(IpAddress nextHop) implements Change {
    @Override
    public PathAttributes apply(PathAttributes attributes) {
      return switch (nextHop) {
        case Ipv4Address v4 ->
            attributes.without(AttributeType.MP_REACH_NLRI).with(new PathAttribute.NextHop(v4));
        case Ipv6Address v6 ->
            attributes
                .without(AttributeType.NEXT_HOP)
                .with(
                    new PathAttribute.MpReach(
                        dev.aviary.bgp.route.AfiSafi.IPV6_UNICAST,
                        List.of(v6),
                        List.of(),
                        Optional.empty()));
      };
    }
  }

  record AddCommunity(Community community) implements Change {
    @Override
    public PathAttributes apply(PathAttributes attributes) {
      if (attributes.has(community)) {
        return attributes;
      }
      var values = new ArrayList<>(attributes.communities());
      values.add(community);
      return attributes.with(new Communities(values));
    }
  }

  record RemoveCommunity(Community community) implements Change {
    @Override
    public PathAttributes apply(PathAttributes attributes) {
      var values = new ArrayList<>(attributes.communities());
      values.removeIf(community::equals);
      return values.isEmpty()
          ? attributes.without(AttributeType.COMMUNITIES)
          : attributes.with(new Communities(values));
    }
  }

  record AddLargeCommunity(LargeCommunity community) implements Change {
    @Override
    public PathAttributes apply(PathAttributes attributes) {
      var values = new ArrayList<>(attributes.largeCommunities());
      if (values.contains(community)) {
        return attributes;
      }
      values.add(community);
      return attributes.with(new LargeCommunities(values));
    }
  }

  record RemoveLargeCommunity(LargeCommunity community) implements Change {
    @Override
    public PathAttributes apply(PathAttributes attributes) {
      var values = new ArrayList<>(attributes.largeCommunities());
      values.removeIf(community::equals);
      return values.isEmpty()
          ? attributes.without(AttributeType.LARGE_COMMUNITIES)
          : attributes.with(new LargeCommunities(values));
    }
  }

  /** Puts {@code as} in front of AS_PATH {@code times} times. */
  record Prepend(AsNumber as, int times) implements Change {
    @Override
    public PathAttributes apply(PathAttributes attributes) {
      var builder = new AttributesBuilder(attributes);
      for (int i = 0; i < times; i++) {
        builder.prepend(as);
      }
      return builder.build();
    }
  }

  /** Takes ASes of private use out of AS_PATH (RFC 6996 §4), before ours is put in front. */
  record RemovePrivateAs() implements Change {
    @Override
    public PathAttributes apply(PathAttributes attributes) {
      var path = attributes.asPath();
      var kept = path.withoutPrivate();
      return kept.equals(path)
          ? attributes
          : attributes.with(new PathAttribute.AsPathAttribute(kept));
    }
  }
}
