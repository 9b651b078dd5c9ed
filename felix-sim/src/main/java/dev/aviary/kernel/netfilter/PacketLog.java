package dev.aviary.kernel.netfilter;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.TcpFlags;
import dev.aviary.net.IpFamily;
import java.util.HexFormat;
import java.util.Locale;

/** A packet as the kernel's log has it (nf_log_syslog). */
public final class PacketLog {
  private PacketLog() {}

  /**
   * "IN=… OUT=… … " with the trailing blank.
   *
   * @param all true to show TCP sequence numbers and options, as TRACE does
   */
  public static String describe(Skb skb, boolean all) {
    var out = new StringBuilder();
    out.append("IN=").append(skb.inDevice() == null ? "" : skb.inDevice());
    out.append(" OUT=").append(skb.outDevice() == null ? "" : skb.outDevice()).append(' ');
    if (skb.inDevice() != null && !skb.macHeader().isEmpty()) {
      out.append("MAC=").append(skb.macHeader()).append(' ');
    }
    packet(skb.packet(), out, all);
    if (skb.mark() != 0) {
      out.append("MARK=0x").append(Integer.toHexString(skb.mark())).append(' ');
    }
    return out.toString();
  }

  private static void packet(Packet packet, StringBuilder out, boolean all) {
    out.append("SRC=").append(address(packet, true));
    out.append(" DST=").append(address(packet, false));
    if (packet.family() == IpFamily.IPV4) {
      out.append(" LEN=").append(packet.length());
      out.append(String.format(Locale.ROOT, " TOS=0x%02X", packet.tos() & 0x1e));
      out.append(String.format(Locale.ROOT, " PREC=0x%02X", packet.tos() & 0xe0));
      out.append(" TTL=").append(packet.ttl());
      out.append(" ID=").append(packet.id()).append(' ');
      out.append(packet.dontFragment() ? "DF " : "");
    } else {
      out.append(" LEN=").append(packet.length());
      out.append(" TC=").append(packet.tos());
      out.append(" HOPLIMIT=").append(packet.ttl()).append(" FLOWLBL=0 ");
    }
    transport(packet, out, all);
  }

  private static String address(Packet packet, boolean source) {
    var address = source ? packet.source() : packet.destination();
    if (packet.family() == IpFamily.IPV4) {
      return address.toString();
    }
    var hex = HexFormat.of().formatHex(address.octets());
    return hex.replaceAll("(.{4})(?=.)", "$1:");
  }

  private static void transport(Packet packet, StringBuilder out, boolean all) {
    switch (packet.protocol()) {
      case IpProtocol.TCP -> tcp(packet, out, all);
      case IpProtocol.UDP -> {
        out.append("PROTO=UDP SPT=").append(packet.sourcePort());
        out.append(" DPT=").append(packet.destinationPort());
        out.append(" LEN=").append(8 + packet.payload().length).append(' ');
      }
      case IpProtocol.ICMP, IpProtocol.ICMPV6 -> icmp(packet, out, all);
      default -> out.append("PROTO=").append(packet.protocol()).append(' ');
    }
  }

  private static void tcp(Packet packet, StringBuilder out, boolean all) {
    out.append("PROTO=TCP SPT=").append(packet.sourcePort());
    out.append(" DPT=").append(packet.destinationPort());
    if (all) {
      out.append(" SEQ=").append(Integer.toUnsignedString(packet.sequence()));
      out.append(" ACK=").append(Integer.toUnsignedString(packet.acknowledgment()));
    }
    out.append(" WINDOW=").append(packet.window()).append(" RES=0x00 ");
    out.append(packet.hasFlag(TcpFlags.URG) ? "URG " : "");
    out.append(packet.hasFlag(TcpFlags.ACK) ? "ACK " : "");
    out.append(packet.hasFlag(TcpFlags.PSH) ? "PSH " : "");
    out.append(packet.hasFlag(TcpFlags.RST) ? "RST " : "");
    out.append(packet.hasFlag(TcpFlags.SYN) ? "SYN " : "");
    out.append(packet.hasFlag(TcpFlags.FIN) ? "FIN " : "");
    out.append("URGP=0 ");
    if (all && packet.tcpOptions().length > 0) {
      var hex = HexFormat.of().withUpperCase().formatHex(packet.tcpOptions());
      out.append("OPT (").append(hex).append(") ");
    }
  }

  private static void icmp(Packet packet, StringBuilder out, boolean all) {
    boolean v6 = packet.protocol() == IpProtocol.ICMPV6;
    out.append(v6 ? "PROTO=ICMPv6 TYPE=" : "PROTO=ICMP TYPE=").append(packet.icmpType());
    out.append(" CODE=").append(packet.icmpCode()).append(' ');
    var quoted = packet.quoted();
    if (quoted == null) {
      out.append("ID=").append(packet.icmpId());
      out.append(" SEQ=").append(packet.icmpSequence()).append(' ');
      return;
    }
    if (packet.icmpGateway() != null) {
      out.append("GATEWAY=").append(packet.icmpGateway()).append(' ');
    }
    out.append('[');
    packet(quoted, out, all);
    out.append("] ");
    if (packet.icmpInfo() != 0) {
      out.append("MTU=").append(packet.icmpInfo()).append(' ');
    }
  }
}
