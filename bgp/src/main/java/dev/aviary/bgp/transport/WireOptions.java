package dev.aviary.bgp.transport;

import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a connection is set up with.
 *
 * @param ttl of packets that leave
 * @param minimumTtl of packets that are taken (RFC 5082)
 * @param password TCP-MD5's key (RFC 2385)
 */
public record WireOptions(OptionalInt ttl, OptionalInt minimumTtl, Optional<String> password) {
  public static final WireOptions PLAIN =
      new WireOptions(OptionalInt.empty(), OptionalInt.empty(), Optional.empty());
}
