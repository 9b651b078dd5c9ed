package dev.aviary.kernel.netfilter;

import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Matches as {@code -S} prints them. */
final class MatchText {
  private static final List<String> TCP_FLAGS = List.of("FIN", "SYN", "RST", "PSH", "ACK", "URG");

  private MatchText() {}

  /** "-m NAME" and its options, without trailing blank. */
  static String save(Match match) {
    return switch (match) {
      case Match.Comment(var text) -> "-m comment --comment " + RuleText.quote(text);
      case Match.Tcp tcp -> tcp(tcp);
      case Match.Udp udp ->
          "-m "
              + udp.name()
              + ports(" --sport ", udp.source(), udp.notSource())
              + ports(" --dport ", udp.destination(), udp.notDestination());
      case Match.Icmp icmp -> icmp(icmp);
      case Match.Multiport(var side, var ports, var inverted) ->
          "-m multiport"
              + not(inverted)
              + switch (side) {
                case SOURCE -> " --sports ";
                case DESTINATION -> " --dports ";
                case EITHER -> " --ports ";
              }
              + list(ports);
      case Match.Mark(var value, var mask, var inverted) ->
          "-m mark" + not(inverted) + " --mark " + masked(value, mask);
      case Match.ConnMark(var value, var mask, var inverted) ->
          "-m connmark" + not(inverted) + " --mark " + masked(value, mask);
      case Match.ConnState state -> connState(state);
      case Match.AddrType type -> addrType(type);
      case Match.SetMatch(var set, var flags, var inverted, var nomatch) ->
          "-m set"
              + not(inverted)
              + " --match-set "
              + set
              + " "
              + flags(flags)
              + (nomatch ? " --return-nomatch" : "");
      case Match.RpFilter(var loose, var validMark, var acceptLocal, var inverted) ->
          "-m rpfilter"
              + (loose ? " --loose" : "")
              + (validMark ? " --validmark" : "")
              + (acceptLocal ? " --accept-local" : "")
              + (inverted ? " --invert" : "");
      case Match.StatisticRandom(var probability, var inverted) ->
          "-m statistic --mode random" + not(inverted) + " --probability " + fraction(probability);
      case Match.StatisticNth(var every, var packet, var inverted) ->
          "-m statistic --mode nth" + not(inverted) + " --every " + every + " --packet " + packet;
      case Match.Recent recent -> recent(recent);
      case Match.Limit(var rate, var unit, var burst) ->
          "-m limit --limit " + rate + "/" + unit + (burst != 5 ? " --limit-burst " + burst : "");
      case Match.PhysDev dev -> physDev(dev);
      case Match.IpRange range -> ipRange(range);
      case Match.Length(var low, var high, var inverted) ->
          "-m length" + not(inverted) + " --length " + new Match.Ports(low, high);
      case Match.Owner(var uid, var inverted) -> "-m owner" + not(inverted) + " --uid-owner " + uid;
      case Match.PktType(var type, var inverted) ->
          "-m pkttype" + not(inverted) + " --pkt-type " + pktType(type);
      case Match.MacSource(var mac, var inverted) ->
          "-m mac" + not(inverted) + " --mac-source " + mac.toUpperCase(Locale.ROOT);
      case Match.Ttl(var operator, var value) -> "-m ttl " + operator + " " + value;
      case Match.Ipvs(var inverted) -> "-m ipvs" + not(inverted) + " --ipvs";
      case Match.Unknown(var name, var options) ->
          "-m " + name + (options.isEmpty() ? "" : " " + String.join(" ", options));
    };
  }

  private static String not(boolean inverted) {
    return inverted ? " !" : "";
  }

  private static String ports(String option, Match.Ports ports, boolean inverted) {
    return ports.isAny() && !inverted ? "" : not(inverted) + option + ports;
  }

  static String list(List<Match.Ports> ports) {
    return ports.stream().map(Match.Ports::toString).collect(Collectors.joining(","));
  }

  /** "0xvalue/0xmask"; without the mask where it is all ones. */
  static String masked(int value, int mask) {
    var text = "0x" + Integer.toHexString(value);
    return mask == -1 ? text : text + "/0x" + Integer.toHexString(mask);
  }

  private static String tcp(Match.Tcp tcp) {
    var out = new StringBuilder("-m tcp");
    out.append(ports(" --sport ", tcp.source(), tcp.notSource()));
    out.append(ports(" --dport ", tcp.destination(), tcp.notDestination()));
    if (tcp.option() != 0 || tcp.notOption()) {
      out.append(not(tcp.notOption())).append(" --tcp-option ").append(tcp.option());
    }
    if (tcp.flagMask() != 0 || tcp.notFlags()) {
      out.append(not(tcp.notFlags())).append(" --tcp-flags ");
      out.append(flagNames(tcp.flagMask())).append(' ').append(flagNames(tcp.flags()));
    }
    return out.toString();
  }

  private static String flagNames(int flags) {
    var names = new StringJoiner(",");
    for (int i = 0; i < TCP_FLAGS.size(); i++) {
      if ((flags & (1 << i)) != 0) {
        names.add(TCP_FLAGS.get(i));
      }
    }
    return names.length() == 0 ? "NONE" : names.toString();
  }

