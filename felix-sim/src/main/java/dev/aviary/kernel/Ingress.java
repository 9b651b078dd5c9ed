package dev.aviary.kernel;

import dev.aviary.kernel.netfilter.PacketType;
import dev.aviary.kernel.netfilter.Skb;
import dev.aviary.kernel.netfilter.Verdict;
import dev.aviary.kernel.packet.Frame;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.net.IpFamily;
import org.jspecify.annotations.Nullable;

/** The way in: from a link to a socket or on to the way out. */
final class Ingress {
  private final Kernel kernel;

  Ingress(Kernel kernel) {
    this.kernel = kernel;
  }

  /** Takes a frame off a link. */
  void receive(Link link, Frame frame, @Nullable Trace trace, PacketWalk walk) {
    receive(link, frame, 0, trace, walk);
  }

  /** Takes a frame off a link; what comes out of a tunnel has a mark already. */
  void receive(Link link, Frame frame, int mark, @Nullable Trace trace, PacketWalk walk) {
    if (!link.isUp()) {
      drop(trace, DropReason.LINK_DOWN, link.name());
      return;
    }
    boolean loopback = link instanceof Link.Loopback;
    if (!loopback) {
      walk.seen(link, false, frame, trace);
    } else if (trace != null && frame instanceof Frame.Ip ip) {
      trace.add(
          new Step.Arrived(
              kernel.hostName(),
              link.name(),
              ip.source(),
              ip.destination(),
              dev.aviary.kernel.packet.PacketSummary.of(ip.packet())));
    }
    var to = frame.destination();
    if (!loopback && !to.isGroup() && !to.equals(link.mac())) {
      drop(trace, DropReason.OTHER_HOST, to.toString());
      return;
    }
    switch (frame) {
      case Frame.Resolution resolution -> kernel.resolver().receive(link, resolution, walk);
      case Frame.Ip ip -> {
        if (link.mac().equals(MacAddress.ZERO) && loopback) {
          looped(link, ip.packet(), trace, walk);
        } else {
          packet(link, ip, mark, trace, walk);
        }
      }
    }
  }

  private void packet(Link link, Frame.Ip frame, int mark, @Nullable Trace trace, PacketWalk walk) {
    var skb = new Skb(frame.packet());
    skb.setInDevice(link.name());
    skb.setMark(mark);
    if (frame.destination().isGroup()) {
      boolean broadcast = frame.destination().equals(MacAddress.BROADCAST);
      skb.setType(broadcast ? PacketType.BROADCAST : PacketType.MULTICAST);
    }
    skb.setMac(frame.destination(), frame.source());
    kernel.counters().add("IpInReceives", 1);
    kernel.fragments().expire(walk);
    if (frame.packet().isFragment() && kernel.conntrack().isActive()) {
      // nf_defrag_ipv4, nf_defrag_ipv6: conntrack and the rules see whole packets only.
      var whole = kernel.fragments().add(frame.packet(), link, false, trace, walk);
      if (whole != null) {
        var put = new Skb(whole.packet());
        put.setInDevice(link.name());
        put.setMark(mark);
        put.setType(skb.type());
        put.setMac(frame.destination(), frame.source());
        kernel.hooks().listen(put, whole.trace());
        prerouting(link, put, whole.trace(), walk, false);
      }
      return;
    }
    kernel.hooks().listen(skb, trace);
    prerouting(link, skb, trace, walk, false);
  }

  /** What was sent to this host itself keeps its mark and its connection. */
  private void looped(Link link, Packet packet, @Nullable Trace trace, PacketWalk walk) {
    var skb = kernel.egress().takeLooped(packet);
    skb.setInDevice(link.name());
    skb.setOutDevice(null);
    skb.setMac(MacAddress.ZERO, MacAddress.ZERO);
    kernel.counters().add("IpInReceives", 1);
    prerouting(link, skb, trace, walk, true);
  }

  private void prerouting(
      Link link, Skb skb, @Nullable Trace trace, PacketWalk walk, boolean looped) {
    var destination = skb.packet().destination();
    var result = kernel.hooks().prerouting(skb, trace);
    if (!result.accepted()) {
      refused(result, skb, trace, walk, null);
      return;
    }
    boolean same = destination.equals(skb.packet().destination());
    var decision =
        looped && same ? new RouteDecision.Local(null, false) : kernel.routing().input(skb, link);
    switch (decision) {
      case RouteDecision.Local local -> local(link, skb, trace, walk, local);
      case RouteDecision.Forward forward -> forward(link, skb, trace, walk, forward);
      case RouteDecision.Fail fail -> fail(link, skb, trace, walk, fail);
    }
  }

