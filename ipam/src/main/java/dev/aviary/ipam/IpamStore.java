package dev.aviary.ipam;

import dev.aviary.net.IpFamily;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What IPAM asks of a datastore: five operations on keys, each atomic, with a revision per key.
 * Errors are {@link IpamError.AlreadyExists}, {@link IpamError.Conflict}, {@link
 * IpamError.NotExist}; anything else is a failure of the store itself and is not retried.
 */
public interface IpamStore {

  /** Writes a key that must not exist yet. */
  <T extends IpamObject> Stored<T> create(IpamKey key, T value) throws IpamException;

  /** Replaces the value of a key that must still have {@code revision}. */
  <T extends IpamObject> Stored<T> update(IpamKey key, T value, long revision) throws IpamException;

  /** Removes a key that must still have {@code revision}. */
  void delete(IpamKey key, long revision) throws IpamException;

  /** Writes a key whatever is there. */
  void apply(IpamKey key, IpamObject value) throws IpamException;

  /** The object at {@code key}, or null if there is none. */
  <T extends IpamObject> @Nullable Stored<T> find(IpamKey key, Class<T> type) throws IpamException;

  /** All objects whose path starts with {@code prefix}, in the order of their paths. */
  <T extends IpamObject> List<Stored<T>> list(String prefix, Class<T> type) throws IpamException;

  /** The affinities of {@code owner} of one family, in the order of their paths. */
  default List<Stored<BlockAffinity>> affinities(BlockOwner owner, IpFamily family)
      throws IpamException {
    return list(IpamKey.affinities(owner, family), BlockAffinity.class);
  }

  /** The block that {@code affinity} is the affinity to, or null if there is none. */
  default @Nullable Stored<Block> blockOf(Stored<BlockAffinity> affinity) throws IpamException {
    return affinity.key() instanceof IpamKey.AffinityKey(_, var cidr)
        ? find(new IpamKey.BlockKey(cidr), Block.class)
        : null;
  }

  /** A change of one key. */
  record Change(String path, boolean deleted, long revision) {}

  /** Ends by being closed. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * Tells {@code listener} of every change of a path that begins with {@code prefix} from now on,
   * in order, on a thread of the store's.
   */
  Watch watch(String prefix, Consumer<Change> listener) throws IpamException;

  /** Removes a path, whatever is there; nothing happens if there is nothing. */
  void remove(String path) throws IpamException;

  /** What {@link #list} leaves out below {@code prefix} because it is not what belongs there. */
  default List<IpamError.Malformed> malformed(String prefix) throws IpamException {
    return List.of();
  }

  /** As {@link #find}, but absence is {@link IpamError.NotExist}. */
  default <T extends IpamObject> Stored<T> get(IpamKey key, Class<T> type) throws IpamException {
    var found = find(key, type);
    if (found == null) {
      throw new IpamException(new IpamError.NotExist(key.id(), "Key not found"));
    }
    return found;
  }
}
