package dev.aviary.bgp.policy;

import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.Community;
import dev.aviary.bgp.route.LargeCommunity;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.Route;
import dev.aviary.bgp.route.RouteSource.Learned;
import dev.aviary.bgp.route.RouteSource.Local;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.List;

/** Something that a route is or is not. */
public sealed interface Condition {

  /** True if it holds for {@code route}. */
  boolean holds(Route route);

  /** True if it looks at the prefix, so that routes with the same attributes may differ. */
  default boolean looksAtPrefix() {
    return false;
  }

  record PrefixIn(PrefixList list) implements Condition {
    @Override
    public boolean holds(Route route) {
      return list.contains(route.prefix());
    }

    @Override
    public boolean looksAtPrefix() {
      return true;
    }
  }

  record FamilyIs(IpFamily family) implements Condition {
    @Override
    public boolean holds(Route route) {
      return route.prefix().family() == family;
    }

    @Override
    public boolean looksAtPrefix() {
      return true;
    }
  }

  record HasCommunity(Community community) implements Condition {
    @Override
    public boolean holds(Route route) {
      return route.attributes().has(community);
    }
  }

  record HasLargeCommunity(LargeCommunity community) implements Condition {
    @Override
    public boolean holds(Route route) {
      return route.attributes().largeCommunities().contains(community);
    }
  }

  record AsPathContains(AsNumber as) implements Condition {
    @Override
    public boolean holds(Route route) {
      return route.attributes().occurrences(as) > 0;
    }
  }

  /** The AS that the route was learned from. */
  record NeighborAsIs(AsNumber as) implements Condition {
    @Override
    public boolean holds(Route route) {
      return route.attributes().neighborAs() == as.bits();
    }
  }

  record AsPathLength(int minimum, int maximum) implements Condition {
    @Override
    public boolean holds(Route route) {
      int hops = route.attributes().hops();
      return hops >= minimum && hops <= maximum;
    }
  }

  record OriginIs(Origin origin) implements Condition {
    @Override
    public boolean holds(Route route) {
      return route.attributes().origin() == origin;
    }
  }

  /** Originated by this router. */
  record IsLocal() implements Condition {
    @Override
    public boolean holds(Route route) {
      return switch (route.source()) {
        case Local _ -> true;
        case Learned _ -> false;
      };
    }
  }

  /** Learned from another AS. */
  record IsExternal() implements Condition {
    @Override
    public boolean holds(Route route) {
      return switch (route.source()) {
        case Local _ -> false;
        case Learned(var peer) -> !peer.internal();
      };
    }
  }

  /** Of a protocol or neighbor with this name. */
  record FromSource(String name) implements Condition {
    @Override
    public boolean holds(Route route) {
      return route.source().name().equals(name);
    }
  }

  /** LOCAL_PREF of {@code minimum} to {@code maximum}, unsigned; 100 where there is none. */
  record LocalPrefWithin(int minimum, int maximum) implements Condition {
    @Override
    public boolean holds(Route route) {
      int preference = route.attributes().localPrefOrDefault();
      return Integer.compareUnsigned(preference, minimum) >= 0
          && Integer.compareUnsigned(preference, maximum) <= 0;
    }
  }

  /** MULTI_EXIT_DISC of {@code minimum} to {@code maximum}, unsigned; 0 where there is none. */
  record MedWithin(int minimum, int maximum) implements Condition {
    @Override
    public boolean holds(Route route) {
      int metric = route.attributes().medOrZero();
      return Integer.compareUnsigned(metric, minimum) >= 0
          && Integer.compareUnsigned(metric, maximum) <= 0;
    }
  }

  /** AS_PATH begins with {@code ases}. */
  record AsPathStartsWith(List<AsNumber> ases) implements Condition {
    public AsPathStartsWith {
      ases = List.copyOf(ases);
    }

    @Override
    public boolean holds(Route route) {
      var path = route.attributes().asPath().flattened();
      return path.size() >= ases.size() && path.subList(0, ases.size()).equals(ases);
    }
  }

  /** The next hop is one that {@code selection} takes; what the router originates has none. */
  record NextHopIn(Selection selection) implements Condition {
    /** A set of next hops; equal ones must select alike. */
    public interface Selection {
      boolean contains(IpAddress nextHop);
    }

    @Override
    public boolean holds(Route route) {
      return switch (route.source()) {
        case Local _ -> false;
        case Learned _ -> route.attributes().nextHop().filter(selection::contains).isPresent();
      };
    }
  }

  record Not(Condition condition) implements Condition {
    @Override
    public boolean holds(Route route) {
      return !condition.holds(route);
    }

    @Override
    public boolean looksAtPrefix() {
      return condition.looksAtPrefix();
    }
  }

  record AnyOf(List<Condition> conditions) implements Condition {
    public AnyOf {
      conditions = List.copyOf(conditions);
    }

    @Override
    public boolean holds(Route route) {
      return conditions.stream().anyMatch(condition -> condition.holds(route));
    }

    @Override
    public boolean looksAtPrefix() {
      return conditions.stream().anyMatch(Condition::looksAtPrefix);
    }
  }
}
