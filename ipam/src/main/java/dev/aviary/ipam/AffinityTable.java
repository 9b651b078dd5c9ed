package dev.aviary.ipam;

import dev.aviary.ipam.IpamKey.AffinityKey;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The affinities of a store in memory, those of one owner together: each assignment lists them.
 * Safe for several threads.
 */
final class AffinityTable {
  private final ConcurrentHashMap<BlockOwner, Owned> owners = new ConcurrentHashMap<>();

  /** What one owner has per family, in the order of the paths. */
  private record Owned(List<Stored<BlockAffinity>> v4, List<Stored<BlockAffinity>> v6) {
    static final Owned NOTHING = new Owned(List.of(), List.of());

    List<Stored<BlockAffinity>> of(IpFamily family) {
      return family == IpFamily.IPV4 ? v4 : v6;
    }

    Owned with(IpFamily family, List<Stored<BlockAffinity>> changed) {
      return family == IpFamily.IPV4
          ? new Owned(List.copyOf(changed), v6)
          : new Owned(v4, List.copyOf(changed));
    }
  }

  /** Those of {@code owner}, in the order of their paths. */
  List<Stored<BlockAffinity>> of(BlockOwner owner, IpFamily family) {
    var owned = owners.get(owner);
    return owned == null ? List.of() : owned.of(family);
  }

  @Nullable Stored<BlockAffinity> find(AffinityKey key) {
    var owned = of(key.owner(), key.cidr().family());
    int index = index(owned, key.cidr());
    return index < 0 ? null : owned.get(index);
  }

  private static int index(List<Stored<BlockAffinity>> owned, Prefix cidr) {
    for (int i = 0; i < owned.size(); i++) {
      if (owned.get(i).key() instanceof AffinityKey(_, var there) && there.equals(cidr)) {
        return i;
      }
    }
    return -1;
  }

  /**
   * Puts what {@code next} makes of what is there: null is nothing.
   *
   * @return what was there before
   */
  @Nullable Stored<BlockAffinity> change(
      AffinityKey key, UnaryOperator<@Nullable Stored<BlockAffinity>> next) {
    var family = key.cidr().family();
    var before = new ArrayList<Stored<BlockAffinity>>(1);
    owners.compute(
        key.owner(),
        (_, there) -> {
          var owned = there == null ? Owned.NOTHING : there;
          var list = new ArrayList<>(owned.of(family));
          int index = index(list, key.cidr());
          var now = index < 0 ? null : list.get(index);
          var changed = next.apply(now);
          if (now != null) {
            before.add(now);
            list.remove(index);
          }
          if (changed != null) {
            list.add(index < 0 ? place(list, key) : index, changed);
          }
          return there == null && changed == null ? null : owned.with(family, list);
        });
    return before.isEmpty() ? null : before.getFirst();
  }

  private static int place(List<Stored<BlockAffinity>> sorted, AffinityKey key) {
    var path = key.path();
    int low = 0;
    int high = sorted.size();
    while (low < high) {
      int middle = (low + high) / 2;
      if (sorted.get(middle).key().path().compareTo(path) < 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** All of them, in no order. */
  List<Stored<BlockAffinity>> all() {
    var found = new ArrayList<Stored<BlockAffinity>>();
    for (var owned : owners.values()) {
      found.addAll(owned.v4);
      found.addAll(owned.v6);
    }
    return found;
  }
}
