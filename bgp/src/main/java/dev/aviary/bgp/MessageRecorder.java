package dev.aviary.bgp;

import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.transport.Wire;

/** Follows what comes to a speaker, octet by octet, on its event loop. */
@FunctionalInterface
public interface MessageRecorder {
  /** Keeps nothing. */
  MessageRecorder NOBODY = (_, _, _, _, _, _, _) -> {};

  /**
   * A whole message came; the octets are good during this call only.
   *
   * @param fourOctetAs how wide AS numbers are in it
   */
  void message(
      NeighborConfig neighbor,
      AsNumber localAs,
      Wire wire,
      boolean fourOctetAs,
      byte[] octets,
      int from,
      int length);
}
