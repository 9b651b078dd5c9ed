package dev.aviary.kernel.netfilter;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** What traced packets meet, as {@code xtables-monitor --trace} prints it (1.8.9). */
public final class XtablesMonitor {
  private static final List<String> FLAGS = List.of("SYN", "ACK", "FIN", "RST", "PSH", "URG");
  private static final int[] FLAG_BITS = {0x02, 0x10, 0x01, 0x04, 0x08, 0x20};

  private XtablesMonitor() {}

  /** One event's lines: the packet before its first rule in a built-in chain, and the rule. */
  public static List<String> lines(RuleTraces.Event event) {
    var lines = new ArrayList<String>();
    var start = event.start();
    int family = event.family() == IpFamily.IPV4 ? 2 : 10;
    var id = family + " " + HexFormat.of().toHexDigits(event.id()) + " ";
    if (start != null) {
      var mark = event.mark() == 0 ? "" : "MARK=0x" + Integer.toHexString(event.mark()) + " ";
      lines.add("PACKET: " + id + packet(start, event.family()) + mark);
    }
    var place = " TRACE: " + id + event.table().text() + ":" + event.chain() + ":";
    var rule = event.rule();
    if (rule == null) {
      lines.add(place + "policy:" + verdict(event.verdict()) + " ");
    } else {
      lines.add(
          place
              + "rule:0x"
              + Integer.toHexString(event.handle())
              + ":"
              + verdict(event.verdict())
              + (family == 2 ? "  -4 -t " : "  -6 -t ")
              + event.table().text()
              + " "
              + IptablesSave.rule(event.chain(), rule));
    }
    return lines;
  }

  /** The tool has no word for a return. */
  private static String verdict(RuleTraces.Verdict verdict) {
    return switch (verdict) {
      case RuleTraces.Verdict.Accept() -> "ACCEPT";
      case RuleTraces.Verdict.Drop() -> "DROP";
      case RuleTraces.Verdict.Continue() -> "CONTINUE";
      case RuleTraces.Verdict.Return() -> "0xfffffffb";
      case RuleTraces.Verdict.Enter(var chain, var isGoto) -> (isGoto ? "GOTO:" : "JUMP:") + chain;
    };
  }

  private static String packet(RuleTraces.Start start, IpFamily family) {
    var out = new StringBuilder();
    if (start.inDevice() != null) {
      out.append("IN=").append(start.inDevice()).append(' ');
    }
    if (start.outDevice() != null) {
      out.append("OUT=").append(start.outDevice()).append(' ');
    }
    var to = start.to();
    var from = start.from();
    if (start.inDevice() != null && to != null && from != null) {
      if (to.equals(MacAddress.ZERO) && from.equals(MacAddress.ZERO)) {
        out.append("LOOPBACK ");
      } else {
        out.append("MACSRC=").append(mac(from)).append(" MACDST=").append(mac(to));
        out.append(family == IpFamily.IPV4 ? " MACPROTO=0800 " : " MACPROTO=86dd ");
      }
    }
    return out.append(family == IpFamily.IPV4 ? v4(start.octets()) : v6(start.octets())).toString();
  }

  /** Octets without leading zeros, as ether_ntoa has them. */
  private static String mac(MacAddress address) {
    var text = new StringJoiner(":");
    for (byte octet : address.octets()) {
      text.add(Integer.toHexString(octet & 0xff));
    }
    return text.toString();
  }

  static IpAddress address(ByteBuffer octets, int at, int length) {
    var address = new byte[length];
    octets.get(at, address);
    return IpAddress.of(address);
  }

  private static String v4(ByteBuffer octets) {
    int fragment = octets.getShort(6) & 0xffff;
    return String.format(
            Locale.ROOT,
            "SRC=%s DST=%s LEN=%d TOS=0x%x TTL=%d ID=%d ",
            address(octets, 12, 4),
            address(octets, 16, 4),
            octets.getShort(2) & 0xffff,
            octets.get(1) & 0xff,
            octets.get(8) & 0xff,
            octets.getShort(4) & 0xffff)
        + ((fragment & 0x8000) != 0 ? "CE " : "")
        + ((fragment & 0x4000) != 0 ? "DF " : "")
        + ((fragment & 0x2000) != 0 ? "MF " : "")
        + ((fragment & 0x1fff) != 0 ? "FRAG:" + (fragment & 0x1fff) + " " : "")
        + ports(octets, octets.get(9) & 0xff, (octets.get(0) & 0x0f) * 4);
  }

  private static String v6(ByteBuffer octets) {
    int first = octets.getInt(0);
    return String.format(
            Locale.ROOT,
            "SRC=%s DST=%s LEN=%d TC=%d HOPLIMIT=%d FLOWLBL=%d ",
            address(octets, 8, 16),
            address(octets, 24, 16),
            (octets.getShort(4) & 0xffff) + 40,
            first >>> 20 & 0xff,
            octets.get(7) & 0xff,
            first & 0xfffff)
        + ports(octets, octets.get(6) & 0xff, 40);
  }

  private static String ports(ByteBuffer octets, int protocol, int at) {
    boolean tcp = protocol == IpProtocol.TCP;
    if ((!tcp && protocol != IpProtocol.UDP) || octets.limit() < at + (tcp ? 14 : 4)) {
      return "";
    }
    var out = new StringBuilder();
    out.append("SPORT=").append(octets.getShort(at) & 0xffff);
    out.append(" DPORT=").append(octets.getShort(at + 2) & 0xffff).append(' ');
    for (int i = 0; tcp && i < FLAG_BITS.length; i++) {
      if ((octets.get(at + 13) & FLAG_BITS[i]) != 0) {
        out.append(FLAGS.get(i)).append(' ');
      }
    }
    return out.toString();
  }
}
