package dev.aviary.ipam;

import dev.aviary.ipam.IpamKey.BlockKey;
import dev.aviary.ipam.IpamKey.HandleKey;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives addresses back to their blocks, by address or by handle. */
final class AddressReleaser {
  private static final Logger log = LoggerFactory.getLogger(AddressReleaser.class);

  private final IpamStore store;
  private final HandleLedger handles;
  private final PoolSelection pools;

  AddressReleaser(IpamStore store, HandleLedger handles, PoolSelection pools) {
    this.store = store;
    this.handles = handles;
    this.pools = pools;
  }

  /**
   * Releases {@code addresses}; the ones that were not assigned are returned. Every block is tried;
   * the first error is thrown after that.
   */
  List<IpAddress> release(List<IpAddress> addresses) throws IpamException {
    var unallocated = new ArrayList<IpAddress>();
    var byBlock = new TreeMap<Prefix, List<IpAddress>>();
    for (var address : new LinkedHashSet<>(addresses)) {
      var block = blockOf(address);
      if (block == null) {
        unallocated.add(address);
      } else {
        byBlock.computeIfAbsent(block, _ -> new ArrayList<>()).add(address);
      }
    }
    IpamException first = null;
    for (var entry : byBlock.entrySet()) {
      try {
        unallocated.addAll(releaseIn(entry.getKey(), entry.getValue()));
      } catch (IpamException e) {
        first = first == null ? e : first;
      }
    }
    if (first != null) {
      throw first;
    }
    return List.copyOf(unallocated);
  }

  private @org.jspecify.annotations.Nullable Prefix blockOf(IpAddress address)
      throws IpamException {
    var pool = pools.poolOf(address);
    if (pool != null) {
      return pool.blockOf(address.toPrefix());
    }
    // Its pool is gone or disabled: only the blocks themselves know.
    for (var block : store.list(IpamKey.blocks(address.family()), Block.class)) {
      if (block.value().cidr().contains(address)) {
        return block.value().cidr();
      }
    }
    return null;
  }

  private List<IpAddress> releaseIn(Prefix cidr, List<IpAddress> addresses) throws IpamException {
    return Retry.onConflict(
        Retry.EXHAUSTED,
        () -> {
          var block = store.find(new BlockKey(cidr), Block.class);
          if (block == null) {
            return addresses;
          }
          var freed = block.value().release(addresses);
          if (freed.count() > 0) {
            write(block, freed);
          }
          return freed.unallocated();
        });
  }

  private void write(Stored<Block> before, Block.Freed freed) throws IpamException {
    var block = freed.block();
    if (block.isEmpty() && block.affinity() == null) {
      store.delete(before.key(), before.revision());
    } else {
      store.update(before.key(), block, before.revision());
    }
    for (Map.Entry<String, Integer> entry : freed.byHandle().entrySet()) {
      handles.decrementLoggingFailure(entry.getKey(), block.cidr(), entry.getValue());
    }
    try {
      pools.ensureConsistent(block);
    } catch (IpamException e) {
      log.warn("{}: affinity not checked after a release: {}", block.cidr(), e.getMessage());
    }
  }

  void releaseByHandle(String given) throws IpamException {
    var handle = java.util.Objects.requireNonNull(Block.cut(given));
    var blocks = store.get(new HandleKey(handle), Handle.class).value().blocks();
    for (var cidr : blocks.keySet()) {
      Retry.onConflict(
          "Hit max retries",
          () -> {
            var block = store.find(new BlockKey(cidr), Block.class);
            if (block == null) {
              return true;
            }
            var freed = block.value().releaseByHandle(handle);
            if (freed.count() > 0) {
              write(block, freed);
            }
            return true;
          });
    }
  }

  List<IpAddress> addressesOf(String handle) throws IpamException {
    var found = new ArrayList<IpAddress>();
    for (var cidr : store.get(new HandleKey(handle), Handle.class).value().blocks().keySet()) {
      var block = store.find(new BlockKey(cidr), Block.class);
      if (block != null) {
        found.addAll(block.value().addressesOf(handle));
      }
    }
    return List.copyOf(found);
  }
}
