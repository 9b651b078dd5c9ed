package dev.aviary.kernel.netfilter;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes matches of the options that stood on the line; {@link TransportMatchFactory} those that
 * look at transport headers.
 */
final class MatchFactory {
  private static final int LONGEST_COMMENT = 255;

  private MatchFactory() {}

  static Match build(String name, List<Extension.Given> given, IpFamily family)
      throws RuleException {
    return switch (name) {
      case "comment" -> comment(given);
      case "tcp" -> TransportMatchFactory.tcp(given);
      case "udp", "sctp", "udplite" -> TransportMatchFactory.udp(name, given);
      case "icmp", "icmp6" -> TransportMatchFactory.icmp(given, name.equals("icmp6"));
      case "multiport" -> TransportMatchFactory.multiport(given);
      case "mark" -> {
        var mark = required(given, "mark", "--mark");
        var masked = Values.masked(mark.value(), "--mark");
        yield new Match.Mark(masked[0], masked[1], mark.inverted());
      }
      case "connmark" -> {
        var mark = required(given, "connmark", "--mark");
        var masked = Values.masked(mark.value(), "--mark");
        yield new Match.ConnMark(masked[0], masked[1], mark.inverted());
      }
      case "state" -> {
        var state = required(given, "state", "--state");
        yield new Match.ConnState(states(state.value(), true), state.inverted(), true, NO_DETAILS);
      }
      case "conntrack" -> conntrack(given, family);
      case "addrtype" -> addrtype(given);
      case "set" -> set(given);
      case "rpfilter" ->
          new Match.RpFilter(
              has(given, "--loose"),
              has(given, "--validmark"),
              has(given, "--accept-local"),
              has(given, "--invert"));
      case "statistic" -> statistic(given);
      case "recent" -> recent(given, family);
      case "limit" -> limit(given);
      case "physdev" -> physdev(given);
      case "iprange" -> iprange(given, family);
      case "length" -> {
        var length = required(given, "length", "--length");
        var ports = Values.ports(length.value());
        yield new Match.Length(ports.low(), ports.high(), length.inverted());
      }
      case "owner" -> {
        var owner = required(given, "owner", "--uid-owner");
        yield new Match.Owner(Values.number(owner.value(), "--uid-owner"), owner.inverted());
      }
      case "pkttype" -> pktType(given);
      case "mac" -> {
        var mac = required(given, "mac", "--mac-source");
        var parsed =
            MacAddress.parse(mac.value())
                .orElseThrow(() -> Values.bad("mac: Bad value for option \"--mac-source\""));
        yield new Match.MacSource(parsed.toString(), mac.inverted());
      }
      case "ttl" -> {
        if (given.isEmpty()) {
          throw Values.bad("ttl: exactly one of --ttl-eq, --ttl-lt, --ttl-gt is needed");
        }
        var ttl = given.getLast();
        yield new Match.Ttl(
            (ttl.inverted() ? "! " : "") + ttl.name(), Values.small(ttl.value(), ttl.name(), 255));
      }
      case "ipvs" -> new Match.Ipvs(given.stream().anyMatch(Extension.Given::inverted));
      default -> throw new IllegalArgumentException("no match " + name);
    };
  }

  private static final Match.ConnDetails NO_DETAILS =
      new Match.ConnDetails(
          null, false, null, false, null, false, null, false, null, null, -1, null, List.of(),
          false);

  private static boolean has(List<Extension.Given> given, String name) {
    return given.stream().anyMatch(g -> g.name().equals(name));
  }

  static Extension.@Nullable Given last(List<Extension.Given> given, String name) {
    Extension.Given found = null;
    for (var each : given) {
      if (each.name().equals(name)) {
        found = each;
      }
    }
    return found;
  }

  private static Extension.Given required(List<Extension.Given> given, String match, String option)
      throws RuleException {
    var found = last(given, option);
    if (found == null) {
      throw Values.bad(match + ": option \"" + option + "\" must be specified");
    }
    return found;
  }

  private static Match comment(List<Extension.Given> given) throws RuleException {
    var text = required(given, "comment", "--comment").value();
    if (text.length() > LONGEST_COMMENT) {
      throw Values.bad("comment: option \"--comment\": too long");
    }
    return new Match.Comment(text);
  }

  static Set<Match.ConnState.State> states(String text, boolean old) throws RuleException {
    var states = EnumSet.noneOf(Match.ConnState.State.class);
    for (var word : text.split(",", -1)) {
      Match.ConnState.State found = null;
      for (var state : Match.ConnState.State.values()) {
        if (state.name().equals(word.toUpperCase(Locale.ROOT))) {
          found = state;
        }
      }
      boolean virtual = found == Match.ConnState.State.SNAT || found == Match.ConnState.State.DNAT;
      if (found == null || (old && virtual)) {
        throw Values.bad("Bad ctstate \"" + word + "\"");
      }
      states.add(found);
    }
    return states;
  }

