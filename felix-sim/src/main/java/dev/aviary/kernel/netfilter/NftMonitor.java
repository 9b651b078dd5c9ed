package dev.aviary.kernel.netfilter;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.net.IpFamily;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What traced packets meet, as {@code nft monitor trace} prints it (1.0.6): it reads the rules when
 * it starts, so their counters stay what they were then.
 */
public final class NftMonitor {
  private static final int TRANSPORT_OCTETS = 20;
  private static final List<String> TCP_FLAGS =
      List.of("fin", "syn", "rst", "psh", "ack", "urg", "ecn", "cwr");
  private static final List<String> ECN = List.of("not-ect", "ect1", "ect0", "ce");
  private static final Map<Integer, String> DSCP =
      Map.ofEntries(
          Map.entry(10, "af11"),
          Map.entry(12, "af12"),
          Map.entry(14, "af13"),
          Map.entry(18, "af21"),
          Map.entry(20, "af22"),
          Map.entry(22, "af23"),
          Map.entry(26, "af31"),
          Map.entry(28, "af32"),
          Map.entry(30, "af33"),
          Map.entry(34, "af41"),
          Map.entry(36, "af42"),
          Map.entry(38, "af43"),
          Map.entry(46, "ef"));
  private final Map<String, String> rules = new HashMap<>();

  /** Reads the rules as they are. */
  public NftMonitor(List<Netfilter> families) {
    for (var family : families) {
      rules.putAll(NftText.cache(family));
    }
  }

  /** One event's lines: the packet before its first rule in a built-in chain, and the rule. */
  public List<String> lines(RuleTraces.Event event) {
    var lines = new ArrayList<String>();
    var start = event.start();
    var place =
        "trace id "
            + HexFormat.of().toHexDigits(event.id())
            + (event.family() == IpFamily.IPV4 ? " ip " : " ip6 ")
            + event.table().text()
            + " ";
    if (start != null) {
      // The packet's line names the chain of the hook, as every first event is one of its.
      lines.add(place + event.chain() + " packet: " + packet(start, event.family()));
    }
    var rule = event.rule();
    if (rule == null) {
      var mark =
          event.mark() == 0 ? "" : String.format(Locale.ROOT, "meta mark 0x%08x ", event.mark());
      lines.add(place + event.chain() + " policy " + verdict(event.verdict()) + " " + mark);
    } else {
      var text =
          rules.computeIfAbsent(
              NftText.key(event.family(), event.table(), event.handle()),
              _ -> NftText.rule(rule, event.family(), 0, 0));
      lines.add(
          place + event.chain() + " rule " + text + " (verdict " + verdict(event.verdict()) + ")");
    }
    return lines;
  }

  private static String verdict(RuleTraces.Verdict verdict) {
    return switch (verdict) {
      case RuleTraces.Verdict.Accept() -> "accept";
      case RuleTraces.Verdict.Drop() -> "drop";
      case RuleTraces.Verdict.Continue() -> "continue";
      case RuleTraces.Verdict.Return() -> "return";
      case RuleTraces.Verdict.Enter(var chain, var isGoto) -> (isGoto ? "goto " : "jump ") + chain;
    };
  }

  private static String packet(RuleTraces.Start start, IpFamily family) {
    var out = new StringBuilder();
    if (start.inDevice() != null) {
      out.append("iif \"").append(start.inDevice()).append("\" ");
    }
    if (start.outDevice() != null) {
      out.append("oif \"").append(start.outDevice()).append("\" ");
    }
    var to = start.to();
    var from = start.from();
    if (start.inDevice() != null && to != null && from != null) {
      if (to.equals(MacAddress.ZERO) && from.equals(MacAddress.ZERO)) {
        out.append(family == IpFamily.IPV4 ? "@ll,0,112 0x800 " : "@ll,0,112 0x86dd ");
      } else {
        out.append("ether saddr ").append(from).append(" ether daddr ").append(to).append(' ');
      }
    }
    var octets = start.octets();
    return out.append(family == IpFamily.IPV4 ? v4(octets) : v6(octets)).toString();
  }

  private static String diffServ(String ip, int tos) {
    int dscp = tos >>> 2;
    var name =
        (dscp & 7) == 0
            ? "cs" + (dscp >>> 3)
            : DSCP.getOrDefault(dscp, String.format(Locale.ROOT, "0x%02x", dscp));
    return ip + " dscp " + name + " " + ip + " ecn " + ECN.get(tos & 3) + " ";
  }

