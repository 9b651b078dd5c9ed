package dev.aviary.ipam;

import dev.aviary.ipam.IpamKey.HandleKey;
import dev.aviary.net.Prefix;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the count of addresses per handle and block. It is written before the block on assignment
 * and after it on release, so a crash leaves a count too high, never an address without a handle.
 */
final class HandleLedger {
  private static final Logger log = LoggerFactory.getLogger(HandleLedger.class);
  private final IpamStore store;
  private final IpamVariant variant;

  HandleLedger(IpamStore store, IpamVariant variant) {
    this.store = store;
    this.variant = variant;
  }

  /**
   * Counts {@code count} addresses more. What v3.22 fails to count is assigned all the same.
   *
   * @param limit how many addresses of the block's family the handle may have; 0 for any number
   */
  void increment(String handle, Prefix block, int count, int limit) throws IpamException {
    try {
      increment(new HandleKey(handle), block, count, limit);
    } catch (IpamException e) {
      if (variant != IpamVariant.V3_22) {
        throw e;
      }
      log.warn("handle {} is not counted: {}", handle, e.getMessage());
    }
  }

  private void increment(HandleKey key, Prefix block, int count, int limit) throws IpamException {
    for (int i = 0; i < Retry.LIMIT; i++) {
      try {
        var read = store.find(key, Handle.class);
        int total = read == null || limit == 0 ? 0 : read.value().total(block.family());
        if (limit > 0 && total + count > limit) {
          throw new IpamException(new IpamError.HandleLimit(key.handle(), limit));
        }
        if (read == null) {
          store.create(key, new Handle(Map.of(block, count)));
        } else {
          store.update(key, read.value().plus(block, count), read.revision());
        }
        return;
      } catch (IpamException e) {
        if (e.error() instanceof IpamError.HandleLimit
            || e.error() instanceof IpamError.Unavailable) {
          throw e;
        }
        log.debug("{} again: {}", key.id(), e.getMessage());
      }
    }
    throw new IpamException(new IpamError.Other(Retry.EXHAUSTED));
  }

  void decrement(String handle, Prefix block, int count) throws IpamException {
    var key = new HandleKey(handle);
    Retry.onConflict(
        Retry.EXHAUSTED,
        () -> {
          var read = store.get(key, Handle.class);
          int has = read.value().count(block);
          if (has < count) {
            throw new IpamException(new IpamError.Other(shortage(handle, block, count, has)));
          }
          var changed = read.value().minus(block, count);
          if (changed.blocks().isEmpty()) {
            store.delete(key, read.revision());
          } else {
            store.update(key, changed, read.revision());
          }
          return true;
        });
  }

  private static String shortage(String handle, Prefix block, int count, int has) {
    var tried = "Tried to decrement block " + block + " by " + count;
    return has == 0
        ? tried + " but it isn't linked to handle " + handle
        : tried + " but it only has " + has + " addresses on handle " + handle;
  }

  /** As {@link #decrement}; a count that somebody else left wrong must not fail a release. */
  void decrementLoggingFailure(String handle, Prefix block, int count) {
    try {
      decrement(handle, block, count);
    } catch (IpamException e) {
      log.warn("handle {} keeps its count: {}", handle, e.getMessage());
    }
  }
}
