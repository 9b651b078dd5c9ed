package dev.aviary.ipam;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, safe for several threads. Each operation on one key is atomic; a list is not a
 * snapshot of one instant, which no algorithm here relies on: what it reads is checked again by the
 * compare-and-set that follows.
 */
public final class InMemoryIpamStore implements IpamStore {
  private final ConcurrentSkipListMap<String, Stored<?>> objects = new ConcurrentSkipListMap<>();
  private final AtomicLong revision = new AtomicLong();

  @Override
  public <T extends IpamObject> Stored<T> create(IpamKey key, T value) throws IpamException {
    var created = new Stored<>(key, value, revision.incrementAndGet());
    if (objects.putIfAbsent(key.path(), created) != null) {
      throw new IpamException(new IpamError.AlreadyExists(key.id()));
    }
    return created;
  }

  @Override
  public <T extends IpamObject> Stored<T> update(IpamKey key, T value, long expected)
      throws IpamException {
    var before = current(key, expected);
    var updated = new Stored<>(key, value, revision.incrementAndGet());
    if (!objects.replace(key.path(), before, updated)) {
      throw new IpamException(new IpamError.Conflict(key.id()));
    }
    return updated;
  }

  @Override
  public void delete(IpamKey key, long expected) throws IpamException {
    if (!objects.remove(key.path(), current(key, expected))) {
      throw new IpamException(new IpamError.Conflict(key.id()));
    }
  }

  private Stored<?> current(IpamKey key, long expected) throws IpamException {
    var before = objects.get(key.path());
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
    objects.put(key.path(), new Stored<>(key, value, revision.incrementAndGet()));
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
    return List.copyOf(found);
  }

  private static <T extends IpamObject> Stored<T> typed(Stored<?> stored, Class<T> type) {
    return new Stored<>(stored.key(), type.cast(stored.value()), stored.revision());
  }
}
