package dev.aviary.kernel;

import dev.aviary.kernel.netfilter.Skb;
import dev.aviary.kernel.packet.Frame;
import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.PacketSummary;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import org.jspecify.annotations.Nullable;

/**
 * IP in IP (RFC 2003) and VXLAN (RFC 7348) as Linux does them: the packet inside loses its
 * connection and keeps its mark, and the outer one starts in OUTPUT like any packet of the host.
 */
final class Tunnels {
  private static final int IPV4_HEADER = 20;
  private static final int VXLAN_HEADERS = 50;
  private static final int FIRST_PORT = 32768;
  private static final int PORTS = 60999 - FIRST_PORT;
  private static final int ECN = 3;

  private final Kernel kernel;

  Tunnels(Kernel kernel) {
    this.kernel = kernel;
  }

  /** ip_tunnel_xmit of a device without a fixed end: the next hop is the other end. */
  void ipip(Link.IpIp device, Skb skb, IpAddress nextHop, @Nullable Trace trace, PacketWalk walk) {
    var inner = skb.packet();
    walk.seen(device, true, new Frame.Ip(MacAddress.ZERO, MacAddress.ZERO, inner), trace);
    if (inner.family() != IpFamily.IPV4) {
      kernel.ingress().drop(trace, DropReason.NO_PEER, device.name());
      return;
    }
    var route = kernel.routing().output(nextHop, null, 0, inner.tos() & ECN, null);
    if (!isUsable(route, device) || route.source() == null) {
      kernel.ingress().drop(trace, DropReason.NO_ROUTE, device.name() + " to " + nextHop);
      return;
    }
    if (isTooBig(skb, route, IPV4_HEADER, trace, walk)) {
      return;
    }
    var outer = new Packet(route.source(), nextHop, IpProtocol.IPIP);
    outer.setInner(inner);
    outer.setTtl(inner.ttl());
    outer.setTos(inner.tos() & ECN);
    outer.setDontFragment(inner.dontFragment());
    outer.setId(kernel.nextPacketId());
    send(device, skb, outer, route, trace, walk);
  }

  /** vxlan_xmit of a frame to a known end; others are dropped, as without a default end. */
  void vxlan(Link.Vxlan device, Skb skb, MacAddress to, @Nullable Trace trace, PacketWalk walk) {
    var inner = skb.packet();
    walk.seen(device, true, new Frame.Ip(device.mac(), to, inner), trace);
    var remote = device.remote(to);
    if (remote == null) {
      kernel.ingress().drop(trace, DropReason.NO_PEER, device.name() + " has no end for " + to);
      return;
    }
    var route =
        kernel.routing().output(remote, device.local(), skb.mark(), inner.tos() & ECN, null);
    if (!isUsable(route, device)) {
      kernel.ingress().drop(trace, DropReason.NO_ROUTE, device.name() + " to " + remote);
      return;
    }
    if (isTooBig(skb, route, VXLAN_HEADERS, trace, walk)) {
      return;
    }
    var outer = new Packet(device.local(), remote, IpProtocol.UDP);
    outer.setPorts(sourcePort(inner), device.port());
    outer.setInner(new Packet.Vxlan(device.vni(), device.mac(), to), inner);
    outer.setTtl(kernel.defaultTtl());
    outer.setTos(inner.tos() & ECN);
    outer.setId(kernel.nextPacketId());
    send(device, skb, outer, route, trace, walk);
  }

  /** udp_flow_src_port: one port a flow, so that routers on the way spread flows. */
  private static int sourcePort(Packet inner) {
    int hash = inner.source().hashCode() * 31 + inner.destination().hashCode();
    hash = hash * 31 + inner.protocol();
    hash = (hash * 31 + inner.sourcePort()) * 31 + inner.destinationPort();
    long spread = (hash * 0x9E3779B9L) & 0xffffffffL;
    return FIRST_PORT + (int) ((spread * PORTS) >>> 32);
  }

  /** The way to the other end must not lead into the tunnel again. */
  private static boolean isUsable(Routing.Output route, Link device) {
    return switch (route.decision()) {
      case RouteDecision.Forward forward -> forward.device() != device;
      case RouteDecision.Local _ -> true;
      case RouteDecision.Fail _ -> false;
    };
  }

  /** The sender is told what fits (tnl_update_pmtu, skb_tunnel_check_pmtu). */
  private boolean isTooBig(
      Skb skb, Routing.Output route, int headers, @Nullable Trace trace, PacketWalk walk) {
    if (!(route.decision() instanceof RouteDecision.Forward forward)) {
      return false;
    }
    int mtu = forward.device().mtu() - headers;
    if (skb.packet().length() <= mtu || !skb.packet().dontFragment()) {
      return false;
    }
    kernel.ingress().drop(trace, DropReason.TOO_BIG, skb.packet().length() + " octets, mtu " + mtu);
    kernel.errors().tooBig(skb, mtu, trace, walk);
    return true;
  }

  private void send(
      Link device,
      Skb inner,
      Packet outer,
      Routing.Output route,
      @Nullable Trace trace,
      PacketWalk walk) {
    if (trace != null) {
      trace.add(new Step.Encapsulated(kernel.hostName(), device.name(), PacketSummary.of(outer)));
    }
    var skb = new Skb(outer);
    skb.setMark(inner.mark());
    kernel.egress().sendEncapsulated(skb, route, trace, walk);
  }

  /** True if some device took the IP-in-IP packet. */
  boolean receiveIpip(Skb outer, @Nullable Trace trace, PacketWalk walk) {
    var inner = outer.packet().inner();
    for (var link : kernel.links().all()) {
      if (link instanceof Link.IpIp && link.isUp() && inner != null) {
        receive(
            link, new Frame.Ip(MacAddress.ZERO, MacAddress.ZERO, inner), outer.mark(), trace, walk);
        return true;
      }
    }
    return false;
  }

  /** True if there is a device for IP in IP, even if it is down. */
  boolean speaksIpip() {
    for (var link : kernel.links().all()) {
      if (link instanceof Link.IpIp) {
        return true;
      }
    }
    return false;
  }

  /** True if the datagram is for a VXLAN port of this host: a device took it, or it is dropped. */
  boolean receiveVxlan(Skb outer, @Nullable Trace trace, PacketWalk walk) {
    var packet = outer.packet();
    boolean isPort = false;
    for (var link : kernel.links().all()) {
      if (link instanceof Link.Vxlan device
          && device.isUp()
          && device.port() == packet.destinationPort()) {
        isPort = true;
        var headers = packet.vxlan();
        var inner = packet.inner();
        if (headers != null
            && inner != null
            && headers.vni() == device.vni()
            && !headers.source().equals(device.mac())) {
          receive(
              link,
              new Frame.Ip(headers.source(), headers.destination(), inner),
              outer.mark(),
              trace,
              walk);
          return true;
        }
      }
    }
    if (isPort) {
      kernel.ingress().drop(trace, DropReason.IGNORED, "no such network");
    }
    return isPort;
  }

  private void receive(
      Link link, Frame.Ip frame, int mark, @Nullable Trace trace, PacketWalk walk) {
    if (trace != null) {
      trace.add(
          new Step.Decapsulated(kernel.hostName(), link.name(), PacketSummary.of(frame.packet())));
    }
    kernel.ingress().receive(link, frame, mark, trace, walk);
  }
}
