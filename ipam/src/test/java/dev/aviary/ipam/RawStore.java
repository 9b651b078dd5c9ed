package dev.aviary.ipam;

import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store of texts under their keys, as etcd is one: everything passes through JSON. */
interface RawStore {
  IpamStore store();

  void put(String key, String text) throws IpamException;

  void delete(String key) throws IpamException;

  /** The one that tests have in memory. */
  static RawStore inMemory(IpamVariant variant) {
    return new Texts(new IpamJson(variant));
  }

  /** Texts and revisions. */
  final class Texts implements RawStore, IpamStore {
    private record Value(String text, long revision) {}

    private final IpamJson json;
    private final TreeMap<String, Value> values = new TreeMap<>();
    private long revision;

    Texts(IpamJson json) {
      this.json = json;
    }

    @Override
    public IpamStore store() {
      return this;
    }

    @Override
    public synchronized void put(String key, String text) {
      values.put(key, new Value(text, ++revision));
    }

    @Override
    public synchronized void delete(String key) {
      values.remove(key);
    }

    @Override
    public synchronized <T extends IpamObject> Stored<T> create(IpamKey key, T value)
        throws IpamException {
      if (values.containsKey(key.path())) {
        throw new IpamException(new IpamError.AlreadyExists(key.id()));
      }
      put(key.path(), json.write(value));
      return new Stored<>(key, value, revision);
    }

    private void check(IpamKey key, long expected) throws IpamException {
      var before = values.get(key.path());
      if (before == null) {
        throw new IpamException(new IpamError.NotExist(key.id(), "Key not found"));
      }
      if (before.revision() != expected) {
        throw new IpamException(new IpamError.Conflict(key.id()));
      }
    }

    @Override
    public synchronized <T extends IpamObject> Stored<T> update(IpamKey key, T value, long expected)
        throws IpamException {
      check(key, expected);
      put(key.path(), json.write(value));
      return new Stored<>(key, value, revision);
    }

    @Override
    public synchronized void delete(IpamKey key, long expected) throws IpamException {
      check(key, expected);
      values.remove(key.path());
    }

    @Override
    public synchronized void apply(IpamKey key, IpamObject value) {
      put(key.path(), json.write(value));
    }

    @Override
    public Watch watch(String prefix, Consumer<Change> listener) {
      throw new UnsupportedOperationException();
    }

    @Override
    public synchronized void remove(String path) {
      values.remove(path);
    }

    @Override
    public synchronized <T extends IpamObject> @Nullable Stored<T> find(IpamKey key, Class<T> type)
        throws IpamException {
      var value = values.get(key.path());
      return value == null
          ? null
          : new Stored<>(key, type.cast(json.read(key, value.text())), value.revision());
    }

    @Override
    public synchronized <T extends IpamObject> List<Stored<T>> list(String prefix, Class<T> type)
        throws IpamException {
      var found = new java.util.ArrayList<Stored<T>>();
      for (var path : values.tailMap(prefix).keySet()) {
        Optional<IpamKey> key = path.startsWith(prefix) ? IpamKey.parse(path) : Optional.empty();
        if (key.isPresent()) {
          try {
            var stored = find(key.get(), type);
            if (stored != null) {
              found.add(stored);
            }
          } catch (IpamException e) {
            if (!(e.error() instanceof IpamError.Malformed)) {
              throw e;
            }
          }
        }
      }
      return found;
    }
  }
}
