package dev.aviary.ipam;

import dev.aviary.ipam.IpamKey.AffinityKey;
import dev.aviary.ipam.IpamKey.BlockKey;
import dev.aviary.net.Prefix;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Which block a host takes from next: its own in key order, then one that it claims. One finder
 * serves one request.
 */
final class BlockFinder {
  private final IpamStore store;
  private final AffinityClaim claims;
  private final LongSupplier nanoTime;
  private final String host;
  private final List<IpPool> pools;
  private final Deque<Prefix> affine;
  private final Reservations reserved;
  private final @Nullable HostReservation reservation;

  BlockFinder(
      IpamStore store,
      AffinityClaim claims,
      LongSupplier nanoTime,
      String host,
      PoolSelection.Selected selected,
      Reservations reserved,
      @Nullable HostReservation reservation) {
    this.store = store;
    this.claims = claims;
    this.nanoTime = nanoTime;
    this.host = host;
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
        var affinity = store.find(new AffinityKey(host, cidr), BlockAffinity.class);
        return affinity == null ? null : claims.block(affinity, host, cidr, reservation);
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
        return claims.block(claims.pending(host, cidr), host, cidr, reservation);
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
    var existing = new HashMap<Prefix, Block>();
    for (var stored : store.list(IpamKey.ALL_BLOCKS, Block.class)) {
      existing.put(stored.value().cidr(), stored.value());
    }
    for (var pool : pools) {
      var candidates = BlockSequence.of(pool, host, nanoTime);
      while (candidates.hasNext()) {
        var cidr = candidates.next();
        if (reserved.covers(cidr)) {
          continue;
        }
        var block = existing.get(cidr);
        // A block of our own that we did not know of: another process of this host was faster.
        if (block == null || (block.isOwnedBy(host) && block.assignable(reserved) > 0)) {
          return cidr;
        }
      }
    }
    throw new IpamException(new IpamError.NoFreeBlocks());
  }

  /** Reads {@code cidr}, or null if it is absent or cannot be read. */
  @Nullable Stored<Block> reread(Prefix cidr) {
    try {
      return store.find(new BlockKey(cidr), Block.class);
    } catch (IpamException _) {
      return null; // Calico gives up on a block that it cannot read and goes on with the next one.
    }
  }
}
