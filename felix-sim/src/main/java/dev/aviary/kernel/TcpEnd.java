package dev.aviary.kernel;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.TcpFlags;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One end's sequence numbers, and how it sends segments. */
final class TcpEnd {
  private static final int SYN_WINDOW = 64240;
  private static final int WINDOW = 63;
  private static final int HEADERS = 40;
  private static final int STAMPS = 12;

  private final Kernel kernel;
  private final Endpoint local;
  private final Endpoint peer;
  private final int ttl;
  private final int tos;
  private final @Nullable String device;
  private int next;
  private int expected;
  private int peerStamp;
  private int peerSegmentSize = 65535 - HEADERS;
  private boolean received;
  private boolean interactive;

  TcpEnd(Kernel kernel, Endpoint local, Endpoint peer, int ttl, int tos, @Nullable String device) {
    this.kernel = kernel;
    this.local = local;
    this.peer = peer;
    this.ttl = ttl;
    this.tos = tos;
    this.device = device;
    this.next = kernel.random().nextInt();
  }

  /** Notes what a segment brought; returns how many octets of the stream it was. */
  int note(Packet segment) {
    int length = segment.payload().length;
    length += segment.hasFlag(TcpFlags.SYN) ? 1 : 0;
    length += segment.hasFlag(TcpFlags.FIN) ? 1 : 0;
    expected = segment.sequence() + length;
    peerStamp = TcpOptions.stampOf(segment.tcpOptions());
    if (segment.hasFlag(TcpFlags.SYN)) {
      peerSegmentSize = TcpOptions.segmentSizeOf(segment.tcpOptions());
    }
    received |= segment.payload().length > 0;
    return length;
  }

  /**
   * Sends a payload, in as many segments as the other end and the path ask for; returns the errno,
   * or null.
   */
  @Nullable String send(int flags, byte[] payload, @Nullable Trace cause, PacketWalk walk) {
    var route = kernel.routing().output(peer.address(), local.address(), 0, tos, device);
    int path = kernel.routing().mtu(route, peer.address()) - HEADERS;
    int size = Math.max(1, Math.min(path, peerSegmentSize) - STAMPS);
    int at = 0;
    while (payload.length - at > size) {
      var part = Arrays.copyOfRange(payload, at, at + size);
      var errno = segment(flags & ~TcpFlags.PSH, part, cause, walk);
      if (errno != null) {
        return errno;
      }
      at += size;
    }
    return segment(flags, Arrays.copyOfRange(payload, at, payload.length), cause, walk);
  }

  private @Nullable String segment(
      int flags, byte[] payload, @Nullable Trace cause, PacketWalk walk) {
    var segment = new Packet(local.address(), peer.address(), IpProtocol.TCP);
    segment.setPorts(local.port(), peer.port());
    boolean syn = (flags & TcpFlags.SYN) != 0;
    int acknowledged = (flags & TcpFlags.ACK) != 0 ? expected : 0;
    segment.setTcp(flags, next, acknowledged, syn ? SYN_WINDOW : WINDOW);
    var route = kernel.routing().output(peer.address(), local.address(), 0, tos, device);
    int stamp = (int) kernel.clock().millis();
    segment.setTcpOptions(
        syn
            ? TcpOptions.syn(
                kernel.routing().mtu(route, peer.address()) - HEADERS, stamp, peerStamp)
            : TcpOptions.stamps(stamp, peerStamp));
    segment.setPayload(payload);
    segment.setTtl(ttl);
    segment.setTos(tos);
    segment.setDontFragment(true);
    boolean answerToSyn = syn && (flags & TcpFlags.ACK) != 0;
    segment.setId(answerToSyn ? 0 : kernel.nextPacketId());
    next += payload.length + (syn ? 1 : 0) + ((flags & TcpFlags.FIN) != 0 ? 1 : 0);
    interactive |= received && payload.length > 0;
    return kernel.egress().sendStream(segment, route, cause, walk);
  }

  /**
   * True once it has answered data with data: from then on it holds its acknowledgments back, to
   * send them along with the next answer.
   */
  boolean delaysAcknowledgments() {
    return interactive;
  }
}
