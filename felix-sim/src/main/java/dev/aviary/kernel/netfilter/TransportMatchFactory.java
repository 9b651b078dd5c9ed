package dev.aviary.kernel.netfilter;

import java.util.ArrayList;
import java.util.List;

/** Makes the matches that look at TCP's, UDP's, SCTP's and ICMP's headers. */
final class TransportMatchFactory {
  private static final int MAX_PORTS = 15;

  private TransportMatchFactory() {}

  static Match tcp(List<Extension.Given> given) throws RuleException {
    var source = MatchFactory.last(given, "--sport");
    var destination = MatchFactory.last(given, "--dport");
    var option = MatchFactory.last(given, "--tcp-option");
    int mask = 0;
    int flags = 0;
    boolean notFlags = false;
    for (var each : given) {
      if (each.name().equals("--syn")) {
        mask = 0x17;
        flags = 0x02;
        notFlags = each.inverted();
      } else if (each.name().equals("--tcp-flags")) {
        mask = tcpFlags(each.values().get(0));
        flags = tcpFlags(each.values().get(1));
        notFlags = each.inverted();
      }
    }
    return new Match.Tcp(
        source == null ? Match.Ports.ANY : Values.ports(source.value()),
        source != null && source.inverted(),
        destination == null ? Match.Ports.ANY : Values.ports(destination.value()),
        destination != null && destination.inverted(),
        mask,
        flags,
        notFlags,
        option == null ? 0 : Values.small(option.value(), "--tcp-option", 255),
        option != null && option.inverted());
  }

  private static int tcpFlags(String text) throws RuleException {
    int flags = 0;
    for (var word : text.split(",", -1)) {
      flags |=
          switch (word) {
            case "FIN" -> 0x01;
            case "SYN" -> 0x02;
            case "RST" -> 0x04;
            case "PSH" -> 0x08;
            case "ACK" -> 0x10;
            case "URG" -> 0x20;
            case "ALL" -> 0x3f;
            case "NONE" -> 0;
            default -> throw Values.bad("Unknown TCP flag `" + word + "'");
          };
    }
    return flags;
  }

  static Match udp(String name, List<Extension.Given> given) throws RuleException {
    var source = MatchFactory.last(given, "--sport");
    var destination = MatchFactory.last(given, "--dport");
    return new Match.Udp(
        name,
        source == null ? Match.Ports.ANY : Values.ports(source.value()),
        source != null && source.inverted(),
        destination == null ? Match.Ports.ANY : Values.ports(destination.value()),
        destination != null && destination.inverted());
  }

  static Match icmp(List<Extension.Given> given, boolean v6) throws RuleException {
    var type = MatchFactory.last(given, v6 ? "--icmpv6-type" : "--icmp-type");
    if (type == null) {
      if (v6) {
        throw Values.bad("icmp6: option \"--icmpv6-type\" must be specified");
      }
      return new Match.Icmp(false, 255, 0, 255, false);
    }
    var text = IcmpNames.number(type.value(), v6);
    int slash = text.indexOf('/');
    int number = Values.small(slash < 0 ? text : text.substring(0, slash), "icmp-type", 255);
    if (slash < 0) {
      return new Match.Icmp(v6, number, 0, 255, type.inverted());
    }
    int code = Values.small(text.substring(slash + 1), "icmp-type", 255);
    return new Match.Icmp(v6, number, code, code, type.inverted());
  }

  static Match multiport(List<Extension.Given> given) throws RuleException {
    if (given.size() != 1) {
      throw Values.bad("multiport expection an option");
    }
    var option = given.getFirst();
    var side =
        switch (option.name()) {
          case "--sports" -> Match.Multiport.Side.SOURCE;
          case "--dports" -> Match.Multiport.Side.DESTINATION;
          default -> Match.Multiport.Side.EITHER;
        };
    var ports = new ArrayList<Match.Ports>();
    int count = 0;
    for (var each : option.value().split(",", -1)) {
      var range = Values.ports(each);
      ports.add(range);
      count += range.low() == range.high() ? 1 : 2;
    }
    if (count > MAX_PORTS) {
      throw Values.bad("too many ports specified");
    }
    return new Match.Multiport(side, ports, option.inverted());
  }
}