  private static String icmp(Match.Icmp icmp) {
    var out = new StringBuilder(icmp.v6() ? "-m icmp6" : "-m icmp");
    out.append(not(icmp.inverted())).append(icmp.v6() ? " --icmpv6-type " : " --icmp-type ");
    if (icmp.type() == 255 && !icmp.v6()) {
      return out.append("any").toString();
    }
    out.append(icmp.type());
    if (icmp.codeLow() != 0 || icmp.codeHigh() != 255) {
      out.append('/').append(icmp.codeLow());
    }
    return out.toString();
  }

  static String states(Set<Match.ConnState.State> states) {
    var names = new ArrayList<String>();
    for (var state : Match.ConnState.State.values()) {
      if (states.contains(state)) {
        names.add(state.name());
      }
    }
    return String.join(",", names);
  }

  private static String connState(Match.ConnState match) {
    if (match.old()) {
      return "-m state" + not(match.inverted()) + " --state " + states(match.states());
    }
    var out = new StringBuilder("-m conntrack");
    var details = match.details();
    if (details.protocol() >= 0) {
      out.append(" --ctproto ").append(details.protocol());
    }
    if (!match.states().isEmpty()) {
      out.append(not(match.inverted())).append(" --ctstate ").append(states(match.states()));
    }
    option(out, "--ctorigsrc", details.originalSource(), details.notOriginalSource());
    option(out, "--ctorigdst", details.originalDestination(), details.notOriginalDestination());
    option(out, "--ctreplsrc", details.replySource(), details.notReplySource());
    option(out, "--ctrepldst", details.replyDestination(), details.notReplyDestination());
    option(out, "--ctorigsrcport", details.originalSourcePort(), false);
    option(out, "--ctorigdstport", details.originalDestinationPort(), false);
    if (!details.status().isEmpty()) {
      option(out, "--ctstatus", String.join(",", details.status()), details.notStatus());
    }
    option(out, "--ctdir", details.direction(), false);
    return out.toString();
  }

  private static void option(
      StringBuilder out, String name, @Nullable Object value, boolean inverted) {
    if (value != null) {
      var text = value.toString();
      var shown =
          value instanceof Prefix prefix && prefix.isHost() ? prefix.address().toString() : text;
      out.append(not(inverted)).append(' ').append(name).append(' ').append(shown);
    }
  }

  static String types(Set<AddressType> types) {
    var names = new ArrayList<String>();
    for (var type : AddressType.values()) {
      if (types.contains(type)) {
        names.add(type.name());
      }
    }
    return String.join(",", names);
  }

  private static String addrType(Match.AddrType match) {
    var out = new StringBuilder("-m addrtype");
    if (!match.source().isEmpty()) {
      out.append(not(match.notSource())).append(" --src-type ").append(types(match.source()));
    }
    if (!match.destination().isEmpty()) {
      out.append(not(match.notDestination()));
      out.append(" --dst-type ").append(types(match.destination()));
    }
    out.append(match.limitIn() ? " --limit-iface-in" : "");
    out.append(match.limitOut() ? " --limit-iface-out" : "");
    return out.toString();
  }

  static String flags(List<Boolean> flags) {
    return flags.stream().map(source -> source ? "src" : "dst").collect(Collectors.joining(","));
  }

  /** 2^-31 units as a decimal fraction of eleven places. */
  static String fraction(long probability) {
    return String.format(Locale.ROOT, "%.11f", probability / (double) 0x8000_0000L);
  }

  private static String recent(Match.Recent recent) {
    var out = new StringBuilder("-m recent").append(not(recent.inverted())).append(" --");
    out.append(recent.mode().name().toLowerCase(Locale.ROOT));
    if (recent.seconds() > 0) {
      out.append(" --seconds ").append(recent.seconds());
    }
    if (recent.reap()) {
      out.append(" --reap");
    }
    if (recent.hitCount() > 0) {
      out.append(" --hitcount ").append(recent.hitCount());
    }
    if (recent.ttl()) {
      out.append(" --rttl");
    }
    return out.append(" --name ")
        .append(recent.name())
        .append(" --mask ")
        .append(recent.mask())
        .append(recent.source() ? " --rsource" : " --rdest")
        .toString();
  }

  private static String physDev(Match.PhysDev dev) {
    var out = new StringBuilder("-m physdev");
    for (var flag : List.of("--physdev-is-in")) {
      flag(out, flag, dev);
    }
    if (dev.in() != null) {
      out.append(not(dev.notIn())).append(" --physdev-in ").append(dev.in());
    }
    flag(out, "--physdev-is-out", dev);
    if (dev.out() != null) {
      out.append(not(dev.notOut())).append(" --physdev-out ").append(dev.out());
    }
    flag(out, "--physdev-is-bridged", dev);
    return out.toString();
  }

  private static void flag(StringBuilder out, String flag, Match.PhysDev dev) {
    if (dev.flags().contains(flag)) {
      out.append(' ').append(flag);
    } else if (dev.notFlags().contains(flag)) {
      out.append(" ! ").append(flag);
    }
  }

  private static String ipRange(Match.IpRange range) {
    var out = new StringBuilder("-m iprange");
    if (range.sourceLow() != null) {
      out.append(not(range.notSource())).append(" --src-range ");
      out.append(range.sourceLow()).append('-').append(range.sourceHigh());
    }
    if (range.destinationLow() != null) {
      out.append(not(range.notDestination())).append(" --dst-range ");
      out.append(range.destinationLow()).append('-').append(range.destinationHigh());
    }
    return out.toString();
  }

  static String pktType(PacketType type) {
    return switch (type) {
      case HOST -> "unicast";
      case BROADCAST -> "broadcast";
      case MULTICAST -> "multicast";
    };
  }
}
