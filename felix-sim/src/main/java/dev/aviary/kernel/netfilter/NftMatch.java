package dev.aviary.kernel.netfilter;

import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.StringJoiner;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Matches as {@code nft} prints them: some are expressions of nf_tables, the others are xtables'
 * and come in the words of their translation, or as "xt match NAME" where they have none.
 */
final class NftMatch {
  private static final List<String> TCP_FLAGS = List.of("fin", "syn", "rst", "psh", "ack", "urg");

  private NftMatch() {}

  /** True if iptables-nft writes it as an expression that looks at the transport header. */
  static boolean isTransport(Match match) {
    return switch (match) {
      case Match.Tcp tcp ->
          tcp.option() == 0
              && !tcp.notOption()
              && (!tcp.source().isAny() || !tcp.destination().isAny() || tcp.flagMask() != 0);
      case Match.Udp udp ->
          udp.name().equals("udp") && (!udp.source().isAny() || !udp.destination().isAny());
      default -> false;
    };
  }

  /** True if what stands between a protocol and its ports lets the two become one expression. */
  static boolean isExpression(Match match) {
    return match instanceof Match.Mark;
  }

  /** {@code protocol} is the name of the rule's, or empty. */
  static String text(Match match, String protocol, IpFamily family) {
    var ip = family == IpFamily.IPV4 ? "ip" : "ip6";
    return switch (match) {
      case Match.Comment _ -> "";
      case Match.Tcp tcp -> tcp(tcp);
      case Match.Udp udp ->
          words(
              ports(udp.name() + " sport", udp.source(), udp.notSource()),
              ports(udp.name() + " dport", udp.destination(), udp.notDestination()));
      case Match.Icmp icmp -> icmp(icmp);
      case Match.Multiport multiport -> multiport(multiport, protocol);
      case Match.Mark(var value, var mask, var inverted) -> mark(value, mask, inverted);
      case Match.ConnMark(var value, var mask, var inverted) ->
          mask == -1
              ? "ct mark " + not(inverted) + hex(value)
              : "ct mark and " + hex(mask) + (inverted ? " != " : " == ") + hex(value);
      case Match.ConnState state -> connState(state);
      case Match.AddrType type -> addrType(type);
      case Match.RpFilter filter -> rpFilter(filter);
      case Match.StatisticRandom(var probability, var inverted) ->
          "meta random & 2147483647 " + (inverted ? ">= " : "< ") + probability;
      case Match.StatisticNth(var every, var packet, var inverted) ->
          "numgen inc mod " + every + " " + not(inverted) + packet;
      case Match.Limit(var rate, var unit, var burst) ->
          "limit rate "
              + rate
              + "/"
              + (unit.equals("sec") ? "second" : unit.equals("min") ? "minute" : unit)
              + (burst == 5 ? "" : " burst " + burst + " packets");
      case Match.IpRange range ->
          words(
              range.sourceLow() == null
                  ? ""
                  : ip
                      + " saddr "
                      + not(range.notSource())
                      + range.sourceLow()
                      + "-"
                      + range.sourceHigh(),
              range.destinationLow() == null
                  ? ""
                  : ip
                      + " daddr "
                      + not(range.notDestination())
                      + range.destinationLow()
                      + "-"
                      + range.destinationHigh());
      case Match.Length(var low, var high, var inverted) ->
          "meta length " + not(inverted) + range(new Match.Ports(low, high));
      case Match.Owner(var uid, var inverted) -> "skuid " + not(inverted) + uid;
      case Match.PktType(var type, var inverted) ->
          "pkttype " + not(inverted) + MatchText.pktType(type);
      case Match.MacSource(var mac, var inverted) ->
          "ether saddr " + not(inverted) + mac.toLowerCase(Locale.ROOT);
      case Match.Ttl(var operator, var value) ->
          "ip ttl "
              + switch (operator) {
                case "--ttl-lt" -> "lt ";
                case "--ttl-gt" -> "gt ";
                case "! --ttl-eq" -> "!= ";
                default -> "";
              }
              + value;
      case Match.SetMatch _ -> "xt match set";
      case Match.Recent _ -> "xt match recent";
      case Match.PhysDev _ -> "xt match physdev";
      case Match.Ipvs _ -> "xt match ipvs";
      case Match.Unknown(var name, _) -> "xt match " + name;
    };
  }

  private static String words(String... parts) {
    var words = new StringJoiner(" ");
    for (var part : parts) {
      if (!part.isEmpty()) {
        words.add(part);
      }
    }
    return words.toString();
  }

  private static String not(boolean inverted) {
    return inverted ? "!= " : "";
  }

  private static String hex(int value) {
    return "0x" + Integer.toHexString(value);
  }

  private static String range(Match.Ports ports) {
    return ports.low() == ports.high()
        ? Integer.toString(ports.low())
        : ports.low() + "-" + ports.high();
  }

  private static String ports(String what, Match.Ports ports, boolean inverted) {
    return ports.isAny() && !inverted ? "" : what + " " + not(inverted) + range(ports);
  }

  private static String tcp(Match.Tcp tcp) {
    return words(
        ports("tcp sport", tcp.source(), tcp.notSource()),
        ports("tcp dport", tcp.destination(), tcp.notDestination()),
        tcp.option() == 0 && !tcp.notOption()
            ? ""
            : "tcp option " + tcp.option() + (tcp.notOption() ? " missing" : " exists"),
        tcp.flagMask() == 0 && !tcp.notFlags() ? "" : flags(tcp));
  }

