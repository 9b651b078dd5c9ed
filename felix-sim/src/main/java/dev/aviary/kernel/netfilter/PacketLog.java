package dev.aviary.kernel.netfilter;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.PacketSummary;
import dev.aviary.kernel.packet.TcpFlags;
import dev.aviary.net.IpFamily;
import java.util.HexFormat;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A packet as the kernel's log has it (nf_log_syslog). */
public final class PacketLog {
  private PacketLog() {}

  /**
   * "IN=… OUT=… … " with the trailing blank.
   *
   * @param all true to show TCP sequence numbers and options, as TRACE does
   */
  static String describe(Skb skb, boolean all) {
    return describe(
        PacketSummary.of(skb.packet()),
        skb.inDevice(),
        skb.outDevice(),
        skb.macHeader(),
        skb.mark(),
        all);
  }

  /** As TRACE describes a packet: everything. */
  public static String describe(
      PacketSummary packet,
      @Nullable String inDevice,
      @Nullable String outDevice,
      String macHeader,
      int mark) {
    return describe(packet, inDevice, outDevice, macHeader, mark, true);
  }

  private static String describe(
      PacketSummary packet,
      @Nullable String inDevice,
      @Nullable String outDevice,
      String macHeader,
      int mark,
      boolean all) {
    var out = new StringBuilder();
    out.append("IN=").append(inDevice == null ? "" : inDevice);
    out.append(" OUT=").append(outDevice == null ? "" : outDevice).append(' ');
    if (inDevice != null && !macHeader.isEmpty()) {
      out.append("MAC=").append(macHeader).append(' ');
    }
    packet(packet, out, all);
    if (mark != 0) {
      out.append("MARK=0x").append(Integer.toHexString(mark)).append(' ');
    }
    return out.toString();
  }

  private static void packet(PacketSummary packet, StringBuilder out, boolean all) {
    out.append("SRC=").append(address(packet, true));
    out.append(" DST=").append(address(packet, false));
    if (packet.source().family() == IpFamily.IPV4) {
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

  private static String address(PacketSummary packet, boolean source) {
    var address = source ? packet.source() : packet.destination();
    if (packet.source().family() == IpFamily.IPV4) {
      return address.toString();
    }
    var hex = HexFormat.of().formatHex(address.octets());
    return hex.replaceAll("(.{4})(?=.)", "$1:");
  }

  private static void transport(PacketSummary packet, StringBuilder out, boolean all) {
    switch (packet.protocol()) {
      case IpProtocol.TCP -> tcp(packet, out, all);
      case IpProtocol.UDP -> {
        out.append("PROTO=UDP SPT=").append(packet.sourcePort());
        out.append(" DPT=").append(packet.destinationPort());
        out.append(" LEN=").append(8 + packet.payloadLength()).append(' ');
      }
      case IpProtocol.ICMP, IpProtocol.ICMPV6 -> icmp(packet, out, all);
      default -> out.append("PROTO=").append(packet.protocol()).append(' ');
    }
  }

  private static void tcp(PacketSummary packet, StringBuilder out, boolean all) {
    out.append("PROTO=TCP SPT=").append(packet.sourcePort());
    out.append(" DPT=").append(packet.destinationPort());
    if (all) {
      out.append(" SEQ=").append(Integer.toUnsignedString(packet.tcp().sequence()));
      out.append(" ACK=").append(Integer.toUnsignedString(packet.tcp().acknowledgment()));
    }
    out.append(" WINDOW=").append(packet.tcp().window()).append(" RES=0x00 ");
    out.append(has(packet, TcpFlags.URG) ? "URG " : "");
    out.append(has(packet, TcpFlags.ACK) ? "ACK " : "");
    out.append(has(packet, TcpFlags.PSH) ? "PSH " : "");
    out.append(has(packet, TcpFlags.RST) ? "RST " : "");
    out.append(has(packet, TcpFlags.SYN) ? "SYN " : "");
    out.append(has(packet, TcpFlags.FIN) ? "FIN " : "");
    out.append("URGP=0 ");
    if (all && !packet.tcp().options().isEmpty()) {
      out.append("OPT (").append(packet.tcp().options()).append(") ");
    }
  }

  private static boolean has(PacketSummary packet, int flag) {
    return (packet.tcpFlags() & flag) != 0;
  }

  private static void icmp(PacketSummary packet, StringBuilder out, boolean all) {
    boolean v6 = packet.protocol() == IpProtocol.ICMPV6;
    out.append(v6 ? "PROTO=ICMPv6 TYPE=" : "PROTO=ICMP TYPE=").append(packet.icmpType());
    out.append(" CODE=").append(packet.icmpCode()).append(' ');
    var quoted = packet.quoted();
    if (quoted == null) {
      out.append("ID=").append(packet.icmpId());
      out.append(" SEQ=").append(packet.icmpSequence()).append(' ');
      return;
    }
    if (packet.gateway() != null) {
      out.append("GATEWAY=").append(packet.gateway()).append(' ');
    }
    out.append('[');
    packet(quoted, out, all);
    out.append("] ");
    if (packet.mtu() != 0) {
      out.append("MTU=").append(packet.mtu()).append(' ');
    }
  }
}
