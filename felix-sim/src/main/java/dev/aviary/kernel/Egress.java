package dev.aviary.kernel;

import dev.aviary.kernel.netfilter.Skb;
import dev.aviary.kernel.netfilter.Verdict;
import dev.aviary.kernel.packet.Frame;
import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.PacketSummary;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The way out: from a socket, or from the way in, through POSTROUTING to a neighbor. */
final class Egress {
  /** Packets that wait for one neighbor (unres_qlen counts octets; three full frames and more). */
  private static final int QUEUE = 101;

  private record Key(String device, IpAddress address) {}

  private record Waiting(Skb skb, @Nullable Trace trace, boolean forwarded) {}

  private final Kernel kernel;
  private final IdentityHashMap<Packet, Skb> looped = new IdentityHashMap<>();
  private final Map<Key, Deque<Waiting>> waiting = new LinkedHashMap<>();

  Egress(Kernel kernel) {
    this.kernel = kernel;
  }

  /** What came of sending: null, or the errno that the socket sees. */
  @Nullable String send(Skb skb, Routing.Output route, @Nullable Trace trace, PacketWalk walk) {
    if (trace != null) {
      trace.add(new Step.Originated(kernel.hostName(), PacketSummary.of(skb.packet())));
    }
    return sendEncapsulated(skb, route, trace, walk);
  }

  /** Sends a packet of a connected socket; the errno that comes of it, or null. */
  @Nullable String sendStream(
      Packet packet, Routing.Output route, @Nullable Trace cause, PacketWalk walk) {
    return switch (route.decision()) {
      case RouteDecision.Fail fail -> Errno.ofRoute(fail);
      case RouteDecision.Local _, RouteDecision.Forward _ -> {
        var skb = new Skb(packet);
        skb.setSocketUid(0);
        var errno = send(skb, route, walk.begin(packet, cause), walk);
        skb.answered();
        yield errno;
      }
    };
  }

  /** As {@link #send}, for a packet whose making a trace tells already. */
  @Nullable String sendEncapsulated(
      Skb skb, Routing.Output route, @Nullable Trace trace, PacketWalk walk) {
    var packet = skb.packet();
    kernel.counters().add("IpOutRequests", 1);
    var way = new Way(route.decision());
    if (!place(skb, route.decision())) {
      return "ENETUNREACH";
    }
    kernel.hooks().listen(skb, trace);
    var result = kernel.hooks().output(skb, trace, again -> reroute(again, way));
    if (!result.accepted()) {
      // An answer's source is asked of the route that the packet has by now (icmp_send).
      place(skb, way.decision);
      kernel.ingress().refused(result, skb, trace, walk, null);
      if (skb.socketUid() < 0) {
        skb.answered(); // what a process sent is told of when the answer has been received
      }
      // What REJECT answers reaches the socket by itself, if it gets through; TCP waits for that.
      boolean rejected = result.verdict() instanceof Verdict.Reject;
      return rejected && packet.protocol() == IpProtocol.UDP ? "EPERM" : result.errno();
    }
    if (!place(skb, way.decision)) {
      return "EHOSTUNREACH";
    }
    switch (way.decision) {
      case RouteDecision.Local _ ->
          postrouting(skb, kernel.links().get("lo"), packet.destination(), trace, walk);
      case RouteDecision.Forward forward ->
          postrouting(skb, forward.device(), forward.nextHop(), trace, walk);
      case RouteDecision.Fail _ -> throw new IllegalStateException("checked above");
    }
    return null;
  }

  /** The route of a packet that is being sent; nat may change it. */
  private static final class Way {
    private RouteDecision decision;

    Way(RouteDecision decision) {
      this.decision = decision;
    }
  }

  private static boolean place(Skb skb, RouteDecision decision) {
    return switch (decision) {
      case RouteDecision.Local _ -> {
        skb.setOutDevice("lo");
        skb.setNextHop(skb.packet().destination());
        yield true;
      }
      case RouteDecision.Forward forward -> {
        skb.setOutDevice(forward.device().name());
        skb.setNextHop(forward.nextHop());
        yield true;
      }
      case RouteDecision.Fail _ -> false;
    };
  }

  private @Nullable String reroute(Skb skb, Way way) {
    var packet = skb.packet();
    boolean own = kernel.links().owner(packet.source()) != null || packet.source().isLoopback();
    var route =
        kernel
            .routing()
            .output(
                packet.destination(), own ? packet.source() : null, skb.mark(), packet.tos(), null);
    way.decision = route.decision();
    return route.decision() instanceof RouteDecision.Fail fail ? Errno.ofRoute(fail) : null;
  }

  /** POSTROUTING, then the neighbor. */
  void postrouting(
      Skb skb, Link device, IpAddress nextHop, @Nullable Trace trace, PacketWalk walk) {
    boolean forwarded = skb.inDevice() != null;
    skb.setOutDevice(device.name());
    skb.setNextHop(nextHop);
    var result = kernel.hooks().postrouting(skb, trace);
    if (!result.accepted()) {
      kernel.ingress().refused(result, skb, trace, walk, null);
      return;
    }
    finish(new Waiting(skb, trace, forwarded), device, nextHop, walk);
  }

