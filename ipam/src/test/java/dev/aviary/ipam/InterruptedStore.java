package dev.aviary.ipam;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store where something else happens before every write. */
public final class InterruptedStore implements IpamStore {
  private final IpamStore store;
  private final Runnable before;

  /**
   * @param before runs before each write
   */
  public InterruptedStore(IpamStore store, Runnable before) {
    this.store = store;
    this.before = before;
  }

  @Override
  public <T extends IpamObject> Stored<T> create(IpamKey key, T value) throws IpamException {
    before.run();
    return store.create(key, value);
  }

  @Override
  public <T extends IpamObject> Stored<T> update(IpamKey key, T value, long revision)
      throws IpamException {
    before.run();
    return store.update(key, value, revision);
  }

  @Override
  public void delete(IpamKey key, long revision) throws IpamException {
    before.run();
    store.delete(key, revision);
  }

  @Override
  public void apply(IpamKey key, IpamObject value) throws IpamException {
    before.run();
    store.apply(key, value);
  }

  @Override
  public void remove(String path) throws IpamException {
    store.remove(path);
  }

  @Override
  public Watch watch(String prefix, Consumer<Change> listener) throws IpamException {
    return store.watch(prefix, listener);
  }

  @Override
  public <T extends IpamObject> @Nullable Stored<T> find(IpamKey key, Class<T> type)
      throws IpamException {
    return store.find(key, type);
  }

  @Override
  public <T extends IpamObject> List<Stored<T>> list(String prefix, Class<T> type)
      throws IpamException {
    return store.list(prefix, type);
  }
}
