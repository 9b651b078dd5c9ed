package dev.aviary.kernel;

import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.net.IpAddress;
import org.jspecify.annotations.Nullable;

/** What routing decided about a packet. */
sealed interface RouteDecision {

  /** To a socket of this host; {@code broadcast} if the address was not one of its own. */
  record Local(@Nullable KernelRoute route, boolean broadcast) implements RouteDecision {}

  /**
   * Out by {@code device}.
   *
   * @param nextHop the gateway, or the destination itself
   * @param redirect true if the sender should have taken the next hop itself
   */
  record Forward(KernelRoute route, Link device, IpAddress nextHop, boolean redirect)
      implements RouteDecision {}

  /**
   * Nowhere.
   *
   * @param code the code of the ICMP "unreachable" that is sent, or -1 for silence
   */
  record Fail(@Nullable KernelRoute route, DropReason reason, int code) implements RouteDecision {}
}
