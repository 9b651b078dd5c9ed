package dev.aviary.ipam;

import dev.aviary.ipam.IpamKey.BlockKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The blocks of a store in memory. A block has a place of its own, which stays when the block goes:
 * who has found the place once needs no look-up any more. Safe for several threads.
 */
final class BlockTable {

  /** Where a block is, or is not. */
  static final class Place extends AtomicReference<@Nullable Stored<Block>> {
    private static final long serialVersionUID = 1;
  }

  private final ConcurrentHashMap<BlockKey, Place> places = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<String, Place> sorted = new ConcurrentSkipListMap<>();

  @Nullable Stored<Block> find(BlockKey key) {
    var place = places.get(key);
    return place == null ? null : place.getAcquire();
  }

  /** The place of {@code key}, which may be empty. */
  Place place(BlockKey key) {
    var place = places.get(key);
    return place != null
        ? place
        : places.computeIfAbsent(
            key,
            _ -> {
              var fresh = new Place();
              sorted.put(key.path(), fresh);
              return fresh;
            });
  }

  /** The blocks whose paths begin with {@code prefix}, in the order of the paths. */
  List<Stored<Block>> list(String prefix) {
    var found = new ArrayList<Stored<Block>>();
    for (var entry : sorted.tailMap(prefix, true).entrySet()) {
      if (!entry.getKey().startsWith(prefix)) {
        break;
      }
      var stored = entry.getValue().get();
      if (stored != null) {
        found.add(stored);
      }
    }
    return found;
  }
}
