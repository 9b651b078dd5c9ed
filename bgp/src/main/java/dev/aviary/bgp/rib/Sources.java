package dev.aviary.bgp.rib;

import dev.aviary.bgp.route.RouteSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Numbers who routes come from, so that a path needs two octets for it. Number 0 is the router
 * itself. Also numbers paths for ADD-PATH (RFC 7911): every source, and every identifier of a
 * source, has a number of its own that stays the same.
 */
public final class Sources {
  /** The router itself. */
  public static final int LOCAL = 0;

  private static final int LIMIT = 1 << 16;

  private final List<@Nullable RouteSource> sources = new ArrayList<>();
  private final Map<Long, Integer> numbers = new HashMap<>();
  private int nextNumber = 1;

  public Sources(RouteSource.Local local) {
    sources.add(local);
  }

  /** A number for {@code source}. */
  public int add(RouteSource source) {
    for (int i = 1; i < sources.size(); i++) {
      if (sources.get(i) == null) {
        sources.set(i, source);
        return i;
      }
    }
    if (sources.size() == LIMIT) {
      throw new IllegalStateException("more than " + LIMIT + " sources of routes");
    }
    sources.add(source);
    return sources.size() - 1;
  }

  /** From now on {@code number} is {@code source}. */
  public void set(int number, RouteSource source) {
    sources.set(number, source);
  }

  /** Gives {@code number} back; nothing may use it any more. */
  public void remove(int number) {
    sources.set(number, null);
    numbers.keySet().removeIf(key -> key >>> 32 == number);
  }

  /** Who {@code number} is. */
  public RouteSource get(int number) {
    var source = sources.get(number);
    if (source == null) {
      throw new IllegalStateException("no source " + number);
    }
    return source;
  }

  /** The identifier that a path of {@code source} is sent under. */
  public int pathNumber(int source, int pathId) {
    if (source == LOCAL && pathId == 0) {
      return 0;
    }
    return numbers.computeIfAbsent(
        (long) source << 32 | Integer.toUnsignedLong(pathId), _ -> nextNumber++);
  }
}
