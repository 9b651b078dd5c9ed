package dev.aviary.bgp.rib;

import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AttributeCache;
import dev.aviary.bgp.route.Nlri;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.route.PrefixVisitor;
import dev.aviary.bgp.route.Route;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The routes of one family that a speaker has: each prefix with the paths to it, the best one first
 * and the others in the order they came, as BIRD keeps them. The Adj-RIBs-In are the paths of one
 * source in it (RFC 4271 §3.2 leaves open whether they are copies).
 *
 * <p>Changes only mark a prefix. {@link #settle} decides for all that were marked, once per burst.
 */
public final class LocRib {
  private static final int NONE = -1;
  private static final int RELEASED_AT_ONCE = 256;

  /** Kept over a restart of its source (RFC 4724 §4.2). */
  public static final int STALE = 1;

  /** Kept long after (RFC 9494 §4.2): preferred least. */
  public static final int LONG_STALE = 2;

  /** Preferred as what the router originates, which an import policy can ask for. */
  public static final int PREFERRED = 4;

  private final AfiSafi family;
  private final IpFamily ip;
  private final AttributeCache cache;
  private final Sources sources;
  private final RouteSelection selection;
  private final PrefixTable prefixes;
  private final IntPages heads = new IntPages();
  private final Marks marks = new Marks();

  private final AttributePages attributes;
  private final IntPages next = new IntPages();
  private final ShortPages source = new ShortPages();
  private final BytePages flags = new BytePages();
  private final IntPages since = new IntPages();
  private @Nullable IntPages pathIds;
  private int usedPaths;
  private int freePath = NONE;
  private int pathCount;
  private int[] countBySource = new int[16];

  private int now;

  public LocRib(AfiSafi family, AttributeCache cache, Sources sources, RouteSelection selection) {
    this.family = family;
    this.ip = family.afi() == 1 ? IpFamily.IPV4 : IpFamily.IPV6;
    this.cache = cache;
    this.attributes = new AttributePages(cache);
    this.sources = sources;
    this.selection = selection;
    this.prefixes = new PrefixTable(ip);
  }

  /** What came of putting a path in. */
  public enum Put {
    ADDED,
    REPLACED,
    UNCHANGED
  }

  /** The family of its prefixes. */
  public AfiSafi family() {
    return family;
  }

  /** The time that paths put in from now on get: hundredths of a second since some point. */
  public void now(int centiseconds) {
    now = centiseconds;
  }

  /** How many prefixes have a path. */
  public int size() {
    return prefixes.size();
  }

  /** How many paths there are. */
  public int paths() {
    return pathCount;
  }

  /** How many paths are of source number {@code number}. */
  public int count(int number) {
    return number < countBySource.length ? countBySource[number] : 0;
  }

  /** Takes a path in, in the place of the one its source had under the identifier. */
  public Put put(long high, long low, int length, int number, int pathId, PathAttributes shared) {
    return put(high, low, length, number, pathId, shared, 0);
  }

  /**
   * As above.
   *
   * @param mark 0 or {@link #PREFERRED}
   */
  public Put put(
      long high, long low, int length, int number, int pathId, PathAttributes shared, int mark) {
    int entry = prefixes.add(high, low, length);
    heads.reach(entry);
    int head = heads.get(entry) - 1;
    int path = find(head, number, pathId);
    if (path != NONE) {
      boolean same = attributes.get(path).equals(shared);
      if (same && flags.get(path) == mark) {
        return Put.UNCHANGED;
      }
      mark(entry, head);
      flags.set(path, (byte) mark);
      if (same) {
        return Put.UNCHANGED;
      }
      cache.release(attributes.get(path));
      attributes.set(path, cache.retain(shared));
      since.set(path, now);
      return Put.REPLACED;
    }
    mark(entry, head);
    path = take();
    attributes.set(path, cache.retain(shared));
    source.set(path, (short) number);
    flags.set(path, (byte) mark);
    since.set(path, now);
    if (pathId != 0) {
      setPathId(path, pathId);
    }
    if (head == NONE) {
      heads.set(entry, path + 1);
      next.set(path, NONE);
    } else {
      // After the best: that is where BIRD puts it.
      next.set(path, next.get(head));
      next.set(head, path);
    }
    if (number >= countBySource.length) {
      countBySource = Arrays.copyOf(countBySource, Math.max(number + 1, number * 2));
    }
    countBySource[number]++;
    pathCount++;
    return Put.ADDED;
  }

  private void setPathId(int path, int pathId) {
    var ids = pathIds;
    if (ids == null) {
      ids = new IntPages();
      pathIds = ids;
      ids.reach(usedPaths);
    }
    ids.reach(path);
    ids.set(path, pathId);
  }

  private int take() {
    if (freePath != NONE) {
      int path = freePath;
      freePath = next.get(path);
      if (pathIds != null) {
        pathIds.set(path, 0);
      }
      return path;
    }
    int path = usedPaths++;
    attributes.reach(path);
    next.reach(path);
    source.reach(path);
    flags.reach(path);
    since.reach(path);
    if (pathIds != null) {
      pathIds.reach(path);
    }
    return path;
  }

  private int find(int head, int number, int pathId) {
    for (int path = head; path != NONE; path = next.get(path)) {
      if (sourceOf(path) == number && pathId(path) == pathId) {
        return path;
      }
    }
    return NONE;
  }

  /**
   * Says that a prefix will be withdrawn soon: worth it before many of them, see {@link #fetch}.
   */
  public void expect(long high, long low, int length) {
    prefixes.expect(high, low, length);
  }

  /** Has at hand, as far as the processor's caches go, what is expected. */
  public void fetch() {
    prefixes.fetch();
  }

  /** Takes a path out; false if there was none. */
  public boolean withdraw(long high, long low, int length, int number, int pathId) {
    int entry = prefixes.find(high, low, length);
    if (entry == NONE) {
      return false;
    }
    int path = find(heads.get(entry) - 1, number, pathId);
    if (path == NONE) {
      return false;
    }
    remove(entry, path);
    return true;
  }

  private void remove(int entry, int path) {
    int head = heads.get(entry) - 1;
    mark(entry, head);
    if (head == path) {
      heads.set(entry, next.get(path) + 1);
    } else {
      int previous = head;
      while (next.get(previous) != path) {
        previous = next.get(previous);
      }
      next.set(previous, next.get(path));
    }
    cache.release(attributes.get(path));
    countBySource[sourceOf(path)]--;
    pathCount--;
    next.set(path, freePath);
    freePath = path;
  }

  /** Takes out all paths of source number {@code number}; says how many. */
  public int withdrawAll(int number) {
    return withdrawAll(number, 0);
  }

  /** Takes out the paths of {@code number} that carry all of {@code mask}; says how many. */
  public int withdrawAll(int number, int mask) {
    int removed = 0;
    if (count(number) == 0) {
      return 0;
    }
    for (int entry = 0; entry < prefixes.limit(); entry++) {
      if (prefixes.isFree(entry)) {
        continue;
      }
      for (int path = heads.get(entry) - 1; path != NONE; ) {
        int following = next.get(path);
        if (sourceOf(path) == number && (flags.get(path) & mask) == mask) {
          remove(entry, path);
          removed++;
        }
        path = following;
      }
    }
    return removed;
  }

  /** Sets {@code mark} on all paths of {@code number}; the prefixes are decided anew. */
  public void flag(int number, int mark) {
    for (int entry = 0; entry < prefixes.limit(); entry++) {
      if (prefixes.isFree(entry)) {
        continue;
      }
      for (int path = heads.get(entry) - 1; path != NONE; path = next.get(path)) {
        if (sourceOf(path) == number) {
          mark(entry, heads.get(entry) - 1);
          flags.set(path, (byte) (flags.get(path) | mark));
        }
      }
    }
  }

  /** Changes the attributes of {@code number}'s paths that carry all of {@code mask}. */
  public void rewrite(int number, int mask, int mark, Rewrite rewrite) {
    for (int entry = 0; entry < prefixes.limit(); entry++) {
      if (prefixes.isFree(entry)) {
        continue;
      }
      for (int path = heads.get(entry) - 1; path != NONE; ) {
        int following = next.get(path);
        if (sourceOf(path) == number && (flags.get(path) & mask) == mask) {
          var old = attributes.get(path);
          var changed = rewrite.apply(old);
          if (changed == null) {
            remove(entry, path);
          } else {
            mark(entry, heads.get(entry) - 1);
            attributes.set(path, cache.intern(changed));
            cache.release(old);
            flags.set(path, (byte) (flags.get(path) | mark));
          }
        }
        path = following;
      }
    }
  }

  /** What becomes of a path's attributes; null takes the path out. */
  @FunctionalInterface
  public interface Rewrite {
    @Nullable PathAttributes apply(PathAttributes attributes);
  }

  /** Has every prefix decided anew: next hops have changed. */
  public void touchAll() {
    for (int entry = 0; entry < prefixes.limit(); entry++) {
      if (!prefixes.isFree(entry)) {
        mark(entry, heads.get(entry) - 1);
      }
    }
  }

  private void mark(int entry, int head) {
    if (marks.add(entry)) {
      if (head == NONE) {
        marks.was(null, NONE);
      } else {
        marks.was(attributes.get(head), sourceOf(head));
      }
    }
  }

  /** How many prefixes are marked. */
  public int changes() {
    return marks.count();
  }

  /** Decides for every marked prefix. The marks stay until {@link #settled}. */
  public void settle() {
    for (int i = 0; i < marks.count(); i++) {
      select(marks.entry(i));
    }
  }

  /** The {@code i}th marked prefix's number. */
  public int changed(int i) {
    return marks.entry(i);
  }

  /** What the {@code i}th marked prefix's best path had, null if it had none. */
  public @Nullable PathAttributes before(int i) {
    return marks.before(i);
  }

  /** Whose the {@code i}th marked prefix's best path was, -1 if it had none. */
  public int beforeSource(int i) {
    return marks.beforeSource(i);
  }

  /** Forgets the marks, and prefixes without a path that nobody was told of. */
  public void settled(HeldBy held) {
    int expected = 0;
    for (int i = 0; i < marks.count(); i++) {
      if (i == expected) {
        expected = expectRelease(i);
      }
      marks.unmark(i);
      release(marks.entry(i), held);
    }
    marks.clear();
  }

  /** Expects those of the next marked prefixes that may be given back; where the next begin. */
  private int expectRelease(int from) {
    int end = Math.min(marks.count(), from + RELEASED_AT_ONCE);
    for (int i = from; i < end; i++) {
      if (heads.get(marks.entry(i)) == 0) {
        prefixes.expect(marks.entry(i));
      }
    }
    prefixes.fetch();
    return end;
  }

  /** Who still has to withdraw a prefix that has no path any more. */
  @FunctionalInterface
  public interface HeldBy {
    /** True if someone was told of prefix number {@code entry}. */
    boolean holds(int entry);
  }

  /** Gives prefix number {@code entry} back if it has no path and nobody holds it. */
  public void release(int entry, HeldBy held) {
    if (!prefixes.isFree(entry)
        && heads.get(entry) == 0
        && !marks.has(entry)
        && !held.holds(entry)) {
      prefixes.remove(entry);
    }
  }

  /** Puts the best path first. */
  private void select(int entry) {
    int head = heads.get(entry) - 1;
    if (head == NONE || next.get(head) == NONE) {
      return;
    }
    int best = selection.best(this, head);
    if (best == head) {
      return;
    }
    int previous = head;
    while (next.get(previous) != best) {
      previous = next.get(previous);
    }
    next.set(previous, next.get(best));
    next.set(best, head);
    heads.set(entry, best + 1);
  }

  /** Prefix numbers are below this. */
  public int limit() {
    return prefixes.limit();
  }

  /** The first path of prefix number {@code entry}, which is the best; -1 if it has none. */
  public int first(int entry) {
    return prefixes.isFree(entry) ? NONE : heads.get(entry) - 1;
  }

  /** The path after {@code path}, -1 if it is the last. */
  public int next(int path) {
    return next.get(path);
  }

  /** The attributes of {@code path}. */
  public PathAttributes attributes(int path) {
    return attributes.get(path);
  }

  /** The number of {@code path}'s source. */
  public int sourceOf(int path) {
    return source.get(path) & 0xffff;
  }

  /** The identifier that {@code path}'s source gave it. */
  public int pathId(int path) {
    return pathIds == null ? 0 : pathIds.get(path);
  }

  /** {@link #STALE} and {@link #LONG_STALE}. */
  public int flags(int path) {
    return flags.get(path);
  }

  /** When {@code path} came, as {@link #now} said. */
  public int since(int path) {
    return since.get(path);
  }

  /** Who has routes in here. */
  public Sources sources() {
    return sources;
  }

  /** The prefix with number {@code entry}. */
  public Prefix prefix(int entry) {
    return prefixes.prefix(entry);
  }

  /** Hands prefix number {@code entry} on with {@code pathId}, without making an object. */
  public void visit(int entry, int pathId, PrefixVisitor visitor) {
    visitor.prefix(prefixes.high(entry), prefixes.low(entry), prefixes.length(entry), pathId);
  }

  /** The number of {@code prefix}, -1 if it is not here. */
  public int find(Prefix prefix) {
    return prefixes.find(Nlri.high(prefix), Nlri.low(prefix), prefix.length());
  }

  /** {@code path} of prefix number {@code entry} as a value. */
  public Route route(int entry, int path) {
    return new Route(
        prefix(entry), pathId(path), attributes.get(path), sources.get(sourceOf(path)));
  }

  /** The best route to prefix number {@code entry}. */
  public Optional<Route> best(int entry) {
    int path = first(entry);
    return path == NONE ? Optional.empty() : Optional.of(route(entry, path));
  }

  /** The rule that made the first path of prefix number {@code entry} the best one. */
  public RouteSelection.Rule decidedBy(int entry) {
    return selection.decidedBy(this, first(entry));
  }

  /** The numbers of all prefixes that have a path, in BIRD's order of a table. */
  public List<Integer> inTableOrder(TableOrder order) {
    var entries = new ArrayList<Integer>();
    for (int entry : order.sort(this)) {
      entries.add(entry);
    }
    return entries;
  }
}
