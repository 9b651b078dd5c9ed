package dev.aviary.bgp.rib;

import dev.aviary.net.IpAddress;

/** Says whether a next hop can be reached, and at what cost (RFC 4271 §9.1.2.1). */
@FunctionalInterface
public interface NextHopResolver {
  /** Cost of a next hop that cannot be reached. */
  int UNREACHABLE = Integer.MAX_VALUE;

  /** Cost that is not known, as BIRD has it behind a gateway route: more than any that is. */
  int UNKNOWN = Integer.MAX_VALUE - 1;

  /** The cost, 0 on a link of our own. */
  int cost(IpAddress nextHop);

  /** Everything is on a link of our own. */
  static NextHopResolver everything() {
    return Everything.EVERYTHING;
  }

  /** See {@link #everything}; the one that need not be asked. */
  enum Everything implements NextHopResolver {
    EVERYTHING;

    @Override
    public int cost(IpAddress nextHop) {
      return 0;
    }
  }
}
