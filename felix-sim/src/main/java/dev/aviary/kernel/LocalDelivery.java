package dev.aviary.kernel;

import dev.aviary.kernel.netfilter.PacketType;
import dev.aviary.kernel.netfilter.Skb;
import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.PacketSummary;
import dev.aviary.kernel.packet.SctpChunk;
import dev.aviary.kernel.packet.TcpFlags;
import dev.aviary.net.IpFamily;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a host does with a packet that is for it: sockets, ICMP, and refusals. */
final class LocalDelivery {
  private static final int PROTOCOL_UNREACHABLE = 2;
  private static final int PORT_UNREACHABLE = 3;

  private final Kernel kernel;

  LocalDelivery(Kernel kernel) {
    this.kernel = kernel;
  }

  void deliver(Link link, Skb skb, @Nullable Trace trace, PacketWalk walk, boolean broadcast) {
    switch (skb.packet().protocol()) {
      case IpProtocol.TCP -> tcp(link, skb, trace, walk, broadcast);
      case IpProtocol.UDP -> udp(skb, trace, walk, broadcast);
      case IpProtocol.SCTP -> sctp(skb, trace, walk);
      case IpProtocol.ICMP, IpProtocol.ICMPV6 -> icmp(skb, trace, walk, broadcast);
      case IpProtocol.IPIP -> ipip(skb, trace, walk);
      default -> unknown(skb, trace, walk);
    }
  }

  private void unknown(Skb skb, @Nullable Trace trace, PacketWalk walk) {
    kernel.counters().add("IpInUnknownProtos", 1);
    kernel.ingress().drop(trace, DropReason.NO_SOCKET, "protocol " + skb.packet().protocol());
    kernel.errors().notHere(skb, PROTOCOL_UNREACHABLE, trace, walk);
  }

  /** tunnel4_rcv: a device takes it; with none that is up there is no such port. */
  private void ipip(Skb skb, @Nullable Trace trace, PacketWalk walk) {
    if (!kernel.tunnels().receiveIpip(skb, trace, walk)) {
      boolean known = kernel.tunnels().speaksIpip();
      kernel.ingress().drop(trace, DropReason.NO_SOCKET, "protocol " + skb.packet().protocol());
      kernel.errors().notHere(skb, known ? PORT_UNREACHABLE : PROTOCOL_UNREACHABLE, trace, walk);
    }
  }

  private void delivered(Skb skb, @Nullable Trace trace, String to) {
    if (trace != null) {
      trace.add(new Step.Delivered(kernel.hostName(), PacketSummary.of(skb.packet()), to));
    }
  }

  private static Sockets.Flow flow(Packet packet) {
    return new Sockets.Flow(
        packet.protocol(),
        new Endpoint(packet.destination(), packet.destinationPort()),
        new Endpoint(packet.source(), packet.sourcePort()));
  }

  private void tcp(Link link, Skb skb, @Nullable Trace trace, PacketWalk walk, boolean broadcast) {
    var packet = skb.packet();
    if (skb.type() != PacketType.HOST || broadcast) {
      kernel.ingress().drop(trace, DropReason.IGNORED, link.name());
      return;
    }
    var flow = flow(packet);
    var client = kernel.sockets().client(flow);
    if (client != null) {
      delivered(skb, trace, "tcp " + flow.local());
      client.received(packet, skb, trace, walk);
      return;
    }
    boolean opens =
        packet.hasFlag(TcpFlags.SYN)
            && !packet.hasFlag(TcpFlags.ACK)
            && !packet.hasFlag(TcpFlags.RST);
    var server = kernel.sockets().server(flow);
    if (server != null && !opens) {
      delivered(skb, trace, "tcp " + flow.local());
      server.received(packet, trace, walk);
      return;
    }
    var service =
        kernel.sockets().listener(IpProtocol.TCP, packet.destination(), packet.destinationPort());
    if (service != null && opens) {
      var accepted = new TcpServer(kernel, flow, service);
      kernel.sockets().put(flow, accepted);
      delivered(skb, trace, "tcp " + flow.local());
      accepted.received(packet, trace, walk);
      return;
    }
    boolean silent =
        packet.hasFlag(TcpFlags.RST) || (service != null && !packet.hasFlag(TcpFlags.ACK));
    kernel
        .ingress()
        .drop(
            trace,
            service == null ? DropReason.NO_SOCKET : DropReason.BAD_SEGMENT,
            "tcp " + flow.local());
    if (!silent) {
      reset(packet, trace, walk);
    }
  }