  private static String flags(Match.Tcp tcp) {
    var mask = flagNames(tcp.flagMask());
    if (tcp.flags() == 0) {
      return "tcp flags " + (tcp.notFlags() ? "" : "! ") + mask;
    }
    var flags = flagNames(tcp.flags());
    if (tcp.flags() == tcp.flagMask() && Integer.bitCount(tcp.flags()) == 1) {
      return "tcp flags & " + mask + (tcp.notFlags() ? " != " : " == ") + flags;
    }
    return "tcp flags " + not(tcp.notFlags()) + flags + " / " + mask;
  }

  private static String flagNames(int flags) {
    var names = new StringJoiner(",");
    for (int i = 0; i < TCP_FLAGS.size(); i++) {
      if ((flags & (1 << i)) != 0) {
        names.add(TCP_FLAGS.get(i));
      }
    }
    return names.toString();
  }

  private static String icmp(Match.Icmp icmp) {
    if (icmp.type() == 255 && !icmp.v6()) {
      return "ip protocol " + not(icmp.inverted()) + "icmp";
    }
    var name = NftIcmp.type(icmp.type(), icmp.v6());
    boolean allCodes = icmp.codeLow() == 0 && icmp.codeHigh() == 255;
    if (name == null || !allCodes) {
      return icmp.v6() ? "xt match icmp6" : "xt match icmp";
    }
    return (icmp.v6() ? "icmpv6 type " : "icmp type ") + not(icmp.inverted()) + name;
  }

  private static String multiport(Match.Multiport multiport, String protocol) {
    var ports = multiport.ports();
    return switch (multiport.side()) {
      case SOURCE -> protocol + " sport " + not(multiport.inverted()) + set(ports);
      case DESTINATION -> protocol + " dport " + not(multiport.inverted()) + set(ports);
      case EITHER -> {
        // The translation knows single ports only, and says nothing of an inversion.
        var pairs = new StringJoiner(", ", "{ ", " }");
        for (var range : ports) {
          pairs.add("0-65535 . " + range.low() + ", " + range.low() + " . 0-65535");
          if (range.low() != range.high()) {
            pairs.add("0-65535 . " + range.high() + ", " + range.high() + " . 0-65535");
          }
        }
        yield protocol + " sport . " + protocol + " dport " + pairs;
      }
    };
  }

  private static String set(List<Match.Ports> ports) {
    return ports.size() == 1
        ? range(ports.getFirst())
        : ports.stream().map(NftMatch::range).collect(Collectors.joining(", ", "{ ", " }"));
  }

  private static String mark(int value, int mask, boolean inverted) {
    return mask == -1
        ? String.format(Locale.ROOT, "meta mark %s0x%08x", not(inverted), value)
        : String.format(
            Locale.ROOT, "meta mark & 0x%08x %s 0x%08x", mask, inverted ? "!=" : "==", value);
  }

  private static String connState(Match.ConnState match) {
    var details = match.details();
    var direction = details.direction();
    var words = new ArrayList<String>();
    if (direction != null) {
      words.add("ct direction " + direction.toLowerCase(Locale.ROOT));
    }
    if (details.protocol() >= 0) {
      words.add(
          "ct "
              + ("REPLY".equals(direction) ? "reply" : "original")
              + " protocol "
              + details.protocol());
    }
    if (!match.states().isEmpty()) {
      words.add(states(match));
    }
    if (!details.status().isEmpty()) {
      words.add(
          "ct status "
              + (details.notStatus() ? "! " : "")
              + String.join(",", details.status()).toLowerCase(Locale.ROOT).replace('_', '-'));
    }
    side(words, "original saddr", details.originalSource(), details.notOriginalSource());
    side(words, "original daddr", details.originalDestination(), details.notOriginalDestination());
    side(words, "reply saddr", details.replySource(), details.notReplySource());
    side(words, "reply daddr", details.replyDestination(), details.notReplyDestination());
    side(words, "original proto-src", details.originalSourcePort(), false);
    side(words, "original proto-dst", details.originalDestinationPort(), false);
    return String.join(" ", words);
  }

  private static String states(Match.ConnState match) {
    var states = match.states();
    if (states.contains(Match.ConnState.State.SNAT)) {
      return "ct status snat";
    }
    if (states.contains(Match.ConnState.State.DNAT)) {
      return "ct status dnat";
    }
    return "ct state "
        + (match.inverted() ? "! " : "")
        + MatchText.states(states).toLowerCase(Locale.ROOT);
  }

  private static void side(
      List<String> words, String what, @Nullable Object value, boolean inverted) {
    if (value != null) {
      var text =
          value instanceof Match.Ports ports
              ? range(ports)
              : value.toString().replaceFirst("/(32|128)$", "");
      words.add("ct " + what + " " + not(inverted) + text);
    }
  }

  private static String addrType(Match.AddrType match) {
    boolean source = !match.source().isEmpty();
    var types = source ? match.source() : match.destination();
    return "fib "
        + (source ? "saddr" : "daddr")
        + (match.limitIn() ? " . iif" : "")
        + (match.limitOut() ? " . oif" : "")
        + " type "
        + not(source ? match.notSource() : match.notDestination())
        + types(types);
  }

  private static String types(Set<AddressType> types) {
    var names = MatchText.types(types).toLowerCase(Locale.ROOT);
    return types.size() == 1 ? names : "{ " + names.replace(",", ", ") + " }";
  }

  private static String rpFilter(Match.RpFilter filter) {
    return (filter.acceptLocal() ? "fib saddr type != local " : "")
        + "fib saddr"
        + (filter.validMark() ? " . mark" : "")
        + (filter.loose() ? "" : " . iif")
        + " oif "
        + (filter.inverted() ? "0" : "!= 0");
  }
}
