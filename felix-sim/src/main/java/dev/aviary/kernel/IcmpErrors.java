package dev.aviary.kernel;

import dev.aviary.kernel.conntrack.Conntrack;
import dev.aviary.kernel.netfilter.PacketType;
import dev.aviary.kernel.netfilter.Skb;
import dev.aviary.kernel.netfilter.Target;
import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.TcpFlags;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import org.jspecify.annotations.Nullable;

/** The errors a kernel sends about packets it cannot handle (icmp_send, RFC 1122, RFC 4443). */
final class IcmpErrors {
  private static final int UNREACHABLE = 3;
  private static final int REDIRECT = 5;
  private static final int TIME_EXCEEDED = 11;
  private static final int INTERNETWORK_CONTROL = 0xc0;
  private static final int MOST_QUOTED = 548;
  private static final int MOST_QUOTED6 = 1232;

  private final Kernel kernel;
  private final RateLimits limits;

  IcmpErrors(Kernel kernel) {
    this.kernel = kernel;
    this.limits = new RateLimits(kernel.clock(), kernel.sysctls());
  }

  void ttlExceeded(Skb skb, @Nullable Trace cause, PacketWalk walk) {
    boolean v6 = skb.packet().family() == IpFamily.IPV6;
    send(skb, v6 ? 3 : TIME_EXCEEDED, 0, 0, null, false, cause, walk);
  }

  /** A packet's fragments waited too long for the rest (RFC 792, RFC 4443 §3.3). */
  void partsMissing(Skb skb, @Nullable Trace cause, PacketWalk walk) {
    boolean v6 = skb.packet().family() == IpFamily.IPV6;
    send(skb, v6 ? 3 : TIME_EXCEEDED, 1, 0, null, true, cause, walk);
  }

  void tooBig(Skb skb, int mtu, @Nullable Trace cause, PacketWalk walk) {
    boolean v6 = skb.packet().family() == IpFamily.IPV6;
    send(skb, v6 ? 2 : UNREACHABLE, v6 ? 0 : 4, mtu, null, false, cause, walk);
  }

  /** ip_error: unlike the others it has a limit of its own, per source address. */
  void routeFailed(Skb skb, RouteDecision.Fail fail, @Nullable Trace cause, PacketWalk walk) {
    boolean v6 = skb.packet().family() == IpFamily.IPV6;
    if (v6 || limits.allowRouteError(skb.packet().source())) {
      send(skb, v6 ? 1 : UNREACHABLE, fail.code(), 0, null, false, cause, walk);
    }
  }

  /** The next hop could not be resolved. */
  void linkFailed(Skb skb, @Nullable Trace cause, PacketWalk walk) {
    boolean v6 = skb.packet().family() == IpFamily.IPV6;
    send(skb, v6 ? 1 : UNREACHABLE, v6 ? 3 : 1, 0, null, false, cause, walk);
  }

  /** Nothing listens at a port, or speaks a protocol. */
  void notHere(Skb skb, int code, @Nullable Trace cause, PacketWalk walk) {
    // What came to a socket has lost its connection (nf_reset_ct): the error is tracked by itself.
    skb.tracking().clear();
    boolean v6 = skb.packet().family() == IpFamily.IPV6;
    int type = v6 ? 1 : UNREACHABLE;
    if (v6 && code == 2) {
      type = 4; // RFC 4443 §3.4: unrecognized next header
    }
    send(skb, type, v6 ? (code == 2 ? 1 : 4) : code, 0, null, true, cause, walk);
  }

  void redirect(Skb skb, IpAddress nextHop, @Nullable Trace cause, PacketWalk walk) {
    if (limits.allowRedirect(skb.packet().source())) {
      send(skb, REDIRECT, 1, 0, nextHop, false, cause, walk);
    }
  }

  /** What REJECT answers. */
  void rejected(
      Skb skb, @Nullable Link in, Target.Reject.With with, @Nullable Trace cause, PacketWalk walk) {
    if (with == Target.Reject.With.TCP_RESET) {
      reset(skb, cause, walk);
      return;
    }
    boolean v6 = skb.packet().family() == IpFamily.IPV6;
    if (isOwnAnswer(skb)) {
      return; // icmp_xmit_lock: the stack is in the middle of sending a message of its own
    }
    // On the way to a socket of this host (icmp_send: RTCF_LOCAL) the address that was asked
    // answers.
    boolean local = (in != null && skb.outDevice() == null) || "lo".equals(skb.outDevice());
    send(skb, v6 ? 1 : UNREACHABLE, v6 ? with.code6() : with.code(), 0, null, local, cause, walk);
  }

