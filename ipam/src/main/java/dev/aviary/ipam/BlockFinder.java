package dev.aviary.ipam;

import dev.aviary.ipam.IpamKey.AffinityKey;
import dev.aviary.net.Prefix;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which block a host takes from next: its own in key order, then one that it claims. One finder
 * serves one request.
 */
final class BlockFinder {
  /** How long a block stays with the host that claimed it, empty or not. */
  private static final Duration MIN_RECLAIM_AGE = Duration.ofMinutes(1);

  private static final Logger log = LoggerFactory.getLogger(BlockFinder.class);
  private final IpamStore store;
  private final Blocks blocks;
  private final AffinityClaim claims;
  private final IpamVariant variant;
  private final LongSupplier nanoTime;
  private final BlockOwner owner;
  private final List<IpPool> pools;
  private final Deque<Prefix> affine;
  private final Reservations reserved;
  private final @Nullable HostReservation reservation;

  BlockFinder(
      IpamStore store,
      Blocks blocks,
      AffinityClaim claims,
      IpamVariant variant,
      LongSupplier nanoTime,
      BlockOwner owner,
      PoolSelection.Selected selected,
      Reservations reserved,
      @Nullable HostReservation reservation) {
    this.store = store;
    this.blocks = blocks;
    this.claims = claims;
    this.variant = variant;
    this.nanoTime = nanoTime;
    this.owner = owner;
    this.pools = selected.pools();
    this.affine = new ArrayDeque<>(selected.affine());
    this.reserved = reserved;
    this.reservation = reservation;
  }

  /** A block with room, and whether it was claimed just now. */
  record Found(Stored<Block> block, boolean claimed) {}

  Found findOrClaim(int minFree, boolean mayClaim, boolean autoAllocate) throws IpamException {
    for (var cidr = affine.poll(); cidr != null; cidr = affine.poll()) {
      var block = reserved.covers(cidr) ? null : own(cidr);
      if (block != null && block.value().assignable(reserved) >= minFree) {
        return new Found(block, false);
      }
    }
    if (!mayClaim) {
      throw new IpamException(new IpamError.BlockLimit());
    }
    if (!autoAllocate) {
      throw new IpamException(new IpamError.Other("failed to find or claim a block"));
    }
    for (int i = 0; i < Retry.LIMIT; i++) {
      var cidr = findUsable();
      var block = claimUnlessTaken(cidr);
      if (block == null) {
        continue;
      }
      int free = block.value().assignable(reserved);
      if (free < minFree) {
        throw new IpamException(
            new IpamError.Other(
                "Block '%s' has %d free ips which is less than %d ips required."
                    .formatted(cidr, free, minFree)));
      }
      return new Found(block, true);
    }
    throw new IpamException(new IpamError.Other(Retry.EXHAUSTED));
  }

  /** The block of one of the host's affinities, or null if it cannot be had. */
  private @Nullable Stored<Block> own(Prefix cidr) {
    for (int i = 0; i < Retry.LIMIT; i++) {
      try {
        var affinity = store.find(new AffinityKey(owner, cidr), BlockAffinity.class);
        return affinity == null ? null : claims.block(affinity, owner, cidr, reservation);
      } catch (IpamException e) {
        if (!(e.error() instanceof IpamError.Conflict)) {
          return null;
        }
      }
    }
    return null;
  }

  /** Claims {@code cidr}; null if somebody else was faster. */
  private @Nullable Stored<Block> claimUnlessTaken(Prefix cidr) throws IpamException {
    for (int i = 0; i < Retry.LIMIT; i++) {
      try {
        return claims.block(claims.pending(owner, cidr), owner, cidr, reservation);
      } catch (IpamException e) {
        if (e.error() instanceof IpamError.BlockClaimConflict
            || e.error() instanceof IpamError.StaleAffinity) {
          return null;
        }
        if (!(e.error() instanceof IpamError.Conflict)) {
          throw e;
        }
      }
    }
    return null;
  }

  private Prefix findUsable() throws IpamException {
    var all = blocks.list(IpamKey.ALL_BLOCKS);
    var existing = HashMap.<IpamKey, Block>newHashMap(all.size());
    for (var stored : all) {
      existing.put(stored.key(), stored.value());
    }
    var idle = new ArrayList<Block>();
    for (var pool : pools) {
      var candidates = BlockSequence.of(pool, owner.name(), nanoTime);
      while (candidates.hasNext()) {
        var cidr = candidates.next();
        if (reserved.covers(cidr)) {
          continue;
        }
        var block = existing.get(new IpamKey.BlockKey(cidr));
        // A block of our own that we did not know of: another process of this host was faster.
        if (block == null || (block.isOwnedBy(owner) && block.assignable(reserved) > 0)) {
          return cidr;
        }
        if (variant == IpamVariant.MASTER && block.isEmpty() && block.assignable(reserved) > 0) {
          idle.add(block);
        }
      }
    }
    for (var block : idle) {
      if (reclaim(block)) {
        return block.cidr();
      }
    }
    throw new IpamException(new IpamError.NoFreeBlocks());
  }

  /** Takes an empty block from its owner; false if it is too young, or changed meanwhile. */
  private boolean reclaim(Block block) {
    var claimedAt = block.claimTime();
    var other = block.owner();
    if (other.isEmpty()
        || (claimedAt.isPresent()
            && Duration.between(claimedAt.get(), blocks.now()).compareTo(MIN_RECLAIM_AGE) < 0)) {
      return false;
    }
    try {
      claims.release(other.get(), block.cidr(), true, block.sequenceNumber());
      return true;
    } catch (IpamException e) {
      log.debug("{} is not taken over: {}", block.cidr(), e.getMessage());
      return false;
    }
  }

  /** Reads {@code cidr}, or null if it is absent or cannot be read. */
  @Nullable Stored<Block> reread(Prefix cidr) {
    try {
      return blocks.find(cidr);
    } catch (IpamException _) {
      return null; // Calico gives up on a block that it cannot read and goes on with the next one.
    }
  }
}
