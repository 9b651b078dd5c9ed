package dev.aviary.ipam;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, safe for several threads. Each operation on one key is atomic; a list is not a
 * snapshot of one instant, which no algorithm here relies on: what it reads is checked again by the
 * compare-and-set that follows.
 */
public final class InMemoryIpamStore implements IpamStore {
  private final ConcurrentSkipListMap<String, Stored<?>> objects = new ConcurrentSkipListMap<>();
  private final AtomicLong revision = new AtomicLong();
  private final CopyOnWriteArrayList<Watcher> watchers = new CopyOnWriteArrayList<>();

  private record Watcher(String prefix, Consumer<Change> listener) {}

  private void tell(String path, boolean deleted, long at) {
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

  @Override
  public <T extends IpamObject> Stored<T> create(IpamKey key, T value) throws IpamException {
    var path = key.path();
    var created = new Stored<>(key, value, revision.incrementAndGet());
    if (objects.putIfAbsent(path, created) != null) {
      throw new IpamException(new IpamError.AlreadyExists(key.id()));
    }
    tell(path, false, created.revision());
    return created;
  }

  @Override
  public <T extends IpamObject> Stored<T> update(IpamKey key, T value, long expected)
      throws IpamException {
    var path = key.path();
    var before = current(key, path, expected);
    var updated = new Stored<>(key, value, revision.incrementAndGet());
    if (!objects.replace(path, before, updated)) {
      throw new IpamException(new IpamError.Conflict(key.id()));
    }
    tell(path, false, updated.revision());
    return updated;
  }

  @Override
  public void delete(IpamKey key, long expected) throws IpamException {
    var path = key.path();
    if (!objects.remove(path, current(key, path, expected))) {
      throw new IpamException(new IpamError.Conflict(key.id()));
    }
    tell(path, true, revision.incrementAndGet());
  }

  private Stored<?> current(IpamKey key, String path, long expected) throws IpamException {
    var before = objects.get(path);
    if (before == null) {
      throw new IpamException(new IpamError.NotExist(key.id(), "Key not found"));
    }
    if (before.revision() != expected) {
      throw new IpamException(new IpamError.Conflict(key.id()));
    }
    return before;
  }

  @Override
  public void apply(IpamKey key, IpamObject value) {
    var applied = new Stored<>(key, value, revision.incrementAndGet());
    objects.put(key.path(), applied);
    tell(key.path(), false, applied.revision());
  }

  @Override
  public void remove(String path) {
    if (objects.remove(path) != null) {
      tell(path, true, revision.incrementAndGet());
    }
  }

  @Override
  public <T extends IpamObject> @Nullable Stored<T> find(IpamKey key, Class<T> type) {
    var found = objects.get(key.path());
    return found == null ? null : typed(found, type);
  }

  @Override
  public <T extends IpamObject> List<Stored<T>> list(String prefix, Class<T> type) {
    var found = new ArrayList<Stored<T>>();
    for (var entry : objects.tailMap(prefix).entrySet()) {
      if (!entry.getKey().startsWith(prefix)) {
        break;
      }
      found.add(typed(entry.getValue(), type));
    }
    return found;
  }

  @SuppressWarnings("unchecked") // checked just here
  private static <T extends IpamObject> Stored<T> typed(Stored<?> stored, Class<T> type) {
    if (!type.isInstance(stored.value())) {
      throw new ClassCastException(stored.key().path() + " is no " + type.getSimpleName());
    }
    return (Stored<T>) stored;
  }
}