  private void reset(Packet segment, @Nullable Trace cause, PacketWalk walk) {
    var reset = Packet.answerTo(segment, IpProtocol.TCP);
    IcmpErrors.setReset(reset, segment);
    reset.setDontFragment(true);
    reset.setTtl(kernel.defaultTtl());
    send(reset, cause, walk);
  }

  /** Sends an answer from the address that was asked. */
  private void send(Packet answer, @Nullable Trace cause, PacketWalk walk) {
    var route =
        kernel.routing().output(answer.destination(), answer.source(), 0, answer.tos(), null);
    if (answer.length() > kernel.routing().mtu(route, answer.destination())) {
      answer.setDontFragment(false); // __ip_make_skb: what a sender itself must split is no DF
    }
    if (!(route.decision() instanceof RouteDecision.Fail)) {
      kernel.egress().send(new Skb(answer), route, walk.begin(answer, cause), walk);
    }
  }

  private void udp(Skb skb, @Nullable Trace trace, PacketWalk walk, boolean broadcast) {
    var packet = skb.packet();
    if (kernel.tunnels().receiveVxlan(skb, trace, walk)) {
      return;
    }
    var flow = flow(packet);
    var client = kernel.sockets().client(flow);
    if (client != null) {
      delivered(skb, trace, "udp " + flow.local());
      client.received(packet, skb, trace, walk);
      return;
    }
    var service =
        kernel.sockets().listener(IpProtocol.UDP, packet.destination(), packet.destinationPort());
    if (service == null) {
      kernel.ingress().drop(trace, DropReason.NO_SOCKET, "udp " + flow.local());
      if (!broadcast && skb.type() == PacketType.HOST) {
        kernel.errors().notHere(skb, PORT_UNREACHABLE, trace, walk);
      }
      return;
    }
    delivered(skb, trace, "udp " + flow.local());
    var payload = service.answer(flow.local(), flow.peer(), packet.payload());
    if (payload == null || broadcast) {
      return;
    }
    var answer = Packet.answerTo(packet, IpProtocol.UDP);
    answer.setPayload(payload);
    answer.setDontFragment(true);
    answer.setTtl(kernel.defaultTtl());
    answer.setId(kernel.nextPacketId());
    send(answer, trace, walk);
  }

  /** SCTP is a module that the first socket loads; a host without one does not know it. */
  private void sctp(Skb skb, @Nullable Trace trace, PacketWalk walk) {
    if (!kernel.sockets().speaks(IpProtocol.SCTP)) {
      unknown(skb, trace, walk);
      return;
    }
    var packet = skb.packet();
    var flow = flow(packet);
    var client = kernel.sockets().client(flow);
    if (client != null) {
      delivered(skb, trace, "sctp " + flow.local());
      client.received(packet, skb, trace, walk);
      return;
    }
    var chunks = SctpChunk.of(packet.payload());
    boolean opens =
        chunks.size() == 1
            && chunks.getFirst().type() == SctpChunk.INIT
            && chunks.getFirst().hasInitFields();
    var server = kernel.sockets().server(flow);
    if (server != null && !opens) {
      delivered(skb, trace, "sctp " + flow.local());
      server.received(packet, trace, walk);
      return;
    }
    var service =
        kernel.sockets().listener(IpProtocol.SCTP, packet.destination(), packet.destinationPort());
    if (service != null && opens) {
      var accepted = new SctpServer(kernel, flow, service);
      kernel.sockets().put(flow, accepted);
      delivered(skb, trace, "sctp " + flow.local());
      accepted.received(packet, trace, walk);
      return;
    }
    kernel.ingress().drop(trace, DropReason.NO_SOCKET, "sctp " + flow.local());
    outOfTheBlue(packet, chunks, trace, walk);
  }

  /** RFC 9260 §8.4: what to say to a packet that belongs to no association. */
  private void outOfTheBlue(
      Packet packet, List<SctpChunk> chunks, @Nullable Trace trace, PacketWalk walk) {
    var answer = SctpChunk.of(SctpChunk.ABORT).reflected();
    int tag = packet.verificationTag();
    for (var chunk : chunks) {
      switch (chunk.type()) {
        case SctpChunk.ABORT, SctpChunk.SHUTDOWN_COMPLETE, SctpChunk.COOKIE_ACK -> {
          return;
        }
        case SctpChunk.INIT -> {
          answer = SctpChunk.of(SctpChunk.ABORT);
          tag = chunk.hasInitFields() ? chunk.initTag() : 0;
        }
        case SctpChunk.SHUTDOWN_ACK ->
            answer = SctpChunk.of(SctpChunk.SHUTDOWN_COMPLETE).reflected();
        default -> {}
      }
    }
    var packetBack = Packet.answerTo(packet, IpProtocol.SCTP);
    packetBack.setVerificationTag(tag);
    packetBack.setPayload(SctpChunk.encode(List.of(answer)));
    packetBack.setDontFragment(true);
    packetBack.setTtl(kernel.defaultTtl());
    packetBack.setId(kernel.nextPacketId());
    send(packetBack, trace, walk);
  }