  private void local(
      Link link, Skb skb, @Nullable Trace trace, PacketWalk walk, RouteDecision.Local local) {
    if (trace != null) {
      trace.add(new Step.Routed(kernel.hostName(), local.route(), null));
    }
    if (skb.packet().isFragment()) {
      var whole = kernel.fragments().add(skb.packet(), link, true, trace, walk);
      if (whole != null) {
        var put = new Skb(whole.packet());
        put.setInDevice(link.name());
        put.setType(skb.type());
        deliver(link, put, whole.trace(), walk, local);
      }
      return;
    }
    deliver(link, skb, trace, walk, local);
  }

  private void deliver(
      Link link, Skb skb, @Nullable Trace trace, PacketWalk walk, RouteDecision.Local local) {
    var result = kernel.hooks().input(skb, trace);
    if (!result.accepted()) {
      refused(result, skb, trace, walk, link);
      return;
    }
    kernel.counters().add("IpInDelivers", 1);
    kernel.delivery().deliver(link, skb, trace, walk, local.broadcast());
  }

  private void forward(
      Link link, Skb skb, @Nullable Trace trace, PacketWalk walk, RouteDecision.Forward to) {
    var packet = skb.packet();
    if (trace != null) {
      trace.add(new Step.Routed(kernel.hostName(), to.route(), to.device().name()));
    }
    if (skb.type() != PacketType.HOST) {
      drop(trace, DropReason.NOT_FOR_FORWARDING, link.name());
      return;
    }
    if (packet.ttl() <= 1) {
      kernel.counters().add("IpInHdrErrors", 1);
      drop(trace, DropReason.TTL_EXCEEDED, "ttl " + packet.ttl());
      kernel.errors().ttlExceeded(skb, trace, walk);
      return;
    }
    int mtu = to.device().mtu();
    int biggest = packet.largestFragment() > 0 ? packet.largestFragment() : packet.length();
    boolean mayNot = packet.dontFragment() || packet.family() == IpFamily.IPV6;
    if (biggest > mtu && mayNot) {
      kernel.counters().add("IpFragFails", 1);
      drop(trace, DropReason.TOO_BIG, packet.length() + " octets, mtu " + mtu);
      kernel.errors().tooBig(skb, mtu, trace, walk);
      return;
    }
    packet.setTtl(packet.ttl() - 1);
    if (to.redirect()) {
      kernel.errors().redirect(skb, to.nextHop(), trace, walk);
    }
    skb.setOutDevice(to.device().name());
    skb.setNextHop(to.nextHop());
    kernel.counters().add("IpForwDatagrams", 1);
    var result = kernel.hooks().forward(skb);
    if (!result.accepted()) {
      refused(result, skb, trace, walk, link);
      return;
    }
    kernel.egress().postrouting(skb, to.device(), to.nextHop(), trace, walk);
  }

  private void fail(
      Link link, Skb skb, @Nullable Trace trace, PacketWalk walk, RouteDecision.Fail fail) {
    if (trace != null) {
      trace.add(new Step.Routed(kernel.hostName(), fail.route(), null));
    }
    drop(trace, fail.reason(), link.name());
    if (fail.code() >= 0) {
      kernel.errors().routeFailed(skb, fail, trace, walk);
    }
  }

  void refused(
      Hooks.Result result, Skb skb, @Nullable Trace trace, PacketWalk walk, @Nullable Link link) {
    switch (result.verdict()) {
      case Verdict.Reject(var with) -> {
        drop(trace, DropReason.REJECTED, with.text());
        kernel.errors().rejected(skb, link, with, trace, walk);
        if (link != null) {
          skb.answered();
        }
      }
      case Verdict.Drop _ -> {
        var reason = result.reason() == null ? DropReason.RULE : result.reason();
        drop(trace, reason, "");
      }
      case Verdict.Accept _ -> throw new IllegalStateException("accepted packets are not refused");
    }
  }

  void drop(@Nullable Trace trace, DropReason reason, String detail) {
    if (trace != null) {
      trace.add(new Step.Dropped(kernel.hostName(), reason, detail));
    }
  }
}
