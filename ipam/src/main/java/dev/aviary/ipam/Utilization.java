package dev.aviary.ipam;

import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Prefix;
import dev.aviary.net.Prefix;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/**
 * What is free in one pool, or in the blocks that no pool has.
 *
 * @param blocks its blocks, in the order of their keys
 * @param reserved how many of its addresses are reserved, in use or not
 * @param availableOutsideBlocks how many addresses without block are not reserved
 */
public record Utilization(
    String name,
    Prefix cidr,
    List<OfBlock> blocks,
    BigInteger reserved,
    BigInteger availableOutsideBlocks) {
  static final String ORPHANS = "orphaned allocation blocks";

  /**
   * One block.
   *
   * @param available how many of its addresses are in its queue, reserved ones too
   * @param reserved how many of its addresses are reserved, in use or not
   * @param assignable how many are in its queue and not reserved
   */
  public record OfBlock(Prefix cidr, int capacity, int available, int reserved, int assignable) {

    static OfBlock of(Block block, Reservations reservations) {
      return new OfBlock(
          block.cidr(),
          block.size(),
          block.freeCount(),
          reservations.sizeInside(block.cidr()).intValueExact(),
          block.assignable(reservations));
    }

    /** How many addresses are not in its queue. */
    public int inUse() {
      return capacity - available;
    }
  }

  public Utilization {
    blocks = List.copyOf(blocks);
  }

  static Utilization of(String name, Prefix cidr, List<OfBlock> blocks, Reservations reservations) {
    var inBlocks = BigInteger.ZERO;
    var reservedInBlocks = BigInteger.ZERO;
    for (var block : blocks) {
      inBlocks = inBlocks.add(BigInteger.valueOf(block.capacity()));
      reservedInBlocks = reservedInBlocks.add(BigInteger.valueOf(block.reserved()));
    }
    var reserved = reservations.sizeInside(cidr);
    var outside =
        Reservations.size(cidr).subtract(inBlocks).subtract(reserved.subtract(reservedInBlocks));
    return new Utilization(name, cidr, blocks, reserved, outside);
  }

  /**
   * A row per pool, and where none is asked for by name or prefix one for the blocks without pool.
   */
  static List<Utilization> of(
      List<IpPool> pools, List<String> wanted, List<Block> blocks, Reservations reservations) {
    var rows =
        pools.stream()
            .filter(
                pool ->
                    wanted.isEmpty()
                        || wanted.contains(pool.name())
                        || wanted.contains(pool.cidr().toString()))
            .toList();
    var byRow = new ArrayList<List<OfBlock>>();
    rows.forEach(_ -> byRow.add(new ArrayList<>()));
    var orphans = new ArrayList<OfBlock>();
    for (var block : blocks) {
      var row = OfBlock.of(block, reservations);
      int index = 0;
      while (index < rows.size() && !rows.get(index).cidr().overlaps(block.cidr())) {
        index++;
      }
      if (index < rows.size()) {
        byRow.get(index).add(row);
      } else if (block.cidr().family() == IpFamily.IPV4) {
        orphans.add(row);
      }
    }
    var found = new ArrayList<Utilization>();
    for (int i = 0; i < rows.size(); i++) {
      var pool = rows.get(i);
      found.add(of(pool.name(), pool.cidr(), byRow.get(i), reservations));
    }
    if (wanted.isEmpty()) {
      found.add(of(ORPHANS, Ipv4Prefix.of("0.0.0.0/0"), orphans, reservations));
    }
    return List.copyOf(found);
  }

  /** How many addresses the prefix has. */
  public BigInteger capacity() {
    return Reservations.size(cidr);
  }

  /** How many addresses of its blocks are in use. */
  public long inUse() {
    return blocks.stream().mapToLong(OfBlock::inUse).sum();
  }

  /** How many addresses are neither in use nor reserved. */
  public BigInteger available() {
    var available = availableOutsideBlocks;
    for (var block : blocks) {
      available = available.add(BigInteger.valueOf(block.assignable()));
    }
    return available;
  }

  /** As Calico's newer versions count it: in 64 bits, with the overflow that brings. */
  public long availableIn64Bits() {
    long available = saturated(availableOutsideBlocks);
    for (var block : blocks) {
      available += block.assignable();
    }
    return available;
  }

  /** {@code number}, or the greatest one of 64 bits. */
  public static long saturated(BigInteger number) {
    return number.bitLength() > 63 ? Long.MAX_VALUE : number.longValue();
  }
}
