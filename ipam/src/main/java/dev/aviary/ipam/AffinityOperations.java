package dev.aviary.ipam;

import dev.aviary.ipam.IpamKey.AffinityKey;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/** Claims and releases affinities on demand, not as a side effect of an assignment. */
final class AffinityOperations {

  private final IpamStore store;
  private final AffinityClaim claims;
  private final PoolSelection pools;
  private final int poolReleaseTries;

  AffinityOperations(
      IpamStore store, AffinityClaim claims, PoolSelection pools, IpamVariant variant) {
    this.store = store;
    this.claims = claims;
    this.pools = pools;
    this.poolReleaseTries = variant == IpamVariant.V3_22 ? 3 : Retry.LIMIT;
  }

  private BlockSequence blocksOf(Prefix cidr) throws IpamException {
    var pool = pools.poolOf(cidr.address());
    if (pool == null) {
      throw new IpamException(
          new IpamError.Other(
              "The requested CIDR (" + cidr + ") is not within any configured pools."));
    }
    if (cidr.length() > pool.blockSize()) {
      throw new IpamException(
          new IpamError.InvalidSize(
              "The requested CIDR (" + cidr + ") is smaller than the minimum."));
    }
    return BlockSequence.ascending(cidr, pool.blockSize());
  }

  Ipam.Claimed claim(Prefix cidr, BlockOwner owner) throws IpamException {
    var claimed = new ArrayList<Prefix>();
    var failed = new ArrayList<Prefix>();
    var blocks = blocksOf(cidr);
    while (blocks.hasNext()) {
      var block = blocks.next();
      try {
        Retry.onConflict(
            Retry.EXHAUSTED, () -> claims.claim(claims.pending(owner, block), owner, block, null));
        claimed.add(block);
      } catch (IpamException e) {
        if (!(e.error() instanceof IpamError.BlockClaimConflict)) {
          return new Ipam.Claimed(claimed, failed, e.error());
        }
        failed.add(block);
      }
    }
    return new Ipam.Claimed(claimed, failed, null);
  }

  void release(Prefix cidr, BlockOwner owner, boolean mustBeEmpty) throws IpamException {
    var blocks = blocksOf(cidr);
    while (blocks.hasNext()) {
      releaseOne(owner, blocks.next(), mustBeEmpty);
    }
  }

  private void releaseOne(BlockOwner owner, Prefix block, boolean mustBeEmpty)
      throws IpamException {
    Retry.onConflict(
        Retry.EXHAUSTED,
        () -> {
          try {
            claims.release(owner, block, mustBeEmpty);
          } catch (IpamException e) {
            if (!isGone(e.error())) {
              throw e;
            }
          }
          return true;
        });
  }

  private static boolean isGone(IpamError error) {
    return error instanceof IpamError.BlockClaimConflict || error instanceof IpamError.NotExist;
  }

  void releaseBlock(Block block, boolean mustBeEmpty) throws IpamException {
    var owner = block.owner().orElse(null);
    if (owner == null) {
      return;
    }
    try {
      claims.release(owner, block.cidr(), mustBeEmpty);
    } catch (IpamException e) {
      if (!isGone(e.error())) {
        throw e;
      }
    }
  }

  /** All of them are tried; the last error is thrown. */
  void releaseAll(BlockOwner owner, boolean mustBeEmpty) throws IpamException {
    IpamException last = null;
    for (var family : IpFamily.values()) {
      for (var affinity : store.affinities(owner, family)) {
        if (affinity.key() instanceof AffinityKey(_, var block)) {
          try {
            releaseOne(owner, block, mustBeEmpty);
          } catch (IpamException e) {
            last = e;
          }
        }
      }
    }
    if (last != null) {
      throw last;
    }
  }

  void releasePool(Prefix cidr) throws IpamException {
    for (int i = 0; i < poolReleaseTries; i++) {
      var conflict = releaseAllIn(cidr);
      if (conflict == null) {
        return;
      }
    }
    throw new IpamException(new IpamError.Other(Retry.EXHAUSTED));
  }

  private @Nullable IpamException releaseAllIn(Prefix cidr) throws IpamException {
    IpamException conflict = null;
    var affinities = new ArrayList<Stored<BlockAffinity>>();
    for (var kind : BlockOwner.Kind.values()) {
      affinities.addAll(store.list(IpamKey.affinities(kind), BlockAffinity.class));
    }
    for (var affinity : affinities) {
      if (affinity.key() instanceof AffinityKey(var owner, var block) && cidr.contains(block)) {
        try {
          Retry.onConflict(
              Retry.EXHAUSTED,
              () -> {
                claims.release(owner, block, false);
                return true;
              });
        } catch (IpamException e) {
          if (e.error() instanceof IpamError.BlockClaimConflict) {
            conflict = e;
          } else if (!(e.error() instanceof IpamError.NotExist)) {
            throw e;
          }
        }
      }
    }
    return conflict;
  }
}
