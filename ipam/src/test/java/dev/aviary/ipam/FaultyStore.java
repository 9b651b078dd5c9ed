package dev.aviary.ipam;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A store that can be told to do something else at its nth call of a verb for a key. */
final class FaultyStore implements IpamStore {
  private final IpamStore store;
  private final List<Fault> faults = new ArrayList<>();

  FaultyStore(IpamStore store) {
    this.store = store;
  }

  /** {@code nth} counts down; 0 is each call. {@code then} runs first, with faults off. */
  static final class Fault {
    final String verb;
    final String key;
    final String result;
    final Runnable then;
    int nth;

    Fault(String verb, String key, int nth, String result, Runnable then) {
      this.verb = verb;
      this.key = key;
      this.nth = nth;
      this.result = result;
      this.then = then;
    }
  }

  synchronized void inject(Fault fault) {
    faults.add(fault);
  }

  synchronized void clear() {
    faults.clear();
  }

  /** True if the call is to be taken for done without being made. */
  private boolean meets(String verb, IpamKey key) throws IpamException {
    Fault due = null;
    synchronized (this) {
      for (var fault : faults) {
        if (fault.verb.equals(verb) && fault.key.equals(key.path())) {
          if (fault.nth == 0 || --fault.nth == 0) {
            due = fault;
            break;
          }
        }
      }
      if (due != null && !due.result.equals("error")) {
        faults.remove(due);
      }
    }
    if (due == null) {
      return false;
    }
    List<Fault> others;
    synchronized (this) {
      others = List.copyOf(faults);
      faults.clear();
    }
    due.then.run();
    synchronized (this) {
      faults.addAll(others);
    }
    switch (due.result) {
      case "updateConflict" -> throw new IpamException(new IpamError.Conflict(key.id()));
      case "alreadyExists" -> throw new IpamException(new IpamError.AlreadyExists(key.id()));
      case "notExist" -> throw new IpamException(new IpamError.NotExist(key.id(), ""));
      case "error" -> throw new IpamException(new IpamError.Other("injected"));
      default -> {
        return due.result.equals("fakeSuccess");
      }
    }
  }

  @Override
  public <T extends IpamObject> Stored<T> create(IpamKey key, T value) throws IpamException {
    return meets("create", key) ? new Stored<>(key, value, 0) : store.create(key, value);
  }

  @Override
  public <T extends IpamObject> Stored<T> update(IpamKey key, T value, long revision)
      throws IpamException {
    if (meets("update", key)) {
      return new Stored<>(key, value, revision);
    }
    var updated = store.update(key, value, revision);
    meets("afterUpdate", key);
    return updated;
  }

  @Override
  public void delete(IpamKey key, long revision) throws IpamException {
    if (!meets("delete", key)) {
      store.delete(key, revision);
      meets("afterDelete", key);
    }
  }

  @Override
  public void apply(IpamKey key, IpamObject value) throws IpamException {
    store.apply(key, value);
  }

  @Override
  public <T extends IpamObject> @Nullable Stored<T> find(IpamKey key, Class<T> type)
      throws IpamException {
    meets("get", key);
    return store.find(key, type);
  }

  @Override
  public Watch watch(String prefix, Consumer<Change> listener) throws IpamException {
    return store.watch(prefix, listener);
  }

  @Override
  public void remove(String path) throws IpamException {
    store.remove(path);
  }

  @Override
  public <T extends IpamObject> List<Stored<T>> list(String prefix, Class<T> type)
      throws IpamException {
    return store.list(prefix, type);
  }
}