  private void finish(Waiting packet, Link device, IpAddress nextHop, PacketWalk walk) {
    if (!device.isUp()) {
      kernel.ingress().drop(packet.trace, DropReason.LINK_DOWN, device.name());
      return;
    }
    if (device instanceof Link.Loopback) {
      looped.put(packet.skb.packet(), packet.skb);
      walk.transmit(
          device,
          new Frame.Ip(MacAddress.ZERO, MacAddress.ZERO, packet.skb.packet()),
          packet.trace);
      return;
    }
    int mtu = packet.forwarded ? device.mtu() : kernel.pathMtus().of(whole(packet), device.mtu());
    if (mustSplit(packet.skb.packet(), mtu)) {
      split(packet, device, nextHop, mtu, walk);
      return;
    }
    if (device instanceof Link.IpIp tunnel) {
      kernel.tunnels().ipip(tunnel, packet.skb, nextHop, packet.trace, walk);
      return;
    }
    if (nextHop.isMulticast() || isBroadcast(nextHop)) {
      transmit(packet, device, kernel.resolver().groupMac(nextHop), walk);
      return;
    }
    var neighbor = kernel.neighbors().get(device.name(), nextHop);
    var mac = neighbor == null ? null : neighbor.mac();
    if (mac != null && neighbor != null) {
      if (neighbor.state() == Neighbor.State.STALE) {
        kernel.neighbors().put(device.name(), nextHop, mac, Neighbor.State.DELAY);
      }
      if (packet.trace != null) {
        packet.trace.add(new Step.Resolved(kernel.hostName(), neighbor));
      }
      transmit(packet, device, mac, walk);
      return;
    }
    enqueue(packet, device, nextHop, walk);
  }

  private static IpAddress whole(Waiting packet) {
    return packet.skb.packet().destination();
  }

  /**
   * What came in fragments goes out in fragments that are no bigger (ip_do_fragment, ip6_fragment);
   * fragments of IPv6 are not split again, as they were refused where they are too big.
   */
  private static boolean mustSplit(Packet packet, int mtu) {
    if (packet.family() == IpFamily.IPV6 && packet.isFragment()) {
      return false;
    }
    return packet.length() > mtu || (packet.largestFragment() > 0 && !packet.isFragment());
  }

  private void split(Waiting whole, Link device, IpAddress nextHop, int mtu, PacketWalk walk) {
    var packet = whole.skb.packet();
    if (packet.dontFragment() && packet.family() == IpFamily.IPV4) {
      kernel.counters().add("IpFragFails", 1);
      kernel
          .ingress()
          .drop(whole.trace, DropReason.TOO_BIG, packet.length() + " octets, mtu " + mtu);
      kernel.errors().tooBig(whole.skb, mtu, whole.trace, walk);
      return;
    }
    int largest = packet.largestFragment();
    var parts = kernel.fragments().split(packet, largest > 0 ? Math.min(mtu, largest) : mtu);
    for (int i = 0; i < parts.size(); i++) {
      var skb = new Skb(parts.get(i));
      skb.setMark(whole.skb.mark());
      var trace = i == 0 ? whole.trace : walk.partTrace(packet, i - 1, parts.get(i), whole.trace);
      finish(new Waiting(skb, trace, whole.forwarded), device, nextHop, walk);
    }
  }

  private boolean isBroadcast(IpAddress address) {
    return kernel.routing().addressType(address, null)
        == dev.aviary.kernel.netfilter.AddressType.BROADCAST;
  }

  private void enqueue(Waiting packet, Link device, IpAddress nextHop, PacketWalk walk) {
    var queue = waiting.computeIfAbsent(new Key(device.name(), nextHop), _ -> new ArrayDeque<>());
    if (queue.size() >= QUEUE) {
      var oldest = queue.removeFirst();
      kernel.ingress().drop(oldest.trace, DropReason.NEIGHBOR_UNRESOLVED, nextHop.toString());
    }
    queue.addLast(packet);
    walk.waitsForNeighbor(kernel);
    if (queue.size() == 1) {
      kernel.neighbors().put(device.name(), nextHop, null, Neighbor.State.INCOMPLETE);
      kernel.resolver().solicit(device, nextHop, packet.skb.packet().source(), walk);
    }
  }

  private void transmit(Waiting packet, Link device, MacAddress mac, PacketWalk walk) {
    if (device instanceof Link.Vxlan tunnel) {
      kernel.tunnels().vxlan(tunnel, packet.skb, mac, packet.trace, walk);
      return;
    }
    walk.transmit(device, new Frame.Ip(device.mac(), mac, packet.skb.packet()), packet.trace);
  }

  /** A neighbor has answered: what waited for it goes out. */
  void resolved(Link device, IpAddress address, PacketWalk walk) {
    var queue = waiting.remove(new Key(device.name(), address));
    if (queue == null) {
      return;
    }
    for (var packet : queue) {
      finish(packet, device, address, walk);
    }
  }

  /** The packets that wait for a neighbor now. */
  List<PacketSummary> pending() {
    var all = new ArrayList<PacketSummary>();
    waiting
        .values()
        .forEach(queue -> queue.forEach(w -> all.add(PacketSummary.of(w.skb.packet()))));
    return all;
  }

  /** Three requests went unanswered: the packets are dropped and their senders told. */
  void failNeighbors(PacketWalk walk) {
    var failed = new LinkedHashMap<>(waiting);
    waiting.clear();
    failed.forEach(
        (key, queue) -> {
          kernel.neighbors().put(key.device, key.address, null, Neighbor.State.FAILED);
          for (var packet : queue) {
            kernel.ingress().drop(packet.trace, DropReason.NEIGHBOR_FAILED, key.address.toString());
            kernel.errors().linkFailed(packet.skb, packet.trace, walk);
          }
        });
  }

  /** Forgets packets that wait, as a flush of the neighbor table does. */
  void forgetWaiting() {
    waiting.clear();
  }

  /** The socket buffer of a packet that comes back by the loopback device. */
  Skb takeLooped(Packet packet) {
    var skb = looped.remove(packet);
    return skb == null ? new Skb(packet) : skb;
  }
}
