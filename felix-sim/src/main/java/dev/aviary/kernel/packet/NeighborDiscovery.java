package dev.aviary.kernel.packet;

import java.nio.ByteBuffer;

/** Neighbor solicitations and advertisements as IPv6 packets (RFC 4861 §4.3, §4.4). */
final class NeighborDiscovery {
  private static final int SOLICITATION = 135;
  private static final int ADVERTISEMENT = 136;

  private NeighborDiscovery() {}

  static byte[] encode(Arp arp, boolean multicast) {
    var about = arp.reply() ? arp.sender() : arp.target();
    var destination = arp.target();
    if (!arp.reply() && multicast) {
      destination = solicitedNode(about.octets());
    }
    var packet = new Packet(arp.sender(), destination, IpProtocol.ICMPV6);
    packet.setTtl(255);
    packet.setIcmp(arp.reply() ? ADVERTISEMENT : SOLICITATION, 0, arp.reply() ? 0x6000 : 0, 0);
    packet.setPayload(
        ByteBuffer.allocate(24)
            .put(about.octets())
            .put((byte) (arp.reply() ? 2 : 1))
            .put((byte) 1)
            .put(arp.senderMac().octets())
            .array());
    return PacketCodec.encode(packet);
  }

  /** ff02::1:ffXX:XXXX (RFC 4291 §2.7.1). */
  private static dev.aviary.net.IpAddress solicitedNode(byte[] octets) {
    long low =
        0x1_ff00_0000L
            | ((octets[13] & 0xffL) << 16)
            | ((octets[14] & 0xffL) << 8)
            | (octets[15] & 0xffL);
    return new dev.aviary.net.Ipv6Address(0xff02_0000_0000_0000L, low);
  }
}
