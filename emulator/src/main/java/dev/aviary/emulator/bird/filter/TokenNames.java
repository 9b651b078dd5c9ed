package dev.aviary.emulator.bird.filter;

import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/** What BIRD 2's parser calls the words that it reads. */
final class TokenNames {
  private static final Map<String, String> MARKS =
      Map.of(
          "..", "DDOT", "!=", "NEQ", "<=", "LEQ", ">=", "GEQ", "&&", "AND", "||", "OR", "!~", "NMA",
          "[=", "PO", "=]", "PC");

  /** The language's own words. */
  private static final Set<String> KEYWORDS =
      Set.of(
          """
          accept action add address advertise after algorithm all allow always area as attribute
          authentication babel backbone bfd bgp bgppath blackhole block bmp bool broadcast bytestring
          case check class clist cluster community configure confirm connect cost count cr create
          cryptographic dead debug default define delay delete deterministic direct disable disabled
          down dump dynamic ec eclist else empty enable enabled enforce enum error eval evaluate
          explicit export exported external false filter filtered first flow4 flow6 flush for format
          from function gateway generate generic graceful gw help helper hello hostname id idle if
          ifindex ifname igp import in input instance int interface interfaces internal interval ip
          ipv4 ipv6 keep keepalive key kernel last last_nonaggregated lc lclist learn len limit link
          lladdr local log long lookup master max maxlen md5 med memory merge metric min mpls mrt
          mrtdump multicast multihop name neighbor neighbors net netlink netmask next no none nssa
          off on onlink open originate ospf out output pair passive passwords password path paths
          peer perf period persist pipe port pref preference prefer preexport prefix prefixes prepend
          primary print printn priority private probability prohibit proto protocol protocols quad
          radv random rate receive reconfigure recursive refresh reject reload remote reset restart
          restrict retry return rip roa route router routes rpki rr rs rtsid rx scan scope secondary
          secret sessions set shared show soft source spf state static stats status strict string
          stub summary switch symbols syslog table tables template term then threshold through tick
          time timeformat timeout topology tos transmit transport true ttl tx type undo unreachable
          unset using valid version via vlink vpn vrf wait warn watchdog weight where\
          """
              .split("\\s+", -1));

  private TokenNames() {}

  static boolean isKeyword(String name) {
    return KEYWORDS.contains(name);
  }

  static String of(Token token, Predicate<String> names) {
    var text = token.text();
    return switch (token.kind()) {
      case END -> "END";
      case NUMBER -> "NUM";
      case ADDRESS -> text.contains(":") ? "IP6" : "IP4";
      case TEXT -> "TEXT";
      case MARK -> MARKS.getOrDefault(text, "'" + text + "'");
      case NAME -> {
        if (isKeyword(text)) {
          yield text.toUpperCase(Locale.ROOT);
        }
        yield names.test(text) ? "CF_SYM_KNOWN" : "CF_SYM_UNDEFINED";
      }
    };
  }
}
