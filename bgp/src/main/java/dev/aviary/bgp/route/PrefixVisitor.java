package dev.aviary.bgp.route;

/** Takes prefixes one by one without an object for each. */
@FunctionalInterface
public interface PrefixVisitor {

  /**
   * One prefix; host bits are zero.
   *
   * @param high the first 64 bits; an IPv4 address is in the upper 32
   * @param low the last 64 bits; zero for IPv4
   * @param length in bits
   * @param pathId RFC 7911's path identifier, zero where there is none
   */
  void prefix(long high, long low, int length, int pathId);
}
