package dev.aviary.kernel.netfilter;

import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/** Matches as {@code iptables -L} prints them. */
final class MatchList {
  private static final List<String> TCP_FLAGS = List.of("FIN", "SYN", "RST", "PSH", "ACK", "URG");

  private MatchList() {}

  /** The text of one match without the blank before it. */
  static String text(Match match, boolean numeric) {
    return switch (match) {
      case Match.Comment(var text) -> "/* " + text + " */";
      case Match.Tcp tcp -> tcp(tcp, numeric);
      case Match.Udp udp ->
          udp.name()
              + ports(" spt", udp.source(), udp.notSource(), numeric)
              + ports(" dpt", udp.destination(), udp.notDestination(), numeric);
      case Match.Icmp icmp -> icmp(icmp, numeric);
      case Match.Multiport(var side, var ports, var inverted) ->
          "multiport "
              + switch (side) {
                case SOURCE -> "sports ";
                case DESTINATION -> "dports ";
                case EITHER -> "ports ";
              }
              + (inverted ? " !" : "")
              + portList(ports, numeric);
      case Match.Mark(var value, var mask, var inverted) ->
          "mark match " + (inverted ? "! " : "") + MatchText.masked(value, mask);
      case Match.ConnMark(var value, var mask, var inverted) ->
          "connmark match " + (inverted ? "! " : " ") + MatchText.masked(value, mask);
      case Match.ConnState state -> connState(state);
      case Match.AddrType type -> addrType(type);
      case Match.SetMatch(var set, var flags, var inverted, var nomatch) ->
          (inverted ? "! " : "")
              + "match-set "
              + set
              + " "
              + MatchText.flags(flags)
              + (nomatch ? " return-nomatch" : "");
      case Match.RpFilter(var loose, var validMark, var acceptLocal, var inverted) ->
          "rpfilter"
              + (loose ? " loose" : "")
              + (validMark ? " validmark" : "")
              + (acceptLocal ? " accept-local" : "")
              + (inverted ? " invert" : "");
      case Match.StatisticRandom(var probability, var inverted) ->
          "statistic mode random"
              + (inverted ? " !" : "")
              + " probability "
              + MatchText.fraction(probability);
      case Match.StatisticNth(var every, var packet, var inverted) ->
          "statistic mode nth"
              + (inverted ? " !" : "")
              + " every "
              + every
              + (packet > 0 ? " packet " + packet : "");
      case Match.Recent recent -> recent(recent);
      case Match.Limit(var rate, var unit, var burst) ->
          "limit: avg " + rate + "/" + unit + " burst " + burst;
      case Match.PhysDev _ -> MatchText.save(match).replaceFirst("-m physdev", "PHYSDEV match");
      case Match.IpRange range -> ipRange(range);
      case Match.Length(var low, var high, var inverted) ->
          "length " + (inverted ? "!" : "") + new Match.Ports(low, high);
      case Match.Owner(var uid, var inverted) -> (inverted ? "! " : "") + "owner UID match " + uid;
      case Match.PktType(var type, var inverted) ->
          "PKTTYPE " + (inverted ? "!" : "") + "= " + MatchText.pktType(type);
      case Match.MacSource(var mac, var inverted) ->
          "MAC " + (inverted ? "! " : "") + mac.toUpperCase(Locale.ROOT);
      case Match.Ttl(var operator, var value) ->
          "TTL match TTL "
              + switch (operator) {
                case "--ttl-lt" -> "< ";
                case "--ttl-gt" -> "> ";
                case "! --ttl-eq" -> "!= ";
                default -> "== ";
              }
              + value;
      case Match.Ipvs(var inverted) -> (inverted ? "! " : "") + "ipvs";
      case Match.Unknown(var name, var options) ->
          name + (options.isEmpty() ? "" : " " + String.join(" ", options));
    };
  }

  private static String ports(String name, Match.Ports ports, boolean inverted, boolean numeric) {
    if (ports.isAny() && !inverted) {
      return "";
    }
    var not = inverted ? "!" : "";
    if (ports.low() == ports.high()) {
      return name + ":" + not + PortNames.text(ports.low(), numeric);
    }
    return name
        + "s:"
        + not
        + PortNames.text(ports.low(), numeric)
        + ":"
        + PortNames.text(ports.high(), numeric);
  }

