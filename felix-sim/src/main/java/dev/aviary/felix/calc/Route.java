package dev.aviary.felix.calc;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.Optional;

/** A route that should be in the main table. */
public sealed interface Route {

  Prefix destination();

  /** The kernel's number of who put it there. */
  int protocol();

  /** Straight to a workload's interface. */
  record ToWorkload(Prefix destination, String device, int protocol, Optional<IpAddress> source)
      implements Route {}

  /** Into the VXLAN tunnel, to its other end. */
  record ThroughVxlan(Prefix destination, IpAddress vtep, int protocol) implements Route {}

  /** To another host on the same segment, without a tunnel. */
  record ToHost(Prefix destination, IpAddress gateway, int protocol) implements Route {}

  /** Nowhere: addresses of a block of this host that no workload has. */
  record Blackhole(Prefix destination, int protocol) implements Route {}
}
