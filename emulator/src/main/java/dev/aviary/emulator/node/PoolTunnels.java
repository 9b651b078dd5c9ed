package dev.aviary.emulator.node;

import dev.aviary.emulator.resource.IpPoolResource;
import dev.aviary.emulator.resource.IpPoolResource.TunnelMode;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Optional;

/**
 * What calico_kernel_programming says of pools with tunnels: VXLAN's routes are Felix's, IPIP's go
 * by tunl0, in mode CrossSubnet only where the next hop is outside the node's own network.
 */
record PoolTunnels(List<IpPoolResource> pools, Optional<Prefix> ownNet) {
  PoolTunnels {
    pools = List.copyOf(pools);
  }

  boolean isVxlan(Prefix route) {
    return route.family() == IpFamily.IPV4 && mode(route, true) != TunnelMode.NEVER;
  }

  boolean isIpip(Prefix route, IpAddress nextHop) {
    return switch (mode(route, false)) {
      case NEVER -> false;
      case ALWAYS -> true;
      case CROSS_SUBNET -> ownNet.filter(net -> net.contains(nextHop)).isEmpty();
    };
  }

  private TunnelMode mode(Prefix route, boolean vxlan) {
    for (var pool : pools) {
      if (pool.cidr().contains(route.address()) && pool.cidr().length() <= route.length()) {
        return vxlan ? pool.vxlanMode() : pool.ipipMode();
      }
    }
    return TunnelMode.NEVER;
  }
}
