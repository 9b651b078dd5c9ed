package dev.aviary.ipam;

import dev.aviary.net.Prefix;
import java.math.BigInteger;
import java.util.List;

/**
 * What is free in one pool, or in the blocks that no pool has.
 *
 * @param blocks its blocks, in the order of their keys
 */
public record Utilization(String name, Prefix cidr, List<OfBlock> blocks) {

  /** One block: how many addresses it has, and how many of them are in its queue. */
  public record OfBlock(Prefix cidr, int capacity, int available) {}

  public Utilization {
    blocks = List.copyOf(blocks);
  }

  /** How many addresses the prefix has. */
  public BigInteger capacity() {
    return BigInteger.ONE.shiftLeft(cidr.family().bits() - cidr.length());
  }

  /** How many addresses of its blocks are in use. */
  public long inUse() {
    return blocks.stream().mapToLong(block -> block.capacity() - block.available()).sum();
  }
}
