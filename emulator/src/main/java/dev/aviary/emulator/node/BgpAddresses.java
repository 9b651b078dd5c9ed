package dev.aviary.emulator.node;

import dev.aviary.net.IpAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Which address each node's speaker really binds: on loopback one of its own that stands for the
 * node's, which keeps being its router id, next hop and identity.
 */
@FunctionalInterface
public interface BgpAddresses {

  /** What stands for {@code address}; empty for somebody outside. */
  Optional<InetSocketAddress> of(IpAddress address);

  /**
   * What to dial for {@code port} at {@code address}: where nobody listens, if the node listens at
   * another port.
   */
  default Optional<InetSocketAddress> of(IpAddress address, int port) {
    return of(address);
  }
}
