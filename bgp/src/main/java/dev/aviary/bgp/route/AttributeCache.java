package dev.aviary.bgp.route;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One instance per equal {@link PathAttributes}, so that "same attributes" is {@code ==}. Counts
 * the users of each and forgets it with the last. Confined to one event loop.
 */
public final class AttributeCache {
  private @Nullable PathAttributes[] slots = new @Nullable PathAttributes[64];
  private int size;

  /** The shared instance equal to {@code attributes}; the caller holds one use of it. */
  public PathAttributes intern(PathAttributes attributes) {
    return intern(attributes.raw(), attributes.size());
  }

  PathAttributes intern(byte[] octets, int length) {
    var found = find(octets, 0, length);
    if (found == null) {
      found = PathAttributes.ofCanonical(Arrays.copyOf(octets, length));
      add(found);
    }
    found.users++;
    return found;
  }

  /** The shared instance with these octets, null if there is none; counts no use. */
  @Nullable PathAttributes find(byte[] octets, int offset, int length) {
    int mask = slots.length - 1;
    int hash = PathAttributes.hash(octets, offset, length);
    for (int i = spread(hash) & mask; ; i = i + 1 & mask) {
      var here = slots[i];
      if (here == null) {
        return null;
      }
      if (here.hashCode() == hash && here.matches(octets, offset, length)) {
        return here;
      }
    }
  }

  /**
   * The shared instance whose canonical octets are exactly these, with one use counted; null if
   * there is none. Lets a reader skip an attribute block it has read before.
   */
  public @Nullable PathAttributes reuse(byte[] octets, int offset, int length) {
    var found = find(octets, offset, length);
    if (found != null) {
      found.users++;
    }
    return found;
  }

  /** Counts one more user of a shared instance. */
  public PathAttributes retain(PathAttributes shared) {
    shared.users++;
    return shared;
  }

  /** Counts one user less; the last one takes it out. */
  public void release(PathAttributes shared) {
    if (--shared.users == 0) {
      remove(shared);
    }
  }

  /** How many sets are shared. */
  public int size() {
    return size;
  }

  private static int spread(int hash) {
    return (hash * 0x9e3779b9) >>> 7;
  }

  private void add(PathAttributes attributes) {
    if (++size * 4 > slots.length * 3) {
      var old = slots;
      slots = new @Nullable PathAttributes[old.length * 2];
      for (var each : old) {
        if (each != null) {
          place(each);
        }
      }
    }
    place(attributes);
  }

  private void place(PathAttributes attributes) {
    int mask = slots.length - 1;
    int i = spread(attributes.hashCode()) & mask;
    while (slots[i] != null) {
      i = i + 1 & mask;
    }
    slots[i] = attributes;
  }

  // Two equal sets that are not shared are not the same slot.
  @SuppressWarnings("ReferenceEquality")
  private void remove(PathAttributes attributes) {
    int mask = slots.length - 1;
    int i = spread(attributes.hashCode()) & mask;
    while (slots[i] != attributes) {
      if (slots[i] == null) {
        return;
      }
      i = i + 1 & mask;
    }
    size--;
    // Close the gap, or a later search would stop at it.
    int gap = i;
    for (int j = i + 1 & mask; ; j = j + 1 & mask) {
      var next = slots[j];
      if (next == null) {
        break;
      }
      int home = spread(next.hashCode()) & mask;
      if ((j - home & mask) >= (j - gap & mask)) {
        slots[gap] = next;
        gap = j;
      }
    }
    slots[gap] = null;
  }
}
