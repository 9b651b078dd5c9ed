package dev.aviary.kernel;

import dev.aviary.kernel.netfilter.AddressType;
import dev.aviary.kernel.netfilter.Skb;
import dev.aviary.kernel.packet.Arp;
import dev.aviary.kernel.packet.Frame;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.route.RouteScope;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;

/** ARP (RFC 826) and IPv6's neighbor discovery (RFC 4861), with Linux's rules for proxies. */
final class NeighborResolver {
  private final Kernel kernel;

  NeighborResolver(Kernel kernel) {
    this.kernel = kernel;
  }

  /** The link-layer address of a group or broadcast address. */
  MacAddress groupMac(IpAddress address) {
    if (address instanceof Ipv4Address v4) {
      return v4.isMulticast()
          ? new MacAddress(0x01005e000000L | (v4.bits() & 0x7fffff))
          : MacAddress.BROADCAST;
    }
    var octets = address.octets();
    long low =
        ((octets[12] & 0xffL) << 24)
            | ((octets[13] & 0xffL) << 16)
            | ((octets[14] & 0xffL) << 8)
            | (octets[15] & 0xffL);
    return new MacAddress(0x333300000000L | low);
  }

  /** Asks the link for {@code target}; {@code about} is the source of the packet that waits. */
  void solicit(Link link, IpAddress target, IpAddress about, PacketWalk walk) {
    IpAddress sender;
    if (target.family() == IpFamily.IPV6) {
      sender = link.hasAddress(about) ? about : kernel.routing().sources().select6(link, target);
    } else {
      boolean own = kernel.routing().addressType(about, null) == AddressType.LOCAL;
      sender = own ? about : kernel.routing().sources().select(link, target, RouteScope.LINK);
    }
    if (sender == null) {
      return;
    }
    var to = MacAddress.BROADCAST;
    if (target.family() == IpFamily.IPV6) {
      to = groupMac(new dev.aviary.net.Ipv6Address(0, 0xff000000L | lowest24(target)));
    }
    send(link, to, new Arp(false, link.mac(), sender, MacAddress.ZERO, target), walk);
  }

  private static long lowest24(IpAddress address) {
    var octets = address.octets();
    return ((octets[13] & 0xffL) << 16) | ((octets[14] & 0xffL) << 8) | (octets[15] & 0xffL);
  }

  void send(Link link, MacAddress to, Arp arp, PacketWalk walk) {
    walk.transmit(link, new Frame.Resolution(link.mac(), to, arp), null);
  }

  /** What arp_process does with a message. */
  void receive(Link link, Frame.Resolution frame, PacketWalk walk) {
    var arp = frame.arp();
    if (arp.reply()) {
      learnReply(link, arp, walk);
      return;
    }
    boolean ignored =
        arp.target().isMulticast()
            || (arp.target().isLoopback() && !kernel.routing().routeLocalnet(link));
    if (ignored) {
      return;
    }
    if (arp.sender().isUnspecified()) {
      // Somebody checks whether an address is free: only its owner answers.
      if (isLocal(arp.target(), link) && !ignores(link, arp)) {
        answer(link, arp, walk);
      }
      return;
    }
    if (answers(link, arp)) {
      learnRequest(link, arp);
      answer(link, arp, walk);
    }
  }

  private boolean isLocal(IpAddress address, Link link) {
    if (address.family() == IpFamily.IPV6) {
      return link.hasAddress(address);
    }
    return kernel.routing().addressType(address, null) == AddressType.LOCAL;
  }

  /** arp_ignore: 1 answers only for addresses of the link that was asked. */
  private boolean ignores(Link link, Arp arp) {
    int level = Math.max(kernel.sysctls().all().arpIgnore, link.conf().arpIgnore);
    return switch (level) {
      case 0 -> false;
      case 1 -> !link.hasAddress(arp.target());
      case 2 ->
          link.addresses(IpFamily.IPV4).stream()
              .noneMatch(
                  own -> own.address().equals(arp.target()) && own.prefix().contains(arp.sender()));
      default -> level == 8;
    };
  }

  private boolean answers(Link link, Arp arp) {
    if (arp.target().family() == IpFamily.IPV6) {
      return link.hasAddress(arp.target()) || proxiesNdp(link, arp.target());
    }
    var skb = new Skb(new Packet(arp.sender(), arp.target(), 0));
    skb.setInDevice(link.name());
    return switch (kernel.routing().input(skb, link)) {
      case RouteDecision.Local(var route, var broadcast) ->
          route != null && !broadcast && !ignores(link, arp) && !filters(link, arp);
      case RouteDecision.Forward forward -> proxies(link, forward);
      case RouteDecision.Fail _ -> false;
    };
  }

  /** arp_filter: the way back to the sender must leave by the link that was asked. */
  private boolean filters(Link link, Arp arp) {
    if ((kernel.sysctls().all().arpFilter | link.conf().arpFilter) == 0) {
      return false;
    }
    var back = kernel.routing().output(arp.sender(), arp.target(), 0, 0, null).decision();
    return !(back instanceof RouteDecision.Forward forward && forward.device() == link);
  }

  private boolean proxies(Link link, RouteDecision.Forward route) {
    boolean sameLink = route.device() == link;
    boolean proxy = (kernel.sysctls().all().proxyArp | link.conf().proxyArp) != 0;
    boolean privateVlan = (kernel.sysctls().all().proxyArpPvlan | link.conf().proxyArpPvlan) != 0;
    return sameLink ? privateVlan : proxy;
  }

  private boolean proxiesNdp(Link link, IpAddress target) {
    return (kernel.sysctls().all().proxyNdp | link.conf().proxyNdp) != 0
        && kernel.neighbors().isProxied(link.name(), target);
  }

  @SuppressWarnings("ArgumentSelectionDefectChecker") // turned round on purpose
  private void answer(Link link, Arp arp, PacketWalk walk) {
    send(
        link,
        arp.senderMac(),
        new Arp(true, link.mac(), arp.target(), arp.senderMac(), arp.sender()),
        walk);
  }

  /** A request that is answered tells who its sender is. */
  private void learnRequest(Link link, Arp arp) {
    var known = kernel.neighbors().get(link.name(), arp.sender());
    if (known == null
        || !arp.senderMac().equals(known.mac())
        || known.state() == Neighbor.State.FAILED) {
      kernel.neighbors().put(link.name(), arp.sender(), arp.senderMac(), Neighbor.State.STALE);
    }
  }

  private void learnReply(Link link, Arp arp, PacketWalk walk) {
    var known = kernel.neighbors().get(link.name(), arp.sender());
    if (known == null) {
      return; // nobody asked
    }
    if (known.state() != Neighbor.State.PERMANENT) {
      kernel.neighbors().put(link.name(), arp.sender(), arp.senderMac(), Neighbor.State.REACHABLE);
    }
    kernel.egress().resolved(link, arp.sender(), walk);
  }
}