  private void icmp(Skb skb, @Nullable Trace trace, PacketWalk walk, boolean broadcast) {
    var packet = skb.packet();
    if (packet.family() == IpFamily.IPV4) {
      countIcmp(packet);
    }
    if (packet.isIcmpError()) {
      error(skb, trace);
      return;
    }
    boolean v6 = packet.family() == IpFamily.IPV6;
    int request = v6 ? 128 : 8;
    if (packet.icmpType() == request || (!v6 && packet.icmpType() == 13)) {
      boolean ignored =
          (broadcast && kernel.sysctls().number("net.ipv4.icmp_echo_ignore_broadcasts") != 0)
              || kernel.sysctls().number("net.ipv4.icmp_echo_ignore_all") != 0;
      if (ignored) {
        kernel.ingress().drop(trace, DropReason.IGNORED, "icmp");
        return;
      }
      delivered(skb, trace, "icmp");
      answer(packet, trace, walk);
      return;
    }
    var client = kernel.sockets().client(icmpFlow(packet, packet.source(), packet.destination()));
    if (client == null) {
      kernel.ingress().drop(trace, DropReason.NO_SOCKET, "icmp id " + packet.icmpId());
      return;
    }
    delivered(skb, trace, "icmp id " + packet.icmpId());
    client.received(packet, skb, trace, walk);
  }

  private void countIcmp(Packet packet) {
    kernel.counters().add("IcmpInMsgs", 1);
    var name =
        switch (packet.icmpType()) {
          case 0 -> "IcmpInEchoReps";
          case 3 -> "IcmpInDestUnreachs";
          case 5 -> "IcmpInRedirects";
          case 8 -> "IcmpInEchos";
          case 11 -> "IcmpInTimeExcds";
          case 13 -> "IcmpInTimestamps";
          case 14 -> "IcmpInTimestampReps";
          default -> "IcmpInErrors";
        };
    kernel.counters().add(name, 1);
  }

  static Sockets.Flow icmpFlow(
      Packet packet, dev.aviary.net.IpAddress peer, dev.aviary.net.IpAddress local) {
    return new Sockets.Flow(
        packet.protocol(), new Endpoint(local, packet.icmpId()), new Endpoint(peer, 0));
  }

  private void answer(Packet request, @Nullable Trace cause, PacketWalk walk) {
    var answer = Packet.answerTo(request, request.protocol());
    int type =
        switch (request.icmpType()) {
          case 13 -> 14;
          case 128 -> 129;
          default -> 0;
        };
    answer.setIcmp(type, 0, request.icmpId(), request.icmpSequence());
    answer.setPayload(request.payload());
    answer.setTos(request.tos());
    answer.setTtl(kernel.defaultTtl());
    answer.setId(kernel.nextPacketId());
    if (request.family() == IpFamily.IPV4) {
      kernel.counters().add("IcmpOutMsgs", 1);
      kernel.counters().add(type == 0 ? "IcmpOutEchoReps" : "IcmpOutTimestampReps", 1);
    }
    send(answer, cause, walk);
  }

  private void error(Skb skb, @Nullable Trace trace) {
    var packet = skb.packet();
    var quoted = packet.quoted();
    delivered(skb, trace, "icmp error");
    if (quoted == null) {
      return;
    }
    boolean v6 = packet.family() == IpFamily.IPV6;
    if (packet.icmpType() == (v6 ? 2 : 3) && (v6 || packet.icmpCode() == 4)) {
      kernel.pathMtus().learn(quoted.destination(), packet.icmpInfo());
    }
    var flow =
        quoted.isIcmp()
            ? icmpFlow(quoted, quoted.destination(), quoted.source())
            : new Sockets.Flow(
                quoted.protocol(),
                new Endpoint(quoted.source(), quoted.sourcePort()),
                new Endpoint(quoted.destination(), quoted.destinationPort()));
    var client = kernel.sockets().client(flow);
    if (client != null) {
      client.failed(packet, skb);
    }
  }
}
