package dev.aviary.kernel.packet;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The headers of a packet at one moment; immutable.
 *
 * @param payloadLength -1 for a later fragment, of which nobody can tell
 * @param fragment "0+", "976+" or "1480": the offset, "+" if more follow; empty for a whole packet
 */
public record PacketSummary(
    int protocol,
    IpAddress source,
    int sourcePort,
    IpAddress destination,
    int destinationPort,
    int tcpFlags,
    int icmpType,
    int icmpCode,
    int icmpId,
    int ttl,
    int tos,
    int id,
    boolean dontFragment,
    int length,
    int payloadLength,
    int icmpSequence,
    TcpDetail tcp,
    int mtu,
    @Nullable IpAddress gateway,
    @Nullable PacketSummary quoted,
    String fragment) {

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  /** The TCP fields that only a log shows; options in hex. */
  public record TcpDetail(int sequence, int acknowledgment, int window, String options) {}

  /** What {@code packet} looks like now. */
  public static PacketSummary of(Packet packet) {
    var quoted = packet.quoted();
    return new PacketSummary(
        packet.protocol(),
        packet.source(),
        packet.sourcePort(),
        packet.destination(),
        packet.destinationPort(),
        packet.tcpFlags(),
        packet.icmpType(),
        packet.icmpCode(),
        packet.icmpId(),
        packet.ttl(),
        packet.tos(),
        packet.id(),
        packet.dontFragment(),
        packet.length(),
        packet.payloadLength(),
        packet.icmpSequence(),
        new TcpDetail(
            packet.sequence(),
            packet.acknowledgment(),
            packet.window(),
            HEX.formatHex(packet.tcpOptions())),
        packet.icmpInfo(),
        packet.icmpGateway(),
        quoted == null ? null : of(quoted),
        packet.isFragment() ? packet.fragmentOffset() + (packet.moreFragments() ? "+" : "") : "");
  }

  private boolean isIcmp() {
    return protocol == IpProtocol.ICMP || protocol == IpProtocol.ICMPV6;
  }

  private boolean isLaterFragment() {
    return !fragment.isEmpty() && !fragment.equals("0+");
  }

  private String end(IpAddress address, int port) {
    if (isLaterFragment()) {
      return address.toString();
    }
    if (protocol != IpProtocol.TCP && protocol != IpProtocol.UDP && protocol != IpProtocol.SCTP) {
      return address.toString();
    }
    return address.family() == IpFamily.IPV6 ? "[" + address + "]:" + port : address + ":" + port;
  }

  /** Source address, with the port where there is one. */
  public String sourceText() {
    return end(source, sourcePort);
  }

  /** Destination address, with the port where there is one. */
  public String destinationText() {
    return end(destination, destinationPort);
  }

  /** tcp, udp, sctp, icmp, or the number. */
  public String protocolText() {
    return switch (protocol) {
      case IpProtocol.TCP -> "tcp";
      case IpProtocol.UDP -> "udp";
      case IpProtocol.SCTP -> "sctp";
      case IpProtocol.ICMP -> "icmp";
      case IpProtocol.ICMPV6 -> "icmp6";
      default -> Integer.toString(protocol);
    };
  }

  /** "tcp A:1>B:2 S", "udp A:1>B:2", "icmp A>B 8/0", "99 A>B". */
  @Override
  public String toString() {
    if (isLaterFragment()) {
      return protocolText() + " " + sourceText() + ">" + destinationText() + " frag " + fragment;
    }
    var text = protocolText() + " " + sourceText() + ">" + destinationText();
    if (protocol == IpProtocol.TCP) {
      return (text + " " + TcpFlags.text(tcpFlags)).stripTrailing();
    }
    return isIcmp() ? text + " " + icmpType + "/" + icmpCode : text;
  }

  /** "tcp S len 0", "udp len 13", "icmp 8/0", "icmp 11/0 about udp", "132". */
  public String what() {
    return fragment.isEmpty() ? whatWhole() : whatWhole() + " frag " + fragment;
  }

  private String whatWhole() {
    if (protocol == IpProtocol.TCP) {
      return "tcp " + TcpFlags.text(tcpFlags) + " len " + payloadLength;
    }
    if (protocol == IpProtocol.UDP) {
      return "udp len " + payloadLength;
    }
    if (isIcmp()) {
      var text = protocolText() + " " + icmpType + "/" + icmpCode;
      if (quoted == null) {
        return text;
      }
      return text + " about " + quoted.protocolText() + (mtu == 0 ? "" : " mtu " + mtu);
    }
    return protocol == IpProtocol.SCTP ? Integer.toString(protocol) : protocolText();
  }
}
