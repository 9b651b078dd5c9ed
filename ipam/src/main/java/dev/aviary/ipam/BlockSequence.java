package dev.aviary.ipam;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.math.BigInteger;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.function.LongSupplier;

/**
 * The blocks of a pool in the order in which a host tries them: from a start that is pseudo-random
 * but fixed by the host's name, upwards, once around.
 */
final class BlockSequence implements Iterator<Prefix> {
  private final Prefix pool;
  private final int blockSize;
  private final BigInteger count;
  private BigInteger next;
  private BigInteger left;

  private BlockSequence(Prefix pool, int blockSize, BigInteger count, BigInteger start) {
    this.pool = pool;
    this.blockSize = blockSize;
    this.count = count;
    this.next = start;
    this.left = count;
  }

  /**
   * From the host's own start; {@code nanoTime} seeds pools of single addresses, as Calico does.
   */
  static BlockSequence of(IpPool pool, String host, LongSupplier nanoTime) {
    var count = count(pool.cidr(), pool.blockSize());
    boolean single = pool.blockSize() == pool.cidr().family().bits();
    var random = single ? new GoRandom(nanoTime.getAsLong()) : GoRandom.seededBy(host);
    return new BlockSequence(pool.cidr(), pool.blockSize(), count, random.below(count));
  }

  /** From the first block of {@code cidr} upwards. */
  static BlockSequence ascending(Prefix cidr, int blockSize) {
    return new BlockSequence(cidr, blockSize, count(cidr, blockSize), BigInteger.ZERO);
  }

  private static BigInteger count(Prefix cidr, int blockSize) {
    return BigInteger.ONE.shiftLeft(blockSize - cidr.length());
  }

  /** The number of the block that comes next. */
  BigInteger position() {
    return next;
  }

  @Override
  public boolean hasNext() {
    return left.signum() > 0;
  }

  @Override
  public Prefix next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    int bits = pool.family().bits();
    var first = new BigInteger(1, pool.address().octets()).add(next.shiftLeft(bits - blockSize));
    next = next.add(BigInteger.ONE).mod(count);
    left = left.subtract(BigInteger.ONE);
    var octets = new byte[bits / 8];
    var magnitude = first.toByteArray();
    int length = Math.min(magnitude.length, octets.length);
    System.arraycopy(magnitude, magnitude.length - length, octets, octets.length - length, length);
    return Prefix.of(IpAddress.of(octets), blockSize);
  }
}
