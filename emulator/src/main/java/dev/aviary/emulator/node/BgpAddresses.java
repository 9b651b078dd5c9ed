package dev.aviary.emulator.node;

import dev.aviary.net.IpAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.Optional;

/**
 * Which address each node's speaker really binds: on loopback one of its own that stands for the
 * node's, which keeps being its router id, next hop and identity.
 */
public record BgpAddresses(Map<IpAddress, InetSocketAddress> standIns) {
  public BgpAddresses {
    standIns = Map.copyOf(standIns);
  }

  Optional<InetSocketAddress> of(IpAddress address) {
    return Optional.ofNullable(standIns.get(address));
  }
}
