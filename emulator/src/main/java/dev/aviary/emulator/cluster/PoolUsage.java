package dev.aviary.emulator.cluster;

import dev.aviary.net.Prefix;
import java.math.BigInteger;
import java.util.List;

/**
 * How much of a pool is in use.
 *
 * @param orphans these are the blocks that no pool has; there is no row for a pool
 */
public record PoolUsage(
    boolean orphans, Prefix cidr, BigInteger capacity, long inUse, List<BlockUsage> blocks) {
  public PoolUsage {
    blocks = List.copyOf(blocks);
  }

  /** How much of a block is in use. */
  public record BlockUsage(Prefix cidr, long capacity, long inUse) {}
}
