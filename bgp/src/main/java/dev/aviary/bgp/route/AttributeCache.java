package dev.aviary.bgp.route;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * One instance per equal {@link PathAttributes}, so that "same attributes" is {@code ==}. Counts
 * the users of each and forgets it with the last. Each has a small number while it is here, for
 * tables that keep numbers in place of references. Confined to one event loop.
 */
public final class AttributeCache {
  private static final int NONE = -1;

  /** Numbers plus one, zero where a slot is free. */
  private int[] slots = new int[64];

  private @Nullable PathAttributes[] sets = new @Nullable PathAttributes[32];

  /** The hash of each number in use, the next free number of each that is not. */
  private int[] hashes = new int[32];

  private int used;
  private int free = NONE;
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
    for (int i = spread(hash) & mask; slots[i] != 0; i = i + 1 & mask) {
      int number = slots[i] - 1;
      if (hashes[number] == hash) {
        var here = get(number);
        if (here.matches(octets, offset, length)) {
          return here;
        }
      }
    }
    return null;
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
      remove(shared.number);
    }
  }

  /** The number of a shared instance; another may have it once the last user has gone. */
  public int number(PathAttributes shared) {
    return shared.number;
  }

  /**
   * The shared instance with this number.
   *
   * @throws IllegalStateException if there is none
   */
  public PathAttributes get(int number) {
    var found = sets[number];
    if (found == null) {
      throw new IllegalStateException("no attributes with number " + number);
    }
    return found;
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
      slots = new int[old.length * 2];
      for (int slot : old) {
        if (slot != 0) {
          place(slot - 1);
        }
      }
    }
    int number = free;
    if (number != NONE) {
      free = hashes[number];
    } else {
      number = used++;
      if (number == hashes.length) {
        sets = Arrays.copyOf(sets, number + (number >> 1));
        hashes = Arrays.copyOf(hashes, number + (number >> 1));
      }
    }
    attributes.number = number;
    sets[number] = attributes;
    hashes[number] = attributes.hashCode();
    place(number);
  }

  private void place(int number) {
    int mask = slots.length - 1;
    int i = spread(hashes[number]) & mask;
    while (slots[i] != 0) {
      i = i + 1 & mask;
    }
    slots[i] = number + 1;
  }

  private void remove(int number) {
    int mask = slots.length - 1;
    int i = spread(hashes[number]) & mask;
    while (slots[i] != number + 1) {
      i = i + 1 & mask;
    }
    // Close the gap, or a later search would stop at it.
    int gap = i;
    for (int j = i + 1 & mask; slots[j] != 0; j = j + 1 & mask) {
      int home = spread(hashes[slots[j] - 1]) & mask;
      if ((j - home & mask) >= (j - gap & mask)) {
        slots[gap] = slots[j];
        gap = j;
      }
    }
    slots[gap] = 0;
    sets[number] = null;
    hashes[number] = free;
    free = number;
    size--;
  }
}
