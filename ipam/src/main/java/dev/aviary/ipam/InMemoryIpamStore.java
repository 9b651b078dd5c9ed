package dev.aviary.ipam;

import dev.aviary.ipam.IpamKey.AffinityKey;
import dev.aviary.ipam.IpamKey.BlockKey;
import dev.aviary.ipam.IpamKey.HandleKey;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, safe for several threads. Each operation on one key is atomic; a list is not a
 * snapshot of one instant, which no algorithm here relies on: what it reads is checked again by the
 * compare-and-set that follows.
 *
 * <p>Objects are found by hash. What is listed often is kept in order beside that: the blocks, and
 * the affinities of each owner; handles are put in order when they are listed. An object enters and
 * leaves these while its place in the table of objects is held.
 */
public final class InMemoryIpamStore implements IpamStore {
  // A table per kind: the few blocks are not scattered among the many handles.
  private final ConcurrentHashMap<IpamKey, Stored<?>> blockObjects = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<IpamKey, Stored<?>> affinityObjects = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<IpamKey, Stored<?>> handleObjects = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<IpamKey, Stored<?>> configObjects = new ConcurrentHashMap<>();
  private final ConcurrentSkipListMap<String, IpamKey> blocks = new ConcurrentSkipListMap<>();
  private final ConcurrentHashMap<BlockOwner, ConcurrentSkipListMap<String, IpamKey>> affinities =
      new ConcurrentHashMap<>();
  private final AtomicLong revision = new AtomicLong();
  private final CopyOnWriteArrayList<Watcher> watchers = new CopyOnWriteArrayList<>();

  private record Watcher(String prefix, Consumer<Change> listener) {}

  private ConcurrentHashMap<IpamKey, Stored<?>> objects(IpamKey key) {
    return switch (key) {
      case BlockKey _ -> blockObjects;
      case AffinityKey _ -> affinityObjects;
      case HandleKey _ -> handleObjects;
      case IpamKey.ConfigKey _ -> configObjects;
    };
  }

  private void tell(IpamKey key, boolean deleted, long at) {
    if (watchers.isEmpty()) {
      return;
    }
    var path = key.path();
    for (var watcher : watchers) {
      if (path.startsWith(watcher.prefix)) {
        watcher.listener.accept(new Change(path, deleted, at));
      }
    }
  }

  /** The listener is called on the thread that made the change, before its call returns. */
  @Override
  public Watch watch(String prefix, Consumer<Change> listener) {
    var watcher = new Watcher(prefix, listener);
    watchers.add(watcher);
    return () -> watchers.remove(watcher);
  }

  private void enter(IpamKey key) {
    switch (key) {
      case BlockKey _ -> blocks.put(key.path(), key);
      case AffinityKey(var owner, _) ->
          affinities
              .computeIfAbsent(owner, _ -> new ConcurrentSkipListMap<>())
              .put(key.path(), key);
      case HandleKey _, IpamKey.ConfigKey _ -> {
        // Found by hash alone.
      }
    }
  }

  private void leave(IpamKey key) {
    switch (key) {
      case BlockKey _ -> blocks.remove(key.path());
      case AffinityKey(var owner, _) -> {
        var own = affinities.get(owner);
        if (own != null) {
          own.remove(key.path());
        }
      }
      case HandleKey _, IpamKey.ConfigKey _ -> {
        // Found by hash alone.
      }
    }
  }

  @Override
  public <T extends IpamObject> Stored<T> create(IpamKey key, T value) throws IpamException {
    var created = new Stored<>(key, value, revision.incrementAndGet());
    var there =
        objects(key)
            .computeIfAbsent(
                key,
                _ -> {
                  enter(key);
                  return created;
                });
    if (there.revision() != created.revision()) {
      throw new IpamException(new IpamError.AlreadyExists(key.id()));
    }
    tell(key, false, created.revision());
    return created;
  }

  @Override
  public <T extends IpamObject> Stored<T> update(IpamKey key, T value, long expected)
      throws IpamException {
    var updated = new Stored<>(key, value, revision.incrementAndGet());
    if (!objects(key).replace(key, new Stored<>(key, value, expected), updated)) {
      throw refused(key);
    }
    tell(key, false, updated.revision());
    return updated;
  }

  @Override
  public void delete(IpamKey key, long expected) throws IpamException {
    var deleted = new boolean[1];
    objects(key)
        .computeIfPresent(
            key,
            (_, now) -> {
              if (now.revision() != expected) {
                return now;
              }
              leave(key);
              deleted[0] = true;
              return null;
            });
    if (!deleted[0]) {
      throw refused(key);
    }
    tell(key, true, revision.incrementAndGet());
  }

  private IpamException refused(IpamKey key) {
    return new IpamException(
        objects(key).containsKey(key)
            ? new IpamError.Conflict(key.id())
            : new IpamError.NotExist(key.id(), "Key not found"));
  }

  @Override
  public void apply(IpamKey key, IpamObject value) {
    var applied = new Stored<>(key, value, revision.incrementAndGet());
    objects(key)
        .compute(
            key,
            (_, _) -> {
              enter(key);
              return applied;
            });
    tell(key, false, applied.revision());
  }

  @Override
  public void remove(String path) {
    IpamKey.parse(path)
        .ifPresent(
            key -> {
              objects(key)
                  .computeIfPresent(
                      key,
                      (_, _) -> {
                        leave(key);
                        return null;
                      });
              tell(key, true, revision.incrementAndGet());
            });
  }

  @Override
  public <T extends IpamObject> @Nullable Stored<T> find(IpamKey key, Class<T> type) {
    var found = objects(key).get(key);
    return found == null ? null : typed(found, type);
  }

  @Override
  public <T extends IpamObject> List<Stored<T>> list(String prefix, Class<T> type) {
    var found = new ArrayList<Stored<T>>();
    for (var kind : BlockOwner.Kind.values()) {
      var all = IpamKey.affinities(kind);
      int end = prefix.startsWith(all) ? prefix.indexOf('/', all.length()) : -1;
      if (end > 0) {
        var own = affinities.get(new BlockOwner(kind, prefix.substring(all.length(), end)));
        if (own != null) {
          addAll(own, prefix, type, found);
        }
        return found;
      }
    }
    addAll(prefix.startsWith(IpamKey.ALL_BLOCKS) ? blocks : sorted(prefix), prefix, type, found);
    return found;
  }

  private NavigableMap<String, IpamKey> sorted(String prefix) {
    var sorted = new TreeMap<String, IpamKey>();
    for (var table : List.of(affinityObjects, handleObjects, configObjects)) {
      for (var key : table.keySet()) {
        var path = key.path();
        if (path.startsWith(prefix)) {
          sorted.put(path, key);
        }
      }
    }
    return sorted;
  }

  private <T extends IpamObject> void addAll(
      NavigableMap<String, IpamKey> keys, String prefix, Class<T> type, List<Stored<T>> found) {
    for (var entry : keys.tailMap(prefix, true).entrySet()) {
      if (!entry.getKey().startsWith(prefix)) {
        break;
      }
      var stored = objects(entry.getValue()).get(entry.getValue());
      if (stored != null) {
        found.add(typed(stored, type));
      }
    }
  }

  @SuppressWarnings("unchecked") // checked just here
  private static <T extends IpamObject> Stored<T> typed(Stored<?> stored, Class<T> type) {
    if (!type.isInstance(stored.value())) {
      throw new ClassCastException(stored.key().path() + " is no " + type.getSimpleName());
    }
    return (Stored<T>) stored;
  }
}
