package dev.aviary.kernel;

import dev.aviary.kernel.netfilter.Skb;
import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.TcpFlags;
import dev.aviary.net.IpAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A probe under way: it sends, the walk carries packets until all is quiet, and the outcome is
 * known. A TCP connection stays open until {@link #close}.
 */
public final class Conversation implements Sockets.Client {
  private static final byte[] NOTHING = {};
  private static final int EPHEMERAL_LOW = 32768;
  private static final int EPHEMERAL_COUNT = 28232;

  private final Kernel kernel;
  private final Probe probe;
  private PacketWalk walk;
  private final List<Packet> errors = new ArrayList<>();
  private @Nullable Outcome outcome;
  private @Nullable Endpoint local;
  private Sockets.@Nullable Flow flow;
  private @Nullable TcpEnd end;
  private @Nullable SctpClient association;
  private boolean connected;
  private boolean closing;

  private Conversation(Kernel kernel, Probe probe, PacketWalk walk) {
    this.kernel = kernel;
    this.probe = probe;
    this.walk = walk;
  }

  /**
   * Sends the probe and whatever it takes to finish it: for TCP the connection is made and the
   * payload, if there is any, exchanged.
   */
  public static Conversation start(Kernel from, Probe probe, PacketWalk walk) {
    var conversation = new Conversation(from, probe, walk);
    conversation.begin();
    return conversation;
  }

  private void begin() {
    var route =
        kernel
            .routing()
            .output(probe.destination(), probe.source(), 0, probe.tos(), probe.device());
    if (route.decision() instanceof RouteDecision.Fail fail) {
      outcome = new Outcome.LocalError(Errno.ofRoute(fail));
      return;
    }
    var source = route.source();
    if (source == null) {
      outcome = new Outcome.LocalError("EADDRNOTAVAIL");
      return;
    }
    bind(source);
    switch (probe.protocol()) {
      case IpProtocol.TCP -> connect(source);
      case IpProtocol.SCTP -> associate(source);
      default -> {
        var packet = datagram(source);
        if (packet.length() > kernel.routing().mtu(route, packet.destination())
            && packet.dontFragment()) {
          outcome = new Outcome.LocalError("EMSGSIZE");
          return;
        }
        count();
        var skb = new Skb(packet);
        skb.setSocketUid(0);
        finishSend(kernel.egress().send(skb, route, walk.begin(packet, null), walk));
        skb.answered();
      }
    }
  }

  private void bind(IpAddress source) {
    boolean icmp = probe.protocol() == IpProtocol.ICMP || probe.protocol() == IpProtocol.ICMPV6;
    var peer = new Endpoint(probe.destination(), icmp ? 0 : probe.destinationPort());
    int port = probe.sourcePort();
    var bound = new Endpoint(source, port);
    var made = new Sockets.Flow(probe.protocol(), bound, peer);
    while (port == 0 || kernel.sockets().isUsed(made)) {
      if (probe.sourcePort() != 0) {
        break; // the old flow of the same ends is taken over
      }
      port = EPHEMERAL_LOW + kernel.random().nextInt(EPHEMERAL_COUNT);
      bound = new Endpoint(source, port);
      made = new Sockets.Flow(probe.protocol(), bound, peer);
    }
    local = bound;
    flow = made;
    kernel.sockets().add(made, this);
  }

  private int ttl() {
    return probe.ttl() == 0 ? kernel.defaultTtl() : probe.ttl();
  }

  private Packet datagram(IpAddress source) {
    var packet = new Packet(source, probe.destination(), probe.protocol());
    int port = local == null ? 0 : local.port();
    packet.setPayload(probe.payload().getBytes(StandardCharsets.ISO_8859_1));
    packet.setTtl(ttl());
    packet.setTos(probe.tos());
    packet.setDontFragment(probe.dontFragment());
    packet.setId(kernel.nextPacketId());
    switch (probe.protocol()) {
      case IpProtocol.ICMP, IpProtocol.ICMPV6 ->
          packet.setIcmp(probe.protocol() == IpProtocol.ICMP ? 8 : 128, 0, port, 1);
      default -> packet.setPorts(port, probe.destinationPort());
    }
    return packet;
  }

  private void count() {
    if (probe.protocol() == IpProtocol.ICMP || probe.protocol() == IpProtocol.ICMPV6) {
      kernel.counters().add("IcmpOutMsgs", 1);
      kernel.counters().add("IcmpOutEchos", 1);
    }
  }

  private void finishSend(@Nullable String errno) {
    if (errno != null) {
      outcome = new Outcome.LocalError(errno);
    }
    walk.run();
  }

  private void connect(IpAddress source) {
    if (local == null) {
      throw new IllegalStateException("not bound to " + source);
    }
    end =
        new TcpEnd(
            kernel,
            local,
            new Endpoint(probe.destination(), probe.destinationPort()),
            ttl(),
            probe.tos(),
            probe.device());
    var errno = end.send(TcpFlags.SYN, NOTHING, null, walk);
    // A rule that drops the SYN here is not told to the caller: TCP tries again and times out.
    if (errno != null && !errno.equals("EPERM")) {
      outcome = new Outcome.LocalError(errno);
    }
    walk.run();
    if (connected && !probe.payload().isEmpty()) {
      exchange(probe.payload());
    }
  }

  private void associate(IpAddress source) {
    var own = local;
    if (own == null) {
      throw new IllegalStateException("not bound to " + source);
    }
    var peer = new Endpoint(probe.destination(), probe.destinationPort());
    association =
        new SctpClient(new SctpEnd(kernel, own, peer, ttl(), probe.tos(), probe.device()));
    var errno = association.begin(walk);
    // As with TCP: what a rule drops here is sent again until time is up.
    finishSend("EPERM".equals(errno) ? null : errno);
    if (connected && !probe.payload().isEmpty()) {
      exchange(probe.payload());
    }
  }

  /** Sends more over an open connection and waits for the answer. */
  public void exchange(String payload) {
    if (association != null && connected) {
      outcome = null;
      association.ask(payload, walk);
      walk.run();
      return;
    }
    if (end == null || !connected) {
      throw new IllegalStateException("there is no open connection");
    }
    outcome = null;
    end.send(
        TcpFlags.PSH | TcpFlags.ACK, payload.getBytes(StandardCharsets.ISO_8859_1), null, walk);
    walk.run();
  }

  /** Lets what follows be carried, and recorded, by a new walk; returns it. */
  public PacketWalk rewalk() {
    walk = PacketWalk.recording();
    return walk;
  }

  /** Closes an open connection; does nothing where there is none. */
  public void close() {
    if (association != null && connected && !closing) {
      closing = true;
      association.close(walk);
      walk.run();
    }
    if (end != null && connected && !closing) {
      closing = true;
      end.send(TcpFlags.FIN | TcpFlags.ACK, NOTHING, null, walk);
      walk.run();
    }
    if (flow != null) {
      kernel.sockets().remove(flow);
    }
  }

  /** Ends an open connection with a reset, as closing a socket that lingers for no time does. */
  public void abort() {
    if (association != null && connected && !closing) {
      closing = true;
      association.abort(walk);
      walk.run();
    }
    if (end != null && connected && !closing) {
      closing = true;
      end.send(TcpFlags.RST | TcpFlags.ACK, NOTHING, null, walk);
      walk.run();
    }
    if (flow != null) {
      kernel.sockets().remove(flow);
    }
  }

  @Override
  public void received(Packet packet, Skb skb, @Nullable Trace trace, PacketWalk inWalk) {
    if (association != null) {
      association.received(packet, trace, inWalk);
      follow(association, packet);
      return;
    }
    if (packet.protocol() != IpProtocol.TCP || end == null) {
      answered(packet);
      return;
    }
    if (packet.hasFlag(TcpFlags.RST)) {
      outcome = new Outcome.Refused(connected ? "ECONNRESET" : "ECONNREFUSED");
      connected = false;
      return;
    }
    int length = end.note(packet);
    if (packet.hasFlag(TcpFlags.SYN)) {
      connected = true;
    } else if (length > 0 && !packet.hasFlag(TcpFlags.FIN)) {
      answered(packet);
    }
    boolean data = length > 0 && !packet.hasFlag(TcpFlags.SYN) && !packet.hasFlag(TcpFlags.FIN);
    if (length > 0 && !(data && end.delaysAcknowledgments())) {
      end.send(TcpFlags.ACK, NOTHING, trace, inWalk);
    }
  }

  private void follow(SctpClient association, Packet packet) {
    if (association.isRefused()) {
      outcome = new Outcome.Refused(connected ? "ECONNRESET" : "ECONNREFUSED");
      connected = false;
      return;
    }
    connected |= association.isOpen();
    var answer = association.answer();
    if (answer != null) {
      answered(packet, answer);
    }
  }

  private void answered(Packet packet) {
    answered(packet, new String(packet.payload(), StandardCharsets.ISO_8859_1));
  }

  private void answered(Packet packet, String payload) {
    outcome =
        new Outcome.Answered(
            new Endpoint(packet.source(), packet.sourcePort()), packet.ttl(), payload);
  }

  @Override
  public void failed(Packet error, Skb skb) {
    errors.add(error.copy());
    boolean redirect = error.icmpType() == 5 || error.icmpType() == 137;
    // RFC 1122 §4.2.3.9: an open connection survives what the network says about it.
    boolean soft = redirect || connected || (association != null && !isUnknownProtocol(error));
    if (soft) {
      return;
    }
    if (outcome == null || outcome instanceof Outcome.TimedOut) {
      outcome = Outcome.ofError(error);
    } else if (outcome instanceof Outcome.LocalError(var errno) && errno.equals("EPERM")) {
      // sendto() says EPERM; what the rule answered waits at the socket, and says more.
      outcome = new Outcome.LocalError(Errno.ofIcmp(error));
    }
  }

  /** SCTP waits for its own time whatever else the network says (sctp_v4_err, sctp_v6_err). */
  private static boolean isUnknownProtocol(Packet error) {
    return error.protocol() == IpProtocol.ICMP
        ? error.icmpType() == 3 && error.icmpCode() == 2
        : error.icmpType() == 4 && error.icmpCode() == 1;
  }

  /** How it stands now. */
  public Outcome outcome() {
    return outcome == null ? new Outcome.TimedOut() : outcome;
  }

  /** True once a TCP connection or an SCTP association was accepted. */
  public boolean isConnected() {
    return connected;
  }

  /** The end that is here, once it is bound. */
  public Optional<Endpoint> local() {
    return Optional.ofNullable(local);
  }

  /** The ICMP errors that reached its socket. */
  public List<Packet> errors() {
    return List.copyOf(errors);
  }
}