  private static Match conntrack(List<Extension.Given> given, IpFamily family)
      throws RuleException {
    var state = last(given, "--ctstate");
    if (given.isEmpty()) {
      throw Values.bad("conntrack: At least one option is required");
    }
    var originalSource = last(given, "--ctorigsrc");
    var originalDestination = last(given, "--ctorigdst");
    var replySource = last(given, "--ctreplsrc");
    var replyDestination = last(given, "--ctrepldst");
    var sourcePort = last(given, "--ctorigsrcport");
    var destinationPort = last(given, "--ctorigdstport");
    var protocol = last(given, "--ctproto");
    var direction = last(given, "--ctdir");
    var status = last(given, "--ctstatus");
    var details =
        new Match.ConnDetails(
            prefix(originalSource, family),
            inverted(originalSource),
            prefix(originalDestination, family),
            inverted(originalDestination),
            prefix(replySource, family),
            inverted(replySource),
            prefix(replyDestination, family),
            inverted(replyDestination),
            sourcePort == null ? null : Values.ports(sourcePort.value()),
            destinationPort == null ? null : Values.ports(destinationPort.value()),
            protocol == null ? -1 : IpProtocol.parse(protocol.value()).orElse(-1),
            direction == null ? null : direction.value().toUpperCase(Locale.ROOT),
            status == null ? List.of() : List.of(status.value().split(",", -1)),
            inverted(status));
    return new Match.ConnState(
        state == null ? Set.of() : states(state.value(), false), inverted(state), false, details);
  }

  private static boolean inverted(Extension.@Nullable Given given) {
    return given != null && given.inverted();
  }

  private static @Nullable Prefix prefix(Extension.@Nullable Given given, IpFamily family)
      throws RuleException {
    return given == null ? null : Values.prefix(given.value(), family);
  }

  private static Match addrtype(List<Extension.Given> given) throws RuleException {
    var source = last(given, "--src-type");
    var destination = last(given, "--dst-type");
    if (source == null && destination == null) {
      throw Values.bad("addrtype: you must specify --src-type or --dst-type");
    }
    return new Match.AddrType(
        source == null ? Set.of() : types(source.value()),
        inverted(source),
        destination == null ? Set.of() : types(destination.value()),
        inverted(destination),
        has(given, "--limit-iface-in"),
        has(given, "--limit-iface-out"));
  }

  private static Set<AddressType> types(String text) throws RuleException {
    var types = EnumSet.noneOf(AddressType.class);
    for (var word : text.split(",", -1)) {
      AddressType found = null;
      for (var type : AddressType.values()) {
        if (type.name().equals(word.toUpperCase(Locale.ROOT))) {
          found = type;
        }
      }
      if (found == null) {
        throw Values.bad("addrtype: bad type `" + word + "'");
      }
      types.add(found);
    }
    return types;
  }

  private static Match set(List<Extension.Given> given) throws RuleException {
    var set = required(given, "set", "--match-set");
    var flags = new ArrayList<Boolean>();
    for (var word : set.values().get(1).split(",", -1)) {
      switch (word) {
        case "src" -> flags.add(true);
        case "dst" -> flags.add(false);
        default -> throw Values.bad("--match-set needs \"src\" or \"dst\", not `" + word + "'");
      }
    }
    return new Match.SetMatch(
        set.value(), List.copyOf(flags), set.inverted(), has(given, "--return-nomatch"));
  }

  private static Match statistic(List<Extension.Given> given) throws RuleException {
    var mode = required(given, "statistic", "--mode").value();
    switch (mode) {
      case "random" -> {
        var probability = required(given, "statistic", "--probability");
        double value;
        try {
          value = Double.parseDouble(probability.value());
        } catch (NumberFormatException _) {
          value = -1;
        }
        if (!(value >= 0 && value <= 1)) {
          throw Values.bad("bad value for option \"--probability\"");
        }
        return new Match.StatisticRandom(
            (long) Math.rint(value * 0x8000_0000L), probability.inverted());
      }
      case "nth" -> {
        var every = required(given, "statistic", "--every");
        var packet = last(given, "--packet");
        int count = Values.small(every.value(), "--every", Integer.MAX_VALUE);
        if (count == 0) {
          throw Values.bad("cannot be 0");
        }
        if (packet == null) {
          throw Values.bad("statistic: option \"--every\" also requires \"--packet\".");
        }
        return new Match.StatisticNth(
            count, Values.small(packet.value(), "--packet", count - 1), every.inverted());
      }
      default -> throw Values.bad("Bad mode \"" + mode + "\"");
    }
  }

