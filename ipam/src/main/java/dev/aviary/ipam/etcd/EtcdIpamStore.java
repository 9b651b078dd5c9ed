package dev.aviary.ipam.etcd;

import dev.aviary.ipam.IpamError;
import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.IpamJson;
import dev.aviary.ipam.IpamKey;
import dev.aviary.ipam.IpamObject;
import dev.aviary.ipam.IpamStore;
import dev.aviary.ipam.IpamVariant;
import dev.aviary.ipam.Stored;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * IPAM's objects in etcd, as Calico keeps them. A revision is the key's modification revision. A
 * list leaves out what is not an object of IPAM, and says so; a call for such a key fails.
 */
public final class EtcdIpamStore implements IpamStore {
  private static final Logger log = LoggerFactory.getLogger(EtcdIpamStore.class);

  private final EtcdClient etcd;
  private final Patience patience;
  private final IpamJson json;

  /**
   * @param variant whose form of the values is written
   */
  public EtcdIpamStore(EtcdClient etcd, Patience patience, IpamVariant variant) {
    this.etcd = etcd;
    this.patience = patience;
    this.json = new IpamJson(variant);
  }

  @Override
  public <T extends IpamObject> Stored<T> create(IpamKey key, T value) throws IpamException {
    var written = etcd.create(key.path(), json.write(value));
    if (!written.done()) {
      throw new IpamException(new IpamError.AlreadyExists(key.id()));
    }
    return new Stored<>(key, value, written.revision());
  }

  @Override
  public <T extends IpamObject> Stored<T> update(IpamKey key, T value, long revision)
      throws IpamException {
    var written = etcd.update(key.path(), json.write(value), revision);
    if (!written.done()) {
      throw refused(key, written);
    }
    return new Stored<>(key, value, written.revision());
  }

  @Override
  public void delete(IpamKey key, long revision) throws IpamException {
    var written = etcd.delete(key.path(), revision);
    if (!written.done()) {
      throw refused(key, written);
    }
  }

  private static IpamException refused(IpamKey key, EtcdClient.Written written) {
    return new IpamException(
        written.now() == null
            ? new IpamError.NotExist(key.id(), "Key not found")
            : new IpamError.Conflict(key.id()));
  }

  @Override
  public void apply(IpamKey key, IpamObject value) throws IpamException {
    etcd.put(key.path(), json.write(value), false);
  }

  @Override
  public void remove(String path) throws IpamException {
    etcd.remove(path);
  }

  @Override
  public <T extends IpamObject> @Nullable Stored<T> find(IpamKey key, Class<T> type)
      throws IpamException {
    var found = etcd.get(key.path());
    return found == null ? null : stored(key, found, type);
  }

  private <T extends IpamObject> Stored<T> stored(
      IpamKey key, EtcdClient.KeyValue found, Class<T> type) throws IpamException {
    return new Stored<>(key, type.cast(json.read(key, found.value())), found.revision());
  }

  @Override
  public <T extends IpamObject> List<Stored<T>> list(String prefix, Class<T> type)
      throws IpamException {
    var found = new ArrayList<Stored<T>>();
    for (var entry : etcd.list(prefix)) {
      var key = IpamKey.parse(entry.key());
      if (key.isEmpty()) {
        log.debug("{}: no key of IPAM's, left alone", entry.key());
        continue;
      }
      try {
        found.add(stored(key.get(), entry, type));
      } catch (IpamException e) {
        log.warn("left out: {}", e.getMessage());
      }
    }
    return found;
  }

  @Override
  public List<IpamError.Malformed> malformed(String prefix) throws IpamException {
    var found = new ArrayList<IpamError.Malformed>();
    for (var entry : etcd.list(prefix)) {
      var key = IpamKey.parse(entry.key());
      if (key.isEmpty()) {
        continue;
      }
      try {
        json.read(key.get(), entry.value());
      } catch (IpamException e) {
        if (e.error() instanceof IpamError.Malformed bad) {
          found.add(bad);
        }
      }
    }
    return found;
  }

  @Override
  public Watch watch(String prefix, Consumer<Change> listener) throws IpamException {
    // From the revision after the one that etcd has now, so that nothing is missed meanwhile.
    var watch = new EtcdWatch(etcd, patience, prefix, etcd.revision() + 1, listener);
    watch.start();
    return watch;
  }
}
