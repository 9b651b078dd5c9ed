package dev.aviary.bgp.rib;

import dev.aviary.bgp.route.AttributeCache;
import dev.aviary.bgp.route.PathAttributes;
import org.jspecify.annotations.Nullable;

/**
 * The paths of a table by small numbers: what each came with, and which one follows it at its
 * prefix. A number is given to another path when its own has gone.
 */
final class Paths {
  private static final int NONE = -1;

  private final AttributePages attributes;
  private final IntPages next = new IntPages();
  private final ShortPages source = new ShortPages();
  private final BytePages flags = new BytePages();
  private final IntPages since = new IntPages();

  /** Made for the first path that has an identifier. */
  private @Nullable IntPages pathIds;

  private int used;
  private int free = NONE;

  Paths(AttributeCache cache) {
    this.attributes = new AttributePages(cache);
  }

  /** A number for a new path, whose identifier is zero; all else is to be set. */
  int take() {
    if (free != NONE) {
      int path = free;
      free = next.get(path);
      if (pathIds != null) {
        pathIds.set(path, 0);
      }
      return path;
    }
    int path = used++;
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

  /** Gives a number back. */
  void give(int path) {
    next.set(path, free);
    free = path;
  }

  PathAttributes attributes(int path) {
    return attributes.get(path);
  }

  void setAttributes(int path, PathAttributes shared) {
    attributes.set(path, shared);
  }

  /** The path after this one, -1 if it is the last. */
  int next(int path) {
    return next.get(path);
  }

  void setNext(int path, int following) {
    next.set(path, following);
  }

  int source(int path) {
    return source.get(path) & 0xffff;
  }

  void setSource(int path, int number) {
    source.set(path, (short) number);
  }

  int flags(int path) {
    return flags.get(path);
  }

  void setFlags(int path, int value) {
    flags.set(path, (byte) value);
  }

  int since(int path) {
    return since.get(path);
  }

  void setSince(int path, int time) {
    since.set(path, time);
  }

  int pathId(int path) {
    return pathIds == null ? 0 : pathIds.get(path);
  }

  void setPathId(int path, int pathId) {
    var ids = pathIds;
    if (ids == null) {
      ids = new IntPages();
      pathIds = ids;
      ids.reach(used);
    }
    ids.reach(path);
    ids.set(path, pathId);
  }
}
