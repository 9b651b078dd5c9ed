package dev.aviary.bgp.rib;

import dev.aviary.bgp.route.AttributeCache;
import dev.aviary.bgp.route.PathAttributes;

/**
 * An array of shared attribute sets that grows by pages. It keeps their numbers in the cache and no
 * references: a million of those would be looked through by each collection of garbage.
 */
final class AttributePages {
  private final AttributeCache cache;
  private final IntPages numbers = new IntPages();

  AttributePages(AttributeCache cache) {
    this.cache = cache;
  }

  PathAttributes get(int index) {
    return cache.get(numbers.get(index));
  }

  void set(int index, PathAttributes shared) {
    numbers.set(index, cache.number(shared));
  }

  void reach(int index) {
    numbers.reach(index);
  }
}