  /** True for an echo or time stamp reply of this host on its way out. */
  private static boolean isOwnAnswer(Skb skb) {
    var packet = skb.packet();
    if (!packet.isIcmp() || skb.inDevice() != null || skb.socketUid() >= 0) {
      return false;
    }
    int type = packet.icmpType();
    return packet.family() == IpFamily.IPV6 ? type == 129 : type == 0 || type == 14;
  }

  private void send(
      Skb about,
      int type,
      int code,
      int info,
      @Nullable IpAddress gateway,
      boolean local,
      @Nullable Trace cause,
      PacketWalk walk) {
    var packet = about.packet();
    boolean v6 = packet.family() == IpFamily.IPV6;
    if (about.type() != PacketType.HOST
        || (!v6 && packet.fragmentOffset() > 0)
        || packet.isIcmpError()
        || packet.source().isUnspecified()
        || packet.source().isMulticast()
        || packet.destination().isMulticast()) {
      return;
    }
    // icmp6_send asks whether the address is its own, icmp_send whether the route was local.
    boolean asked = local && (!v6 || kernel.links().owner(packet.destination()) != null);
    var source = asked ? packet.destination() : null;
    var route = kernel.routing().output(packet.source(), source, 0, 0, null);
    if (route.decision() instanceof RouteDecision.Fail || route.source() == null) {
      return;
    }
    boolean loopback = route.decision() instanceof RouteDecision.Local;
    if (!limits.allowIcmp(packet.source(), type, v6, loopback)) {
      return;
    }
    var error =
        new Packet(route.source(), packet.source(), v6 ? IpProtocol.ICMPV6 : IpProtocol.ICMP);
    error.setTos(v6 ? 0 : (packet.tos() & 0x1e) | INTERNETWORK_CONTROL);
    error.setId(kernel.nextPacketId());
    error.setTtl(kernel.defaultTtl());
    int quoted = Math.min(packet.length(), v6 ? MOST_QUOTED6 : MOST_QUOTED);
    error.setIcmpError(type, code, info, gateway, packet.copy(), quoted);
    var skb = new Skb(error);
    Conntrack.attach(skb.tracking(), about.tracking());
    if (!v6) {
      kernel.counters().add("IcmpOutMsgs", 1);
      kernel.counters().add(counter(type), 1);
    }
    kernel.egress().send(skb, route, walk.begin(error, cause), walk);
  }

  private static String counter(int type) {
    return switch (type) {
      case REDIRECT -> "IcmpOutRedirects";
      case TIME_EXCEEDED -> "IcmpOutTimeExcds";
      default -> "IcmpOutDestUnreachs";
    };
  }

  private void reset(Skb about, @Nullable Trace cause, PacketWalk walk) {
    var packet = about.packet();
    if (packet.hasFlag(TcpFlags.RST) || about.type() != PacketType.HOST) {
      return;
    }
    var reset = Packet.answerTo(packet, IpProtocol.TCP);
    setReset(reset, packet);
    reset.setDontFragment(true);
    reset.setTtl(kernel.defaultTtl());
    boolean own = kernel.links().owner(reset.source()) != null;
    var route =
        kernel.routing().output(reset.destination(), own ? reset.source() : null, 0, 0, null);
    if (route.decision() instanceof RouteDecision.Fail) {
      return;
    }
    var skb = new Skb(reset);
    Conntrack.attach(skb.tracking(), about.tracking());
    kernel.egress().send(skb, route, walk.begin(reset, cause), walk);
  }

  /** RFC 9293 §3.10.7.1: a reset answers with the acknowledged number, or acknowledges. */
  static void setReset(Packet reset, Packet segment) {
    if (segment.hasFlag(TcpFlags.ACK)) {
      reset.setTcp(TcpFlags.RST, segment.acknowledgment(), 0, 0);
    } else {
      int length = segment.payload().length;
      length += segment.hasFlag(TcpFlags.SYN) ? 1 : 0;
      length += segment.hasFlag(TcpFlags.FIN) ? 1 : 0;
      reset.setTcp(TcpFlags.RST | TcpFlags.ACK, 0, segment.sequence() + length, 0);
    }
  }
}
