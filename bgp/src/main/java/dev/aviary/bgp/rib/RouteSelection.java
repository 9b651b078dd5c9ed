package dev.aviary.bgp.rib;

import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.route.RouteSource;
import java.util.Arrays;

/**
 * Phase 2 of the decision process (RFC 4271 §9.1.2.2, with RFC 4456 §9 and BIRD's first two rules),
 * by elimination: MED ranks only routes from one neighboring AS, so "better" is no total order and
 * a winner of pairs would depend on the order of arrival.
 */
public final class RouteSelection {
  private static final Rule[] RULES = Rule.values();

  private final Options options;
  private final NextHopResolver resolver;
  private int[] candidates = new int[16];
  private int[] keep = new int[16];
  private int count;

  /**
   * What BIRD lets one set.
   *
   * @param compareMedAlways also between routes from different ASes
   * @param preferOlder keep the best among equal external routes (RFC 5004)
   * @param comparePathLength false leaves AS_PATH's length out
   */
  public record Options(boolean compareMedAlways, boolean preferOlder, boolean comparePathLength) {
    public static final Options DEFAULT = new Options(false, false, true);
  }

  /** What is tried, in this order. */
  public enum Rule {
    /** There was no choice. */
    ONLY_ROUTE,
    /** BIRD's preference of the protocol: static before BGP. */
    PREFERENCE,
    RESOLVABLE_NEXT_HOP,
    /** RFC 9494 §4.2. */
    NOT_STALE,
    LOCAL_PREF,
    AS_PATH_LENGTH,
    ORIGIN,
    MED,
    EXTERNAL,
    IGP_METRIC,
    /** RFC 5004. */
    OLDER,
    /** ORIGINATOR_ID in its place (RFC 4456 §9). */
    ROUTER_ID,
    /** RFC 4456 §9. */
    CLUSTER_LIST_LENGTH,
    PEER_ADDRESS,
    /** Two paths of one peer (RFC 7911). */
    PATH_ID
  }

  public RouteSelection(Options options, NextHopResolver resolver) {
    this.options = options;
    this.resolver = resolver;
  }

  /** The best of the paths that begin with {@code head}. */
  int best(LocRib rib, int head) {
    shortlist(rib, head);
    run(rib, head);
    return candidates[0];
  }

  /** The last rule that made the choice smaller. */
  Rule decidedBy(LocRib rib, int head) {
    count = 0;
    for (int path = head; path >= 0; path = rib.next(path)) {
      add(path);
    }
    return run(rib, head);
  }

  /** What {@link #decidedBy} left: the same as {@link #best}, found rule by rule. */
  int bestByRules(LocRib rib, int head) {
    decidedBy(rib, head);
    return candidates[0];
  }

  private void add(int path) {
    if (count == candidates.length) {
      candidates = Arrays.copyOf(candidates, count * 2);
    }
    candidates[count++] = path;
  }

  /**
   * The paths that the rules down to AS_PATH's length leave, in one pass: these order all paths, so
   * the first ones can be compared at once, and mostly one is left.
   */
  private void shortlist(LocRib rib, int head) {
    count = 0;
    long bestUse = Long.MAX_VALUE;
    long bestChoice = Long.MAX_VALUE;
    for (int path = head; path >= 0; path = rib.next(path)) {
      var attributes = rib.attributes(path);
      long use = rank(rib, Rule.PREFERENCE, path, head) << 2;
      use |= rank(rib, Rule.RESOLVABLE_NEXT_HOP, path, head) << 1;
      use |= rank(rib, Rule.NOT_STALE, path, head);
      if (use > bestUse) {
        continue;
      }
      long choice = -Integer.toUnsignedLong(attributes.localPrefOrDefault()) << 31;
      choice += options.comparePathLength() ? attributes.hops() : 0;
      if (use < bestUse || choice < bestChoice) {
        count = 0;
        bestUse = use;
        bestChoice = choice;
      }
      if (choice == bestChoice) {
        add(path);
      }
    }
  }

  private Rule run(LocRib rib, int head) {
    var decidedBy = Rule.ONLY_ROUTE;
    for (var rule : RULES) {
      if (count == 1) {
        break;
      }
      int before = count;
      narrow(rib, rule, head);
      if (count < before) {
        decidedBy = rule;
      }
    }
    return decidedBy;
  }