  private static String portList(List<Match.Ports> ports, boolean numeric) {
    var list = new StringJoiner(",");
    for (var range : ports) {
      list.add(
          range.low() == range.high()
              ? PortNames.text(range.low(), numeric)
              : PortNames.text(range.low(), numeric) + ":" + PortNames.text(range.high(), numeric));
    }
    return list.toString();
  }

  private static String tcp(Match.Tcp tcp, boolean numeric) {
    var out = new StringBuilder("tcp");
    out.append(ports(" spt", tcp.source(), tcp.notSource(), numeric));
    out.append(ports(" dpt", tcp.destination(), tcp.notDestination(), numeric));
    if (tcp.option() != 0 || tcp.notOption()) {
      out.append(" option=").append(tcp.notOption() ? "!" : "").append(tcp.option());
    }
    if (tcp.flagMask() != 0 || tcp.notFlags()) {
      out.append(" flags:").append(tcp.notFlags() ? "!" : "");
      if (numeric) {
        out.append(String.format(Locale.ROOT, "0x%02X/0x%02X", tcp.flagMask(), tcp.flags()));
      } else {
        out.append(flags(tcp.flagMask())).append('/').append(flags(tcp.flags()));
      }
    }
    return out.toString();
  }

  private static String flags(int flags) {
    var names = new StringJoiner(",");
    for (int i = 0; i < TCP_FLAGS.size(); i++) {
      if ((flags & (1 << i)) != 0) {
        names.add(TCP_FLAGS.get(i));
      }
    }
    return names.length() == 0 ? "NONE" : names.toString();
  }

  private static String icmp(Match.Icmp icmp, boolean numeric) {
    var not = icmp.inverted() ? "!" : "";
    boolean allCodes = icmp.codeLow() == 0 && icmp.codeHigh() == 255;
    var name = numeric ? "" : IcmpNames.name(icmp);
    if (!name.isEmpty()) {
      return (icmp.v6() ? "ipv6-icmp " : "icmp ") + not + name;
    }
    if (icmp.type() == 255 && !icmp.v6()) {
      return "icmp " + not + "any";
    }
    return (icmp.v6() ? "ipv6-icmptype " : "icmptype ")
        + not
        + icmp.type()
        + (allCodes ? "" : " code " + icmp.codeLow());
  }

  private static String connState(Match.ConnState match) {
    if (match.old()) {
      return (match.inverted() ? "! " : "") + "state " + MatchText.states(match.states());
    }
    var saved = MatchText.save(match).substring("-m conntrack".length()).strip();
    return saved.replaceAll("--(ct\\w+)", "$1");
  }

  private static String addrType(Match.AddrType match) {
    var out = new StringBuilder("ADDRTYPE match");
    if (!match.source().isEmpty()) {
      out.append(" src-type ").append(match.notSource() ? "!" : "");
      out.append(MatchText.types(match.source()));
    }
    if (!match.destination().isEmpty()) {
      out.append(" dst-type ").append(match.notDestination() ? "!" : "");
      out.append(MatchText.types(match.destination()));
    }
    out.append(match.limitIn() ? " limit-in" : "").append(match.limitOut() ? " limit-out" : "");
    return out.toString();
  }

  private static String recent(Match.Recent recent) {
    var mode = recent.mode() == Match.Recent.Mode.RCHECK ? "CHECK" : recent.mode().name();
    var out = new StringBuilder("recent: ").append(recent.inverted() ? "! " : "").append(mode);
    if (recent.seconds() > 0) {
      out.append(" seconds: ").append(recent.seconds());
    }
    out.append(recent.reap() ? " reap" : "");
    if (recent.hitCount() > 0) {
      out.append(" hit_count: ").append(recent.hitCount());
    }
    out.append(recent.ttl() ? " TTL-Match" : "");
    return out.append(" name: ")
        .append(recent.name())
        .append(recent.source() ? " side: source" : " side: dest")
        .append(" mask: ")
        .append(recent.mask())
        .toString();
  }

  private static String ipRange(Match.IpRange range) {
    var words = new StringJoiner(" ");
    if (range.sourceLow() != null) {
      words.add(
          "source IP range "
              + (range.notSource() ? "! " : "")
              + range.sourceLow()
              + "-"
              + range.sourceHigh());
    }
    if (range.destinationLow() != null) {
      words.add(
          "destination IP range "
              + (range.notDestination() ? "! " : "")
              + range.destinationLow()
              + "-"
              + range.destinationHigh());
    }
    return words.toString();
  }
}
