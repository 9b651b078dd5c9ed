package dev.aviary.ipam;

import dev.aviary.ipam.IpamKey.AffinityKey;
import dev.aviary.ipam.IpamKey.BlockKey;
import dev.aviary.ipam.IpamKey.ConfigKey;
import dev.aviary.ipam.IpamKey.HandleKey;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, safe for several threads. Each operation on one key is atomic; a list is not a
 * snapshot of one instant, which no algorithm here relies on: what it reads is checked again by the
 * compare-and-set that follows.
 *
 * <p>Objects are found by hash, affinities with the others of their owner. Blocks are in order,
 * too; the others are put in order when they are listed.
 */
public final class InMemoryIpamStore implements IpamStore {
  // A table per kind: the few blocks are not scattered among the many handles.
  private final ConcurrentHashMap<IpamKey, Stored<?>> handleObjects = new ConcurrentHashMap<>();
  private final ConcurrentHashMap<IpamKey, Stored<?>> configObjects = new ConcurrentHashMap<>();
  private final BlockTable blocks = new BlockTable();
  private final AffinityTable affinities = new AffinityTable(blocks);
  private final AtomicLong revision = new AtomicLong();
  private final CopyOnWriteArrayList<Watcher> watchers = new CopyOnWriteArrayList<>();

  private record Watcher(String prefix, Consumer<Change> listener) {}

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

  private @Nullable Stored<?> at(IpamKey key) {
    return switch (key) {
      case BlockKey block -> blocks.find(block);
      case AffinityKey affinity -> affinities.find(affinity);
      case HandleKey _ -> handleObjects.get(key);
      case ConfigKey _ -> configObjects.get(key);
    };
  }

  /**
   * Puts what {@code next} makes of what is there, null for nothing, while nobody else can change
   * it.
   *
   * @return what was there before
   */
  private @Nullable Stored<?> change(IpamKey key, UnaryOperator<@Nullable Stored<?>> next) {
    return switch (key) {
      case BlockKey block -> change(blocks.place(block), next);
      case AffinityKey affinity ->
          affinities.change(
              affinity,
              there -> {
                var changed = next.apply(there);
                return changed == null ? null : typed(changed, BlockAffinity.class);
              });
      case HandleKey _ -> change(handleObjects, key, next);
      case ConfigKey _ -> change(configObjects, key, next);
    };
  }

  private static @Nullable Stored<?> change(
      BlockTable.Place place, UnaryOperator<@Nullable Stored<?>> next) {
    while (true) {
      var there = place.get();
      var changed = next.apply(there);
      var block = changed == null ? null : typed(changed, Block.class);
      if (place.compareAndSet(there, block)) {
        return there;
      }
    }
  }

  private static @Nullable Stored<?> change(
      ConcurrentHashMap<IpamKey, Stored<?>> objects,
      IpamKey key,
      UnaryOperator<@Nullable Stored<?>> next) {
    var before = new AtomicReference<@Nullable Stored<?>>();
    objects.compute(
        key,
        (_, there) -> {
          before.setPlain(there);
          return next.apply(there);
        });
    return before.getPlain();
  }

  @Override
  public <T extends IpamObject> Stored<T> create(IpamKey key, T value) throws IpamException {
    var created = new Stored<>(key, value, revision.incrementAndGet());
    if (change(key, there -> there == null ? created : there) != null) {
      throw new IpamException(new IpamError.AlreadyExists(key.id()));
    }
    tell(key, false, created.revision());
    return created;
  }

  @Override
  public <T extends IpamObject> Stored<T> update(IpamKey key, T value, long expected)
      throws IpamException {
    var updated = new Stored<>(key, value, revision.incrementAndGet());
    check(key, expected, change(key, there -> isAt(there, expected) ? updated : there));
    tell(key, false, updated.revision());
    return updated;
  }

  @Override
  public void delete(IpamKey key, long expected) throws IpamException {
    check(key, expected, change(key, there -> isAt(there, expected) ? null : there));
    tell(key, true, revision.incrementAndGet());
  }

  private static boolean isAt(@Nullable Stored<?> there, long expected) {
    return there != null && there.revision() == expected;
  }

  private static void check(IpamKey key, long expected, @Nullable Stored<?> before)
      throws IpamException {
    if (!isAt(before, expected)) {
      throw new IpamException(
          before == null
              ? new IpamError.NotExist(key.id(), "Key not found")
              : new IpamError.Conflict(key.id()));
    }
  }

  @Override
  public void apply(IpamKey key, IpamObject value) {
    var applied = new Stored<>(key, value, revision.incrementAndGet());
    change(key, _ -> applied);
    tell(key, false, applied.revision());
  }

  @Override
  public void remove(String path) {
    IpamKey.parse(path)
        .ifPresent(
            key -> {
              change(key, _ -> null);
              tell(key, true, revision.incrementAndGet());
            });
  }

  @Override
  public <T extends IpamObject> @Nullable Stored<T> find(IpamKey key, Class<T> type) {
    var found = at(key);
    return found == null ? null : typed(found, type);
  }

  @Override
  public List<Stored<BlockAffinity>> affinities(BlockOwner owner, IpFamily family) {
    return affinities.of(owner, family);
  }

  @Override
  public @Nullable Stored<Block> blockOf(Stored<BlockAffinity> affinity) {
    return affinity.key() instanceof AffinityKey key ? affinities.block(key) : null;
  }

  @Override
  public <T extends IpamObject> List<Stored<T>> list(String prefix, Class<T> type) {
    var found = new ArrayList<Stored<T>>();
    if (prefix.startsWith(IpamKey.ALL_BLOCKS)) {
      blocks.list(prefix).forEach(stored -> found.add(typed(stored, type)));
      return found;
    }
    var others = new ArrayList<Stored<?>>(affinities.all());
    others.addAll(handleObjects.values());
    others.addAll(configObjects.values());
    others.stream()
        .filter(stored -> stored.key().path().startsWith(prefix))
        .sorted(Comparator.comparing(Stored::key))
        .forEach(stored -> found.add(typed(stored, type)));
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