  private static Match recent(List<Extension.Given> given, IpFamily family) throws RuleException {
    Match.Recent.Mode mode = null;
    boolean inverted = false;
    for (var each : given) {
      var named =
          switch (each.name()) {
            case "--set" -> Match.Recent.Mode.SET;
            case "--rcheck" -> Match.Recent.Mode.RCHECK;
            case "--update" -> Match.Recent.Mode.UPDATE;
            case "--remove" -> Match.Recent.Mode.REMOVE;
            default -> null;
          };
      if (named != null) {
        mode = named;
        inverted = each.inverted();
      }
    }
    if (mode == null) {
      throw Values.bad(
          "recent: you must specify one of `--set', `--rcheck', `--update' or `--remove'");
    }
    var seconds = last(given, "--seconds");
    var hitCount = last(given, "--hitcount");
    var name = last(given, "--name");
    var mask = last(given, "--mask");
    IpAddress all = family == IpFamily.IPV4 ? new Ipv4Address(-1) : new Ipv6Address(-1, -1);
    return new Match.Recent(
        mode,
        inverted,
        seconds == null ? 0 : Values.small(seconds.value(), "--seconds", Integer.MAX_VALUE),
        has(given, "--reap"),
        hitCount == null ? 0 : Values.small(hitCount.value(), "--hitcount", 255),
        has(given, "--rttl"),
        name == null ? "DEFAULT" : name.value(),
        mask == null ? all : Values.address(mask.value(), family),
        !has(given, "--rdest"));
  }

  private static Match limit(List<Extension.Given> given) throws RuleException {
    var limit = last(given, "--limit");
    var burst = last(given, "--limit-burst");
    int rate = 3;
    var unit = "hour";
    if (limit != null) {
      int slash = limit.value().indexOf('/');
      var number = slash < 0 ? limit.value() : limit.value().substring(0, slash);
      rate = Values.small(number, "--limit", 10000);
      var word = slash < 0 ? "sec" : limit.value().substring(slash + 1);
      unit = "";
      for (var known : List.of("sec", "min", "hour", "day")) {
        var full = known.equals("sec") ? "second" : known.equals("min") ? "minute" : known;
        if (!word.isEmpty() && full.startsWith(word)) {
          unit = known;
          break;
        }
      }
      if (unit.isEmpty() || rate == 0) {
        throw Values.bad("bad rate \"" + limit.value() + "\"'");
      }
    }
    return new Match.Limit(
        rate, unit, burst == null ? 5 : Values.small(burst.value(), "--limit-burst", 10000));
  }

  private static Match physdev(List<Extension.Given> given) {
    var in = last(given, "--physdev-in");
    var out = last(given, "--physdev-out");
    var flags = new LinkedHashSet<String>();
    var notFlags = new LinkedHashSet<String>();
    for (var name : List.of("--physdev-is-in", "--physdev-is-out", "--physdev-is-bridged")) {
      var flag = last(given, name);
      if (flag != null) {
        (flag.inverted() ? notFlags : flags).add(name);
      }
    }
    return new Match.PhysDev(
        in == null ? null : in.value(),
        inverted(in),
        out == null ? null : out.value(),
        inverted(out),
        flags,
        notFlags);
  }

  private static Match iprange(List<Extension.Given> given, IpFamily family) throws RuleException {
    var source = last(given, "--src-range");
    var destination = last(given, "--dst-range");
    if (source == null && destination == null) {
      throw Values.bad("iprange match: You must specify `--src-range' or `--dst-range'");
    }
    return new Match.IpRange(
        end(source, family, 0),
        end(source, family, 1),
        inverted(source),
        end(destination, family, 0),
        end(destination, family, 1),
        inverted(destination));
  }

  private static @Nullable IpAddress end(
      Extension.@Nullable Given range, IpFamily family, int which) throws RuleException {
    if (range == null) {
      return null;
    }
    var ends = range.value().split("-", -1);
    if (ends.length > 2) {
      throw Values.bad("iprange match: Bad IP address `" + range.value() + "'");
    }
    return Values.address(ends[Math.min(which, ends.length - 1)], family);
  }

  private static Match pktType(List<Extension.Given> given) throws RuleException {
    var type = required(given, "pkttype", "--pkt-type");
    var parsed =
        switch (type.value()) {
          case "unicast", "host" -> PacketType.HOST;
          case "broadcast" -> PacketType.BROADCAST;
          case "multicast" -> PacketType.MULTICAST;
          default -> throw Values.bad("Bad packet type '" + type.value() + "'");
        };
    return new Match.PktType(parsed, type.inverted());
  }
}
