package dev.aviary.kernel.netfilter;

import dev.aviary.net.IpFamily;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options that a match or a target takes: the canonical name, other spellings, and how many
 * words follow.
 */
record Extension(String name, Map<String, Option> options) {

  record Option(String name, int words) {}

  /** An option as it stood on the line. */
  record Given(String name, boolean inverted, List<String> values) {
    String value() {
      return values.getFirst();
    }
  }

  /** Each text is "name|other|other:words". */
  private static Extension of(String name, String... texts) {
    var options = new LinkedHashMap<String, Option>();
    for (var text : texts) {
      int colon = text.lastIndexOf(':');
      var names = text.substring(0, colon).split("\\|", -1);
      var option = new Option(names[0], Integer.parseInt(text.substring(colon + 1)));
      for (var each : names) {
        options.put(each, option);
      }
    }
    return new Extension(name, options);
  }

  private static final List<Extension> MATCHES =
      List.of(
          of("comment", "--comment:1"),
          of(
              "tcp",
              "--sport|--source-port:1",
              "--dport|--destination-port:1",
              "--tcp-flags:2",
              "--syn:0",
              "--tcp-option:1"),
          of("udp", "--sport|--source-port:1", "--dport|--destination-port:1"),
          of("sctp", "--sport|--source-port:1", "--dport|--destination-port:1"),
          of("udplite", "--sport|--source-port:1", "--dport|--destination-port:1"),
          of("icmp", "--icmp-type:1"),
          of("icmp6", "--icmpv6-type:1"),
          of(
              "multiport",
              "--sports|--source-ports:1",
              "--dports|--destination-ports:1",
              "--ports:1"),
          of("mark", "--mark:1"),
          of("connmark", "--mark:1"),
          of("state", "--state:1"),
          of(
              "conntrack",
              "--ctstate:1",
              "--ctproto:1",
              "--ctorigsrc:1",
              "--ctorigdst:1",
              "--ctreplsrc:1",
              "--ctrepldst:1",
              "--ctorigsrcport:1",
              "--ctorigdstport:1",
              "--ctstatus:1",
              "--ctdir:1"),
          of(
              "addrtype",
              "--src-type:1",
              "--dst-type:1",
              "--limit-iface-in:0",
              "--limit-iface-out:0"),
          of("set", "--match-set|--set:2", "--return-nomatch:0"),
          of("rpfilter", "--loose:0", "--validmark:0", "--accept-local:0", "--invert:0"),
          of("statistic", "--mode:1", "--probability:1", "--every:1", "--packet:1"),
          of(
              "recent",
              "--set:0",
              "--rcheck:0",
              "--update:0",
              "--remove:0",
              "--seconds:1",
              "--reap:0",
              "--hitcount:1",
              "--rttl:0",
              "--name:1",
              "--mask:1",
              "--rsource:0",
              "--rdest:0"),
          of("limit", "--limit:1", "--limit-burst:1"),
          of(
              "physdev",
              "--physdev-in:1",
              "--physdev-out:1",
              "--physdev-is-in:0",
              "--physdev-is-out:0",
              "--physdev-is-bridged:0"),
          of("iprange", "--src-range:1", "--dst-range:1"),
          of("length", "--length:1"),
          of("owner", "--uid-owner:1"),
          of("pkttype", "--pkt-type:1"),
          of("mac", "--mac-source:1"),
          of("ttl", "--ttl-eq|--ttl:1", "--ttl-lt:1", "--ttl-gt:1"),
          of("ipvs", "--ipvs:0"));

  private static final List<Extension> TARGETS =
      List.of(
          of(
              "MARK",
              "--set-xmark:1",
              "--set-mark:1",
              "--and-mark:1",
              "--or-mark:1",
              "--xor-mark:1"),
          of(
              "CONNMARK",
              "--set-xmark:1",
              "--set-mark:1",
              "--and-mark:1",
              "--or-mark:1",
              "--xor-mark:1",
              "--save-mark:0",
              "--restore-mark:0",
              "--ctmask:1",
              "--nfmask:1",
              "--mask:1"),
          of("DNAT", "--to-destination:1", "--random:0", "--persistent:0"),
          of("SNAT", "--to-source:1", "--random:0", "--random-fully:0", "--persistent:0"),
          of("MASQUERADE", "--to-ports:1", "--random:0", "--random-fully:0"),
          of("REDIRECT", "--to-ports:1", "--random:0"),
          of("REJECT", "--reject-with:1"),
          of("CT", "--notrack:0"),
          of("NOTRACK"),
          of(
              "LOG",
              "--log-prefix:1",
              "--log-level:1",
              "--log-tcp-sequence:0",
              "--log-tcp-options:0",
              "--log-ip-options:0",
              "--log-uid:0",
              "--log-macdecode:0"),
          of("NFLOG", "--nflog-group:1", "--nflog-prefix:1"),
          of("TRACE"));

  /** A match that the tool of {@code family} has. */
  static Optional<Extension> match(String name, IpFamily family) {
    boolean foreign =
        switch (name) {
          case "icmp", "ttl" -> family == IpFamily.IPV6;
          case "icmp6" -> family == IpFamily.IPV4;
          default -> false;
        };
    return foreign
        ? Optional.empty()
        : MATCHES.stream().filter(each -> each.name.equals(name)).findFirst();
  }

  static Optional<Extension> target(String name) {
    return TARGETS.stream().filter(each -> each.name.equals(name)).findFirst();
  }
}
