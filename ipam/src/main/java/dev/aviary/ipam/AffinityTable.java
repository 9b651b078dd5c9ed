package dev.aviary.ipam;

import dev.aviary.ipam.IpamKey.AffinityKey;
import dev.aviary.ipam.IpamKey.BlockKey;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The affinities of a store in memory, those of one owner together, with the places of their
 * blocks: each assignment goes through all of them. Safe for several threads.
 */
final class AffinityTable {
  private final ConcurrentHashMap<BlockOwner, Owned> owners = new ConcurrentHashMap<>();
  private final BlockTable blocks;

  AffinityTable(BlockTable blocks) {
    this.blocks = blocks;
  }

  /** What one owner has per family, in the order of the paths. */
  private record Owned(OfFamily v4, OfFamily v6) {
    static final Owned NOTHING = new Owned(OfFamily.NOTHING, OfFamily.NOTHING);

    OfFamily of(IpFamily family) {
      return family == IpFamily.IPV4 ? v4 : v6;
    }

    Owned with(IpFamily family, OfFamily changed) {
      return family == IpFamily.IPV4 ? new Owned(changed, v6) : new Owned(v4, changed);
    }
  }

  /**
   * Affinities, and in the same order where their blocks are.
   *
   * @param affinities not changed
   * @param places not changed
   */
  private record OfFamily(List<Stored<BlockAffinity>> affinities, List<BlockTable.Place> places) {
    static final OfFamily NOTHING = new OfFamily(List.of(), List.of());

    int index(Prefix cidr) {
      for (int i = 0; i < affinities.size(); i++) {
        if (affinities.get(i).key() instanceof AffinityKey(_, var there) && there.equals(cidr)) {
          return i;
        }
      }
      return -1;
    }

    OfFamily without(int index) {
      var left = new ArrayList<>(affinities);
      var leftPlaces = new ArrayList<>(places);
      left.remove(index);
      leftPlaces.remove(index);
      return new OfFamily(List.copyOf(left), List.copyOf(leftPlaces));
    }

    OfFamily with(int index, Stored<BlockAffinity> added, BlockTable.Place place) {
      var more = new ArrayList<>(affinities);
      var morePlaces = new ArrayList<>(places);
      more.add(index, added);
      morePlaces.add(index, place);
      return new OfFamily(List.copyOf(more), List.copyOf(morePlaces));
    }

    /** Where {@code path} belongs. */
    int insertion(String path) {
      int low = 0;
      int high = affinities.size();
      while (low < high) {
        int middle = (low + high) / 2;
        if (affinities.get(middle).key().path().compareTo(path) < 0) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low;
    }
  }

  private OfFamily owned(BlockOwner owner, IpFamily family) {
    var owned = owners.get(owner);
    return owned == null ? OfFamily.NOTHING : owned.of(family);
  }

  /** Those of {@code owner}, in the order of their paths. */
  List<Stored<BlockAffinity>> of(BlockOwner owner, IpFamily family) {
    return owned(owner, family).affinities;
  }

  @Nullable Stored<BlockAffinity> find(AffinityKey key) {
    var owned = owned(key.owner(), key.cidr().family());
    int index = owned.index(key.cidr());
    return index < 0 ? null : owned.affinities.get(index);
  }

  /** The block that {@code key} is the affinity to; null if there is none. */
  @Nullable Stored<Block> block(AffinityKey key) {
    var owned = owned(key.owner(), key.cidr().family());
    int index = owned.index(key.cidr());
    return index < 0 ? blocks.find(new BlockKey(key.cidr())) : owned.places.get(index).getAcquire();
  }

  /**
   * Puts what {@code next} makes of what is there, null for nothing, while nobody else can change
   * it.
   *
   * @return what was there before
   */
  @Nullable Stored<BlockAffinity> change(
      AffinityKey key, UnaryOperator<@Nullable Stored<BlockAffinity>> next) {
    var family = key.cidr().family();
    var before = new AtomicReference<@Nullable Stored<BlockAffinity>>();
    owners.compute(
        key.owner(),
        (_, there) -> {
          var all = there == null ? Owned.NOTHING : there;
          var owned = all.of(family);
          int index = owned.index(key.cidr());
          var now = index < 0 ? null : owned.affinities.get(index);
          before.setPlain(now);
          var changed = next.apply(now);
          if (now != null) {
            owned = owned.without(index);
          }
          if (changed != null) {
            owned =
                owned.with(
                    now == null ? owned.insertion(key.path()) : index,
                    changed,
                    blocks.place(new BlockKey(key.cidr())));
          }
          return there == null && changed == null ? null : all.with(family, owned);
        });
    return before.getPlain();
  }

  /** All of them, in no order. */
  List<Stored<BlockAffinity>> all() {
    var found = new ArrayList<Stored<BlockAffinity>>();
    for (var owned : owners.values()) {
      found.addAll(owned.v4.affinities);
      found.addAll(owned.v6.affinities);
    }
    return found;
  }
}
