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
  private final Blocks blocks;

  AffinityClaim(IpamStore store, Blocks blocks) {
    this.store = store;
    this.blocks = blocks;
  }

  /** The owner's affinity to {@code cidr}, made pending unless it is confirmed already. */
  Stored<BlockAffinity> pending(BlockOwner owner, Prefix cidr) throws IpamException {
    var key = new AffinityKey(owner, cidr);
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
    return store.update(affinity.key(), affinity.value().to(state), affinity.revision());
  }

  /** The block that an affinity of {@code owner} stands for, claimed or repaired if need be. */
  Stored<Block> block(
      Stored<BlockAffinity> affinity,
      BlockOwner owner,
      Prefix cidr,
      @Nullable HostReservation reservation)
      throws IpamException {
    var found = blocks.of(affinity);
    if (found == null) {
      return claim(to(State.PENDING, affinity), owner, cidr, reservation);
    }
    if (!found.value().isOwnedBy(owner)) {
      store.delete(affinity.key(), affinity.revision());
      throw new IpamException(
          new IpamError.StaleAffinity("block " + cidr + " is not owned by " + owner.text()));
    }
    if (affinity.value().isConfirmed()) {
      return found;
    }
    var pending = to(State.PENDING, affinity);
    // The new revision defeats a releaser that has read the block already.
    var refreshed = blocks.update(found, found.value());
    to(State.CONFIRMED, pending);
    return refreshed;
  }

  /** Creates the block of a pending affinity and confirms it. */
  Stored<Block> claim(
      Stored<BlockAffinity> affinity,
      BlockOwner owner,
      Prefix cidr,
      @Nullable HostReservation reservation)
      throws IpamException {
    var key = new BlockKey(cidr);
    try {
      var created = store.create(key, blocks.claimed(cidr, owner, reservation));
      confirm(affinity);
      return created;
    } catch (IpamException e) {
      if (!(e.error() instanceof IpamError.AlreadyExists)) {
        throw e;
      }
    }
    var existing = blocks.get(cidr);
    if (existing.value().isOwnedBy(owner)) {
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
   * Gives up the owner's affinity to {@code cidr}: an empty block goes, another one is left
   * ownerless.
   */
  void release(BlockOwner owner, Prefix cidr, boolean mustBeEmpty) throws IpamException {
    release(owner, cidr, mustBeEmpty, null);
  }

  /**
   * As above.
   *
   * @param sequence the number that the block must have; null for any
   */
  void release(BlockOwner owner, Prefix cidr, boolean mustBeEmpty, @Nullable Long sequence)
      throws IpamException {
    var affinity = store.get(new AffinityKey(owner, cidr), BlockAffinity.class);
    var block = blocks.get(cidr);
    if (block.value().affinity() != null && !block.value().isOwnedBy(owner)) {
      deleteLoggingFailure(affinity.key(), affinity.revision());
      throw claimConflict(block.value());
    }
    if (sequence != null && sequence != block.value().sequenceNumber()) {
      throw new IpamException(new IpamError.Conflict(block.key().id()));
    }
    if (mustBeEmpty && !block.value().isEmpty()) {
      throw new IpamException(new IpamError.BlockNotEmpty(cidr));
    }
    var leaving = to(State.PENDING_DELETION, affinity);
    if (block.value().isEmpty()) {
      deleteIfThere(block.key(), block.revision());
    } else {
      blocks.update(block, block.value().ownerless());
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
