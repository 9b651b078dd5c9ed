package dev.aviary.kernel.packet;

import dev.aviary.net.IpFamily;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/**
 * The octets of packets and frames, checksums included.
 *
 * <p>Ethernet: destination(6) source(6) type(2), then IPv4 (RFC 791), IPv6 (RFC 8200), ARP (RFC
 * 826) or, for IPv6 neighbors, ICMPv6 (RFC 4861).
 */
public final class PacketCodec {
  private static final int ETHERTYPE_IPV4 = 0x0800;
  private static final int ETHERTYPE_ARP = 0x0806;
  private static final int ETHERTYPE_IPV6 = 0x86dd;
  private static final int VXLAN_HEADER = 8;

  /** The next header of a packet with a fragment header. */
  private static final int FRAGMENT = 44;

  private PacketCodec() {}

  /** A whole Ethernet frame, without preamble, padding and check sequence. */
  public static byte[] encode(Frame frame) {
    var body =
        switch (frame) {
          case Frame.Ip ip -> encode(ip.packet());
          case Frame.Resolution resolution -> encode(resolution);
        };
    int type =
        switch (frame) {
          case Frame.Ip ip ->
              ip.packet().family() == IpFamily.IPV4 ? ETHERTYPE_IPV4 : ETHERTYPE_IPV6;
          case Frame.Resolution resolution ->
              resolution.arp().target().family() == IpFamily.IPV4 ? ETHERTYPE_ARP : ETHERTYPE_IPV6;
        };
    return ByteBuffer.allocate(14 + body.length)
        .put(frame.destination().octets())
        .put(frame.source().octets())
        .putShort((short) type)
        .put(body)
        .array();
  }

  private static byte[] encode(Frame.Resolution frame) {
    var arp = frame.arp();
    if (arp.target().family() == IpFamily.IPV6) {
      return NeighborDiscovery.encode(arp, frame.destination().isGroup());
    }
    return ByteBuffer.allocate(28)
        .putShort((short) 1)
        .putShort((short) ETHERTYPE_IPV4)
        .put((byte) 6)
        .put((byte) 4)
        .putShort((short) (arp.reply() ? 2 : 1))
        .put(arp.senderMac().octets())
        .put(arp.sender().octets())
        .put(arp.targetMac().octets())
        .put(arp.target().octets())
        .array();
  }

  /** A whole IP packet. */
  public static byte[] encode(Packet packet) {
    var out = ByteBuffer.allocate(packet.length());
    var whole = packet.whole();
    if (whole != null) {
      if (packet.family() == IpFamily.IPV4) {
        int more = packet.moreFragments() ? 0x2000 : 0;
        ipv4Header(packet, out, packet.length(), more | packet.fragmentOffset() / 8);
      } else {
        ipv6Header(packet, out, FRAGMENT);
        out.put((byte) packet.protocol())
            .put((byte) 0)
            .putShort((short) (packet.fragmentOffset() | (packet.moreFragments() ? 1 : 0)))
            .putInt(packet.id());
      }
      int start = whole.headerLength() + packet.fragmentOffset();
      return out.put(encode(whole), start, packet.fragmentLength()).array();
    }
    if (packet.family() == IpFamily.IPV4) {
      ipv4Header(packet, out, packet.length(), packet.dontFragment() ? 0x4000 : 0);
    } else {
      ipv6Header(packet, out, packet.protocol());
    }
    transport(packet, out);
    return out.array();
  }

  private static void ipv6Header(Packet packet, ByteBuffer out, int next) {
    out.putInt(0x60000000 | packet.tos() << 20)
        .putShort((short) (packet.length() - 40))
        .put((byte) next)
        .put((byte) packet.ttl())
        .put(packet.source().octets())
        .put(packet.destination().octets());
  }

  @SuppressWarnings("ByteBufferBackingArray") // allocated by the caller, without offset
  static void ipv4Header(Packet packet, ByteBuffer out, int length, int fragment) {
    int start = out.position();
    out.put((byte) 0x45)
        .put((byte) packet.tos())
        .putShort((short) length)
        .putShort((short) packet.id())
        .putShort((short) fragment)
        .put((byte) packet.ttl())
        .put((byte) packet.protocol())
        .putShort((short) 0)
        .put(packet.source().octets())
        .put(packet.destination().octets());
    int sum = Checksum.finish(Checksum.add(0, out.array(), start, start + 20));
    out.putShort(start + 10, (short) sum);
  }