  private void narrow(LocRib rib, Rule rule, int head) {
    if (rule == Rule.MED && !options.compareMedAlways()) {
      narrowByMed(rib);
      return;
    }
    long best = Long.MAX_VALUE;
    int kept = 0;
    for (int i = 0; i < count; i++) {
      int path = candidates[i];
      long rank = rank(rib, rule, path, head);
      if (rank < best) {
        best = rank;
        kept = 0;
      }
      if (rank == best) {
        candidates[kept++] = path;
      }
    }
    count = kept;
  }

  /** What {@code rule} looks at, as a number; the lowest wins. */
  private long rank(LocRib rib, Rule rule, int path, int head) {
    PathAttributes attributes = rib.attributes(path);
    var source = rib.sources().get(rib.sourceOf(path));
    return switch (rule) {
      case ONLY_ROUTE -> 0;
      case PREFERENCE -> -preference(rib.flags(path), source);
      case RESOLVABLE_NEXT_HOP -> cost(attributes) == NextHopResolver.UNREACHABLE ? 1 : 0;
      // RFC 9494 §4.3: also if another router marked it.
      case NOT_STALE -> attributes.isLongStale() ? 1 : 0;
      case LOCAL_PREF -> -Integer.toUnsignedLong(attributes.localPrefOrDefault());
      case AS_PATH_LENGTH -> options.comparePathLength() ? attributes.hops() : 0;
      case ORIGIN -> attributes.originCode();
      case MED -> Integer.toUnsignedLong(attributes.medOrZero());
      case EXTERNAL -> isExternal(source) ? 0 : 1;
      case IGP_METRIC -> cost(attributes);
      case OLDER -> options.preferOlder() && isExternal(source) && path == head ? 0 : 1;
      case ROUTER_ID -> Integer.toUnsignedLong(identifier(attributes, source));
      case CLUSTER_LIST_LENGTH -> attributes.clusterCount();
      case PEER_ADDRESS -> addressRank(rib, path);
      case PATH_ID -> Integer.toUnsignedLong(rib.pathId(path));
    };
  }

  /** BIRD's preference of a path with these flags. */
  public static int preference(int flags, RouteSource source) {
    return (flags & LocRib.PREFERRED) != 0 ? RouteSource.STATIC_PREFERENCE : source.preference();
  }

  private int cost(PathAttributes attributes) {
    if (resolver == NextHopResolver.Everything.EVERYTHING) {
      return 0;
    }
    var nextHop = attributes.nextHop();
    return nextHop.isEmpty() ? 0 : resolver.cost(nextHop.get());
  }

  /** What the next hop of {@code attributes} costs. */
  public int costOf(PathAttributes attributes) {
    return cost(attributes);
  }

  private static boolean isExternal(RouteSource source) {
    return switch (source) {
      case RouteSource.Learned(var peer) -> !peer.internal();
      case RouteSource.Local _ -> true;
    };
  }

  private static int identifier(PathAttributes attributes, RouteSource source) {
    var originator = attributes.originatorId();
    if (originator.isPresent()) {
      return originator.get().bits();
    }
    return switch (source) {
      case RouteSource.Learned(var peer) -> peer.identifier().bits();
      case RouteSource.Local _ -> 0;
    };
  }

  /** Its place among the candidates by peer address. */
  private long addressRank(LocRib rib, int path) {
    long lower = 0;
    var mine = rib.sources().get(rib.sourceOf(path));
    for (int i = 0; i < count; i++) {
      var other = rib.sources().get(rib.sourceOf(candidates[i]));
      if (mine instanceof RouteSource.Learned(var peer)
          && other instanceof RouteSource.Learned(var peer2)
          && peer2.address().compareTo(peer.address()) < 0) {
        lower++;
      }
    }
    return lower;
  }

  /** RFC 4271 §9.1.2.2 (c): only among routes that the same neighboring AS sent. */
  private void narrowByMed(LocRib rib) {
    int kept = 0;
    if (keep.length < count) {
      keep = new int[candidates.length];
    }
    for (int i = 0; i < count; i++) {
      var mine = rib.attributes(candidates[i]);
      boolean beaten = false;
      for (int j = 0; j < count && !beaten; j++) {
        var other = rib.attributes(candidates[j]);
        beaten =
            other.neighborAs() == mine.neighborAs()
                && Integer.compareUnsigned(other.medOrZero(), mine.medOrZero()) < 0;
      }
      if (!beaten) {
        keep[kept++] = candidates[i];
      }
    }
    System.arraycopy(keep, 0, candidates, 0, kept);
    count = kept;
  }
}
