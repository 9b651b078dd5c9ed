package dev.aviary.ipam;

import dev.aviary.ipam.IpamKey.AffinityKey;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Claims and releases affinities on demand, not as a side effect of an assignment. */
final class AffinityOperations {
  private static final int POOL_RELEASE_TRIES = 3;

  private final IpamStore store;
  private final AffinityClaim claims;
  private final PoolSelection pools;

  AffinityOperations(IpamStore store, AffinityClaim claims, PoolSelection pools) {
    this.store = store;
    this.claims = claims;
    this.pools = pools;
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

  Ipam.Claimed claim(Prefix cidr, String host) throws IpamException {
    var claimed = new ArrayList<Prefix>();
    var failed = new ArrayList<Prefix>();
    var blocks = blocksOf(cidr);
    while (blocks.hasNext()) {
      var block = blocks.next();
      try {
        Retry.onConflict(
            Retry.EXHAUSTED, () -> claims.claim(claims.pending(host, block), host, block, null));
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

  void release(Prefix cidr, String host, boolean mustBeEmpty) throws IpamException {
    var blocks = blocksOf(cidr);
    while (blocks.hasNext()) {
      releaseOne(host, blocks.next(), mustBeEmpty);
    }
  }

  private void releaseOne(String host, Prefix block, boolean mustBeEmpty) throws IpamException {
    Retry.onConflict(
        Retry.EXHAUSTED,
        () -> {
          try {
            claims.release(host, block, mustBeEmpty);
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
    var host = block.host().orElse(null);
    if (host == null) {
      return;
    }
    try {
      claims.release(host, block.cidr(), mustBeEmpty);
    } catch (IpamException e) {
      if (!isGone(e.error())) {
        throw e;
      }
    }
  }

  /** All of them are tried; the last error is thrown. */
  void releaseHost(String host, boolean mustBeEmpty) throws IpamException {
    IpamException last = null;
    for (var family : IpFamily.values()) {
      for (var affinity : store.list(IpamKey.affinities(host, family), BlockAffinity.class)) {
        if (affinity.key() instanceof AffinityKey(_, var block)) {
          try {
            releaseOne(host, block, mustBeEmpty);
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
    for (int i = 0; i < POOL_RELEASE_TRIES; i++) {
      var conflict = releaseAllIn(cidr);
      if (conflict == null) {
        return;
      }
    }
    throw new IpamException(new IpamError.Other(Retry.EXHAUSTED));
  }

  private @Nullable IpamException releaseAllIn(Prefix cidr) throws IpamException {
    IpamException conflict = null;
    for (var affinity : List.copyOf(store.list(IpamKey.ALL_AFFINITIES, BlockAffinity.class))) {
      if (affinity.key() instanceof AffinityKey(var host, var block) && cidr.contains(block)) {
        try {
          Retry.onConflict(
              Retry.EXHAUSTED,
              () -> {
                claims.release(host, block, false);
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