  private static void transport(Packet packet, ByteBuffer out) {
    int start = out.position();
    switch (packet.protocol()) {
      case IpProtocol.TCP -> {
        tcp(packet, out);
        sum(packet, out, start, start + 16);
      }
      case IpProtocol.UDP -> {
        out.putShort((short) packet.sourcePort())
            .putShort((short) packet.destinationPort())
            .putShort((short) (8 + packet.payloadLength()))
            .putShort((short) 0)
            .put(vxlan(packet))
            .put(packet.payload());
        sum(packet, out, start, start + 6);
      }
      case IpProtocol.ICMP, IpProtocol.ICMPV6 -> {
        icmp(packet, out);
        sum(packet, out, start, start + 2);
      }
      case IpProtocol.SCTP -> {
        out.putShort((short) packet.sourcePort())
            .putShort((short) packet.destinationPort())
            .putInt(packet.verificationTag())
            .putInt(0)
            .put(packet.payload());
        sctpSum(out, start);
      }
      default -> {
        var inner = packet.inner();
        if (inner != null) {
          out.put(encode(inner));
        }
        out.put(packet.payload());
      }
    }
  }

  private static void tcp(Packet packet, ByteBuffer out) {
    int words = 5 + packet.tcpOptions().length / 4;
    out.putShort((short) packet.sourcePort())
        .putShort((short) packet.destinationPort())
        .putInt(packet.sequence())
        .putInt(packet.acknowledgment())
        .put((byte) (words << 4))
        .put((byte) packet.tcpFlags())
        .putShort((short) packet.window())
        .putInt(0)
        .put(packet.tcpOptions())
        .put(packet.payload());
  }

  private static void icmp(Packet packet, ByteBuffer out) {
    out.put((byte) packet.icmpType()).put((byte) packet.icmpCode()).putShort((short) 0);
    var quoted = packet.quoted();
    var gateway = packet.icmpGateway();
    if (gateway != null && packet.family() == IpFamily.IPV4) {
      out.put(gateway.octets());
    } else if (quoted != null) {
      out.putInt(packet.icmpInfo());
    } else {
      out.putShort((short) packet.icmpId()).putShort((short) packet.icmpSequence());
    }
    if (quoted != null) {
      out.put(Arrays.copyOf(encode(quoted), packet.quotedLength()));
    }
    out.put(packet.payload());
  }

  /** The checksum over pseudo header (not for ICMP in IPv4) and what is behind {@code start}. */
  @SuppressWarnings("ByteBufferBackingArray") // allocated by the caller, without offset
  private static void sum(Packet packet, ByteBuffer out, int start, int at) {
    int end = out.position();
    long sum = 0;
    if (packet.protocol() != IpProtocol.ICMP) {
      var source = packet.source().octets();
      var destination = packet.destination().octets();
      sum = Checksum.add(sum, source, 0, source.length);
      sum = Checksum.add(sum, destination, 0, destination.length);
      sum += packet.protocol() + (end - start);
    }
    int value = Checksum.finish(Checksum.add(sum, out.array(), start, end));
    if (value == 0 && packet.protocol() == IpProtocol.UDP) {
      value = 0xffff; // RFC 768: zero means that there is none
    }
    out.putShort(at, (short) value);
  }

  /** CRC32c, the lowest octet first (RFC 9260 appendix A). */
  @SuppressWarnings("ByteBufferBackingArray") // allocated by the caller, without offset
  private static void sctpSum(ByteBuffer out, int start) {
    var sum = new CRC32C();
    sum.update(out.array(), start, out.position() - start);
    out.putInt(start + 8, Integer.reverseBytes((int) sum.getValue()));
  }

  /** The frame in a VXLAN datagram with its header (RFC 7348 §5); nothing in another one. */
  private static byte[] vxlan(Packet packet) {
    var header = packet.vxlan();
    var inner = packet.inner();
    if (header == null || inner == null) {
      return new byte[0];
    }
    var octets = encode(new Frame.Ip(header.source(), header.destination(), inner));
    return ByteBuffer.allocate(VXLAN_HEADER + octets.length)
        .putInt(0x08000000)
        .putInt(header.vni() << 8)
        .put(octets)
        .array();
  }
}
