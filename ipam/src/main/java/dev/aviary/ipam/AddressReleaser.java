package dev.aviary.ipam;

import dev.aviary.ipam.IpamKey.HandleKey;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Gives addresses back to their blocks, by address or by handle. */
final class AddressReleaser {
  private static final Logger log = LoggerFactory.getLogger(AddressReleaser.class);

  private final IpamStore store;
  private final Blocks blocks;
  private final HandleLedger handles;
  private final PoolSelection pools;
  private final IpamVariant variant;

  AddressReleaser(
      IpamStore store,
      Blocks blocks,
      HandleLedger handles,
      PoolSelection pools,
      IpamVariant variant) {
    this.store = store;
    this.blocks = blocks;
    this.handles = handles;
    this.pools = pools;
    this.variant = variant;
  }

  /** Every block is tried, whatever happened in the one before. */
  Ipam.Released release(List<ReleaseOption> options) {
    var unallocated = new ArrayList<IpAddress>();
    var released = new ArrayList<ReleaseOption>();
    IpamError first = null;
    try {
      for (var entry : byBlock(options, unallocated, released).entrySet()) {
        try {
          unallocated.addAll(releaseIn(entry.getKey(), entry.getValue()));
          released.addAll(entry.getValue());
        } catch (IpamException e) {
          first = first == null ? e.error() : first;
        }
      }
    } catch (IpamException e) {
      first = e.error();
    }
    return new Ipam.Released(unallocated, released, first);
  }

  private Map<Prefix, List<ReleaseOption>> byBlock(
      List<ReleaseOption> options, List<IpAddress> unallocated, List<ReleaseOption> released)
      throws IpamException {
    var byAddress = new LinkedHashMap<IpAddress, ReleaseOption>();
    options.forEach(option -> byAddress.put(option.address(), option));
    var found = new TreeMap<Prefix, List<ReleaseOption>>();
    for (var option : byAddress.values()) {
      var block = blockOf(option.address());
      if (block == null) {
        unallocated.add(option.address());
        released.add(option);
      } else {
        found.computeIfAbsent(block, _ -> new ArrayList<>()).add(option);
      }
    }
    return found;
  }

  private @Nullable Prefix blockOf(IpAddress address) throws IpamException {
    var pool = variant == IpamVariant.V3_22 ? pools.poolOf(address) : pools.anyPoolOf(address);
    if (pool != null) {
      return pool.blockOf(address.toPrefix());
    }
    // Its pool is gone: only the blocks themselves know.
    for (var block : blocks.list(IpamKey.allBlocks(address.family()))) {
      if (block.value().cidr().contains(address)) {
        return block.value().cidr();
      }
    }
    return null;
  }

  private List<IpAddress> releaseIn(Prefix cidr, List<ReleaseOption> options) throws IpamException {
    return Retry.onConflict(
        Retry.EXHAUSTED,
        () -> {
          var block = blocks.find(cidr);
          if (block == null) {
            return options.stream().map(ReleaseOption::address).toList();
          }
          var freed = BlockDraft.release(block.value(), options, blocks.coolingSince());
          if (freed.count() > 0) {
            write(block, freed, variant == IpamVariant.V3_22);
          }
          return freed.unallocated();
        });
  }

  /**
   * @param oncePerHandle v3.22 counts one address per handle, however many there were
   */
  private void write(Stored<Block> before, Block.Freed freed, boolean oncePerHandle)
      throws IpamException {
    var block = freed.block();
    if (block.isEmpty() && block.affinity() == null) {
      blocks.delete(before);
    } else {
      blocks.update(before, block);
    }
    for (Map.Entry<String, Integer> entry : freed.byHandle().entrySet()) {
      handles.decrementLoggingFailure(
          entry.getKey(), block.cidr(), oncePerHandle ? 1 : entry.getValue());
    }
    try {
      pools.ensureConsistent(block);
    } catch (IpamException e) {
      log.warn("{}: affinity not checked after a release: {}", block.cidr(), e.getMessage());
    }
  }

  void releaseByHandle(String given) throws IpamException {
    var handle = Objects.requireNonNull(Block.cut(given));
    var counted = store.get(new HandleKey(handle), Handle.class).value().blocks();
    for (var cidr : counted.keySet()) {
      Retry.onConflict(
          "Hit max retries",
          () -> {
            var block = blocks.find(cidr);
            if (block == null) {
              return true;
            }
            var freed =
                BlockDraft.releaseByHandle(block.value(), handle, null, blocks.coolingSince());
            if (freed.count() > 0) {
              write(block, freed, false);
            }
            return true;
          });
    }
  }

  List<IpAddress> addressesOf(String handle) throws IpamException {
    var found = new ArrayList<IpAddress>();
    for (var cidr : store.get(new HandleKey(handle), Handle.class).value().blocks().keySet()) {
      try {
        var block = blocks.find(cidr);
        if (block != null) {
          found.addAll(block.value().addressesOf(handle));
        }
      } catch (IpamException e) {
        log.warn("{}: skipped when listing a handle: {}", cidr, e.getMessage());
      }
    }
    return List.copyOf(found);
  }
}