  private static String v4(ByteBuffer octets) {
    int protocol = octets.get(9) & 0xff;
    int header = (octets.get(0) & 0x0f) * 4;
    boolean later = (octets.getShort(6) & 0x1fff) != 0;
    return "ip saddr "
        + XtablesMonitor.address(octets, 12, 4)
        + " ip daddr "
        + XtablesMonitor.address(octets, 16, 4)
        + " "
        + diffServ("ip", octets.get(1) & 0xff)
        + "ip ttl "
        + (octets.get(8) & 0xff)
        + " ip id "
        + (octets.getShort(4) & 0xffff)
        + (isKnown(protocol, false) && !later ? "" : " ip protocol " + IpProtocol.name(protocol))
        + " ip length "
        + (octets.getShort(2) & 0xffff)
        + " "
        + (later ? "" : transport(octets, protocol, header));
  }

  private static String v6(ByteBuffer octets) {
    int first = octets.getInt(0);
    int protocol = octets.get(6) & 0xff;
    return "ip6 saddr "
        + XtablesMonitor.address(octets, 8, 16)
        + " ip6 daddr "
        + XtablesMonitor.address(octets, 24, 16)
        + " "
        + diffServ("ip6", first >>> 20 & 0xff)
        + "ip6 hoplimit "
        + (octets.get(7) & 0xff)
        + " ip6 flowlabel "
        + (first & 0xfffff)
        + (isKnown(protocol, true) ? "" : " ip6 nexthdr " + IpProtocol.name(protocol))
        + " ip6 length "
        + (octets.getShort(4) & 0xffff)
        + " "
        + transport(octets, protocol, 40);
  }

  private static boolean isKnown(int protocol, boolean v6) {
    return protocol == IpProtocol.TCP
        || protocol == IpProtocol.UDP
        || protocol == (v6 ? IpProtocol.ICMPV6 : IpProtocol.ICMP);
  }

  private static String transport(ByteBuffer octets, int protocol, int at) {
    int end = Math.min(octets.limit(), at + TRANSPORT_OCTETS);
    return switch (protocol) {
      case IpProtocol.TCP ->
          end < at + TRANSPORT_OCTETS
              ? raw(octets, at, at, end)
              : "tcp sport "
                  + number(octets, at)
                  + "tcp dport "
                  + number(octets, at + 2)
                  + "tcp flags == "
                  + flags(octets.get(at + 13) & 0xff)
                  + " tcp window "
                  + number(octets, at + 14);
      case IpProtocol.UDP ->
          "udp sport "
              + number(octets, at)
              + "udp dport "
              + number(octets, at + 2)
              + "udp length "
              + number(octets, at + 4)
              + raw(octets, at, at + 8, end);
      case IpProtocol.ICMP ->
          "icmp type "
              + NftIcmp.typeText(octets.get(at) & 0xff, false)
              + " icmp code "
              + NftIcmp.codeText(octets.get(at + 1) & 0xff, false)
              + " icmp id "
              + number(octets, at + 4)
              + "icmp sequence "
              + number(octets, at + 6)
              + raw(octets, at, at + 8, end);
      case IpProtocol.ICMPV6 ->
          "icmpv6 type "
              + NftIcmp.typeText(octets.get(at) & 0xff, true)
              + " icmpv6 code "
              + NftIcmp.codeText(octets.get(at + 1) & 0xff, true)
              + " icmpv6 parameter-problem "
              + Integer.toUnsignedString(octets.getInt(at + 4))
              + " "
              + raw(octets, at, at + 8, end);
      default -> raw(octets, at, at, end);
    };
  }

  private static String number(ByteBuffer octets, int at) {
    return (octets.getShort(at) & 0xffff) + " ";
  }

  private static String flags(int flags) {
    return Integer.bitCount(flags) == 1
        ? TCP_FLAGS.get(Integer.numberOfTrailingZeros(flags))
        : "0x" + Integer.toHexString(flags);
  }

  /** What no expression names, as one big number. */
  private static String raw(ByteBuffer octets, int header, int from, int to) {
    if (to <= from) {
      return "";
    }
    var rest = new byte[to - from];
    octets.get(from, rest);
    return "@th,"
        + (from - header) * 8
        + ","
        + rest.length * 8
        + " 0x"
        + new BigInteger(1, rest).toString(16)
        + " ";
  }
}
