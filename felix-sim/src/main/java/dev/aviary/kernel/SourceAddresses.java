package dev.aviary.kernel;

import dev.aviary.kernel.netfilter.Skb;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.kernel.route.NextHop;
import dev.aviary.kernel.route.RouteScope;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which of a host's addresses a packet gets as its source. */
final class SourceAddresses {
  private final Kernel kernel;

  SourceAddresses(Kernel kernel) {
    this.kernel = kernel;
  }

  /** The source of what goes by {@code hop} of {@code route}, where nobody asks for one. */
  @Nullable IpAddress of(KernelRoute route, NextHop hop, Link link, IpAddress destination) {
    if (route.source() != null) {
      return route.source();
    }
    if (route.family() == IpFamily.IPV6) {
      return select6(link, destination);
    }
    return select(link, hop.gateway(), route.scope());
  }

  /** The address that Linux's inet_select_addr takes: of the link, else of the first other one. */
  @Nullable IpAddress select(Link link, @Nullable IpAddress near, RouteScope scope) {
    IpAddress first = null;
    for (var own : link.addressList()) {
      if (own.address().family() != IpFamily.IPV4
          || own.secondary()
          || own.scope().number() > scope.number()) {
        continue;
      }
      if (near == null || own.prefix().contains(near)) {
        return own.address();
      }
      if (first == null) {
        first = own.address();
      }
    }
    if (first != null) {
      return first;
    }
    for (var own : kernel.links().primaries(IpFamily.IPV4)) {
      if (own.scope() != RouteScope.LINK && own.scope().number() <= scope.number()) {
        return own.address();
      }
    }
    return null;
  }

  /** RFC 6724 in short: the link's own address that shares most bits, link-local for link-local. */
  @Nullable IpAddress select6(Link link, IpAddress destination) {
    IpAddress best = null;
    int most = -1;
    for (var candidates : List.of(link.addressList(), kernel.links().primaries(IpFamily.IPV6))) {
      for (var own : candidates) {
        var address = own.address();
        if (address.family() != IpFamily.IPV6
            || address.isLoopback() != destination.isLoopback()
            || address.isLinkLocal() != destination.isLinkLocal()) {
          continue;
        }
        int common = commonBits(address, destination);
        if (common > most) {
          most = common;
          best = address;
        }
      }
      if (best != null) {
        return best;
      }
    }
    return null;
  }

  private static int commonBits(IpAddress a, IpAddress b) {
    int bits = 0;
    while (bits < 128 && a.bit(bits) == b.bit(bits)) {
      bits++;
    }
    return bits;
  }

  /** What MASQUERADE puts in: an address of the device that the packet leaves by. */
  @Nullable IpAddress masquerade(Skb skb) {
    var device = skb.outDevice();
    var link = device == null ? null : kernel.links().byName(device);
    if (link == null) {
      return null;
    }
    var nextHop = skb.nextHop();
    if (skb.packet().family() == IpFamily.IPV6) {
      return select6(link, skb.packet().destination());
    }
    return select(link, nextHop == null ? skb.packet().destination() : nextHop, RouteScope.GLOBAL);
  }

  /** What REDIRECT puts in: an address of the device that the packet came in by. */
  @Nullable IpAddress redirect(Skb skb) {
    var device = skb.inDevice();
    var family = skb.packet().family();
    if (device == null) {
      return family == IpFamily.IPV4 ? Ipv4Address.of("127.0.0.1") : Ipv6Address.of("::1");
    }
    var link = kernel.links().byName(device);
    var own = link == null ? List.<InterfaceAddress>of() : link.addresses(family);
    return own.isEmpty() ? null : own.getFirst().address();
  }
}
