package dev.aviary.kernel;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.SctpChunk;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One end's tags and numbers, and how it sends chunks (RFC 9260). */
final class SctpEnd {
  private final Kernel kernel;
  private final Endpoint local;
  private final Endpoint peer;
  private final int ttl;
  private final int tos;
  private final @Nullable String device;
  private final int tag;
  private int peerTag;
  private int next;
  private int received;
  private int messages;

  SctpEnd(Kernel kernel, Endpoint local, Endpoint peer, int ttl, int tos, @Nullable String device) {
    this.kernel = kernel;
    this.local = local;
    this.peer = peer;
    this.ttl = ttl;
    this.tos = tos;
    this.device = device;
    this.tag = 1 + kernel.random().nextInt(Integer.MAX_VALUE); // §3.3.2: never 0
    this.next = kernel.random().nextInt();
  }

  /** An INIT or INIT ACK of this end. */
  SctpChunk init(int type) {
    return SctpChunk.init(type, tag, next);
  }

  /** Notes what the other end's INIT or INIT ACK asks for. */
  void noteInit(SctpChunk chunk) {
    peerTag = chunk.initTag();
    received = chunk.tsn() - 1;
  }

  /** A message of this end, as its next one. */
  SctpChunk data(byte[] message) {
    return SctpChunk.data(next++, messages++, message);
  }

  /** Notes a message; returns what acknowledges it. */
  SctpChunk sack(SctpChunk data) {
    received = data.tsn();
    return SctpChunk.sack(received);
  }

  SctpChunk shutdown() {
    return SctpChunk.shutdown(received);
  }

  /** True if {@code packet} has this end's tag, or begins an association and so has none. */
  boolean isFor(Packet packet) {
    return packet.verificationTag() == tag || packet.verificationTag() == 0;
  }

  /** Sends one packet; returns the errno, or null. */
  @Nullable String send(@Nullable Trace cause, PacketWalk walk, SctpChunk... chunks) {
    return send(peerTag, cause, walk, chunks);
  }

  private @Nullable String send(
      int toTag, @Nullable Trace cause, PacketWalk walk, SctpChunk... chunks) {
    var packet = new Packet(local.address(), peer.address(), IpProtocol.SCTP);
    packet.setPorts(local.port(), peer.port());
    packet.setVerificationTag(toTag);
    packet.setPayload(SctpChunk.encode(List.of(chunks)));
    packet.setTtl(ttl);
    packet.setTos(tos);
    packet.setDontFragment(true);
    packet.setId(kernel.nextPacketId());
    var route = kernel.routing().output(peer.address(), local.address(), 0, tos, device);
    return kernel.egress().sendStream(packet, route, cause, walk);
  }
}
