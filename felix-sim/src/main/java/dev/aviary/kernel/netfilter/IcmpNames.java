package dev.aviary.kernel.netfilter;

import java.util.Map;

/** The names that {@code --icmp-type} and {@code --icmpv6-type} take. */
final class IcmpNames {
  private static final Map<String, String> V4 =
      Map.ofEntries(
          Map.entry("any", "255"),
          Map.entry("echo-reply", "0"),
          Map.entry("pong", "0"),
          Map.entry("destination-unreachable", "3"),
          Map.entry("network-unreachable", "3/0"),
          Map.entry("host-unreachable", "3/1"),
          Map.entry("protocol-unreachable", "3/2"),
          Map.entry("port-unreachable", "3/3"),
          Map.entry("fragmentation-needed", "3/4"),
          Map.entry("host-prohibited", "3/10"),
          Map.entry("communication-prohibited", "3/13"),
          Map.entry("source-quench", "4"),
          Map.entry("redirect", "5"),
          Map.entry("echo-request", "8"),
          Map.entry("ping", "8"),
          Map.entry("time-exceeded", "11"),
          Map.entry("ttl-exceeded", "11"),
          Map.entry("parameter-problem", "12"),
          Map.entry("timestamp-request", "13"),
          Map.entry("timestamp-reply", "14"));
  private static final Map<String, String> V6 =
      Map.ofEntries(
          Map.entry("destination-unreachable", "1"),
          Map.entry("no-route", "1/0"),
          Map.entry("communication-prohibited", "1/1"),
          Map.entry("address-unreachable", "1/3"),
          Map.entry("port-unreachable", "1/4"),
          Map.entry("packet-too-big", "2"),
          Map.entry("time-exceeded", "3"),
          Map.entry("parameter-problem", "4"),
          Map.entry("echo-request", "128"),
          Map.entry("echo-reply", "129"),
          Map.entry("router-solicitation", "133"),
          Map.entry("router-advertisement", "134"),
          Map.entry("neighbour-solicitation", "135"),
          Map.entry("neighbor-solicitation", "135"),
          Map.entry("neighbour-advertisement", "136"),
          Map.entry("neighbor-advertisement", "136"),
          Map.entry("redirect", "137"));

  private IcmpNames() {}

  /** The number ("type" or "type/code") of a name; other texts come back as they are. */
  static String number(String text, boolean v6) {
    return (v6 ? V6 : V4).getOrDefault(text, text);
  }

  /** The name of a match's type, the longest of several; empty where it has none. */
  static String name(Match.Icmp icmp) {
    boolean allCodes = icmp.codeLow() == 0 && icmp.codeHigh() == 255;
    var number = allCodes ? Integer.toString(icmp.type()) : icmp.type() + "/" + icmp.codeLow();
    return (icmp.v6() ? V6 : V4)
        .entrySet().stream()
            .filter(entry -> entry.getValue().equals(number))
            .map(Map.Entry::getKey)
            .max((a, b) -> Integer.compare(a.length(), b.length()))
            .orElse("");
  }
}
