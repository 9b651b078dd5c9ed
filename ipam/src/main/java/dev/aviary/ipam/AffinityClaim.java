package dev.aviary.ipam;

import dev.aviary.ipam.BlockAffinity.State;
import dev.aviary.ipam.IpamKey.AffinityKey;
import dev.aviary.ipam.IpamKey.BlockKey;
import dev.aviary.net.Prefix;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The two-step claim of a block, and its way back. A claimer writes its affinity as pending,
 * creates the block, confirms the affinity; a releaser marks the affinity, removes or strips the
 * block, deletes the affinity. Each step is a compare-and-set, so of two that meet exactly one
 * wins.
 */
final class AffinityClaim {
  private static final Logger log = LoggerFactory.getLogger(AffinityClaim.class);
  private final IpamStore store;

  AffinityClaim(IpamStore store) {
    this.store = store;
  }

  /** The host's affinity to {@code cidr}, made pending unless it is confirmed already. */
  Stored<BlockAffinity> pending(String host, Prefix cidr) throws IpamException {
    var key = new AffinityKey(host, cidr);
    try {
      return store.create(key, new BlockAffinity(State.PENDING));
    } catch (IpamException e) {
      if (!(e.error() instanceof IpamError.AlreadyExists)) {
        throw e;
      }
    }
    var existing = store.get(key, BlockAffinity.class);
    return existing.value().state() == State.CONFIRMED ? existing : to(State.PENDING, existing);
  }

  private Stored<BlockAffinity> to(State state, Stored<BlockAffinity> affinity)
      throws IpamException {
    return store.update(affinity.key(), new BlockAffinity(state), affinity.revision());
  }

  /** The block that an affinity of {@code host} stands for, claimed or repaired if need be. */
  Stored<Block> block(
      Stored<BlockAffinity> affinity,
      String host,
      Prefix cidr,
      @Nullable HostReservation reservation)
      throws IpamException {
    var found = store.find(new BlockKey(cidr), Block.class);
    if (found == null) {
      return claim(to(State.PENDING, affinity), host, cidr, reservation);
    }
    if (!found.value().isOwnedBy(host)) {
      store.delete(affinity.key(), affinity.revision());
      throw new IpamException(
          new IpamError.StaleAffinity("block " + cidr + " is not owned by host " + host));
    }
    if (affinity.value().state() == State.CONFIRMED) {
      return found;
    }
    var pending = to(State.PENDING, affinity);
    // The new revision defeats a releaser that has read the block already.
    var refreshed = store.update(found.key(), found.value(), found.revision());
    to(State.CONFIRMED, pending);
    return refreshed;
  }

  /** Creates the block of a pending affinity and confirms it. */
  Stored<Block> claim(
      Stored<BlockAffinity> affinity,
      String host,
      Prefix cidr,
      @Nullable HostReservation reservation)
      throws IpamException {
    var key = new BlockKey(cidr);
    try {
      var created = store.create(key, Block.create(cidr, "host:" + host, reservation));
      confirm(affinity);
      return created;
    } catch (IpamException e) {
      if (!(e.error() instanceof IpamError.AlreadyExists)) {
        throw e;
      }
    }
    var existing = store.get(key, Block.class);
    if (existing.value().isOwnedBy(host)) {
      confirm(affinity);
      return existing;
    }
    deleteLoggingFailure(affinity.key(), affinity.revision());
    throw claimConflict(existing.value());
  }

  private void confirm(Stored<BlockAffinity> affinity) throws IpamException {
    try {
      to(State.CONFIRMED, affinity);
    } catch (IpamException e) {
      var now = store.find(affinity.key(), BlockAffinity.class);
      if (now == null || now.value().state() != State.CONFIRMED) {
        throw e;
      }
    }
  }

  /**
   * Gives up the host's affinity to {@code cidr}: an empty block goes, another one is left
   * ownerless.
   */
  void release(String host, Prefix cidr, boolean mustBeEmpty) throws IpamException {
    var affinity = store.get(new AffinityKey(host, cidr), BlockAffinity.class);
    var block = store.get(new BlockKey(cidr), Block.class);
    if (block.value().affinity() != null && !block.value().isOwnedBy(host)) {
      deleteLoggingFailure(affinity.key(), affinity.revision());
      throw claimConflict(block.value());
    }
    if (mustBeEmpty && !block.value().isEmpty()) {
      throw new IpamException(new IpamError.BlockNotEmpty(cidr));
    }
    var leaving = to(State.PENDING_DELETION, affinity);
    if (block.value().isEmpty()) {
      deleteIfThere(block.key(), block.revision());
    } else {
      store.update(block.key(), block.value().withAffinity(null), block.revision());
    }
    deleteIfThere(leaving.key(), leaving.revision());
  }

  private static IpamException claimConflict(Block block) {
    return new IpamException(new IpamError.BlockClaimConflict(block.cidr(), block.affinity()));
  }

  private void deleteIfThere(IpamKey key, long revision) throws IpamException {
    try {
      store.delete(key, revision);
    } catch (IpamException e) {
      if (!(e.error() instanceof IpamError.NotExist)) {
        throw e;
      }
    }
  }

  private void deleteLoggingFailure(IpamKey key, long revision) {
    try {
      store.delete(key, revision);
    } catch (IpamException e) {
      log.warn("stale {} stays: {}", key.id(), e.getMessage());
    }
  }
}
