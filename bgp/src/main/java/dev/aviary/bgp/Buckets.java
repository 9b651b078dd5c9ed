package dev.aviary.bgp;

import dev.aviary.bgp.route.PathAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Destinations by the attributes they leave with, in the order in which each set was first met, as
 * BIRD sends them. A set that not everybody may get makes a bucket of its own.
 */
final class Buckets {
  /** Nobody. */
  static final int NOBODY = -1;

  /** The route does not leave. */
  static final int NOT_TOLD = -2;

  private static final int UNKNOWN = -1;

  /**
   * One set.
   *
   * @param source member that it came from, or {@link #NOBODY}
   * @param hop member whose own address is the next hop, or {@link #NOBODY}
   */
  record Key(PathAttributes attributes, int source, int hop) {
    // Written out: a record's own pass through method handles, which only an optimizing compiler
    // makes quick, and a speaker by itself runs without one.
    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key
          && source == key.source
          && hop == key.hop
          && attributes.equals(key.attributes);
    }

    @Override
    public int hashCode() {
      return (attributes.hashCode() * 31 + source) * 31 + hop;
    }
  }

  private final List<Key> keys = new ArrayList<>();
  private final Map<Key, Integer> numbers = new HashMap<>();
  private final IntList heads = new IntList();
  private final IntList tails = new IntList();
  private final IntList entries = new IntList();
  private final IntList paths = new IntList();
  private final IntList next = new IntList();

  // What the last sets that came in were found to leave as.
  private @Nullable PathAttributes[] knownSets = new @Nullable PathAttributes[64];
  private int[] knownSources = new int[64];
  private int[] knownBuckets = new int[64];
  private int known;

  /** The bucket that {@code set} from {@code source} was found to go to, -1 if not met yet. */
  int find(PathAttributes set, int source) {
    int mask = knownSets.length - 1;
    for (int i = slot(set, source) & mask; knownSets[i] != null; i = (i + 1) & mask) {
      if (knownSources[i] == source && set.equals(knownSets[i])) {
        return knownBuckets[i];
      }
    }
    return UNKNOWN;
  }

  /** Remembers where {@code set} from {@code source} goes. */
  void remember(PathAttributes set, int source, int bucket) {
    if (++known * 2 > knownSets.length) {
      var oldSets = knownSets;
      var oldSources = knownSources;
      var oldBuckets = knownBuckets;
      int size = oldSets.length * 2;
      knownSets = new @Nullable PathAttributes[size];
      knownSources = new int[size];
      knownBuckets = new int[size];
      for (int i = 0; i < oldSets.length; i++) {
        var old = oldSets[i];
        if (old != null) {
          place(old, oldSources[i], oldBuckets[i]);
        }
      }
    }
    place(set, source, bucket);
  }

  private void place(PathAttributes set, int source, int bucket) {
    int mask = knownSets.length - 1;
    int i = slot(set, source) & mask;
    while (knownSets[i] != null) {
      i = (i + 1) & mask;
    }
    knownSets[i] = set;
    knownSources[i] = source;
    knownBuckets[i] = bucket;
  }

  private static int slot(PathAttributes set, int source) {
    return ((set.hashCode() * 31 + source) * 0x9e3779b9) >>> 8;
  }

  /** The number of the bucket with {@code key}. */
  int bucket(Key key) {
    var number = numbers.get(key);
    if (number == null) {
      number = keys.size();
      numbers.put(key, number);
      keys.add(key);
      heads.add(-1);
      tails.add(-1);
    }
    return number;
  }

  Key key(int bucket) {
    return keys.get(bucket);
  }

  /** Puts a destination into {@code bucket}. */
  void add(int bucket, int entry, int path) {
    int item = entries.size();
    entries.add(entry);
    paths.add(path);
    next.add(-1);
    if (heads.get(bucket) < 0) {
      heads.set(bucket, item);
    } else {
      next.set(tails.get(bucket), item);
    }
    tails.set(bucket, item);
  }

  int count() {
    return keys.size();
  }

  int first(int bucket) {
    return heads.get(bucket);
  }

  int next(int item) {
    return next.get(item);
  }

  int entry(int item) {
    return entries.get(item);
  }

  int path(int item) {
    return paths.get(item);
  }

  /** Empties all, to be used again. */
  void clear() {
    keys.clear();
    numbers.clear();
    heads.clear();
    tails.clear();
    entries.clear();
    paths.clear();
    next.clear();
    if (knownSets.length > 1 << 12) {
      knownSets = new @Nullable PathAttributes[64];
      knownSources = new int[64];
      knownBuckets = new int[64];
    } else if (known > 0) {
      Arrays.fill(knownSets, null);
    }
    known = 0;
  }
}
