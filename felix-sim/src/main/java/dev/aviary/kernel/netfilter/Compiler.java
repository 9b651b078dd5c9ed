package dev.aviary.kernel.netfilter;

import dev.aviary.kernel.conntrack.ConntrackEntry;
import dev.aviary.kernel.conntrack.CtInfo;
import dev.aviary.kernel.ipset.PacketView;
import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv4Prefix;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns a rule's parts into conditions, so that nothing is looked up by name per packet. */
final class Compiler {
  /** "-m tcp" alone: it needs the header, which only a first fragment has. */
  private static final Match ANY_TCP = toPorts(Match.Ports.ANY);

  private final Environment environment;
  private final RecentLists recent;

  Compiler(Environment environment) {
    this.environment = environment;
    this.recent = new RecentLists(environment.clock());
  }

  /**
   * The conditions of a rule, those of its head first, without what {@link RuleEntry} asks itself.
   */
  Condition[] compile(Rule rule) {
    var conditions = new ArrayList<Condition>();
    if (rule.protocol() != 0 && rule.notProtocol()) {
      int protocol = rule.protocol();
      conditions.add(skb -> skb.packet().protocol() != protocol);
    }
    var source = rule.source();
    if (source != null && !RuleEntry.isOwn(source, rule.notSource())) {
      conditions.add(address(source, !rule.notSource(), true));
    }
    var destination = rule.destination();
    if (destination != null && !RuleEntry.isOwn(destination, rule.notDestination())) {
      conditions.add(address(destination, !rule.notDestination(), false));
    }
    var in = rule.inDevice();
    if (in != null) {
      conditions.add(device(in, !rule.notInDevice(), true));
    }
    var out = rule.outDevice();
    if (out != null) {
      conditions.add(device(out, !rule.notOutDevice(), false));
    }
    if (rule.fragment()) {
      boolean wanted = !rule.notFragment();
      conditions.add(skb -> (skb.packet().fragmentOffset() > 0) == wanted);
    }
    for (var match : rule.matches()) {
      if (!(match instanceof Match.Comment)) {
        conditions.add(compile(match));
      }
    }
    return conditions.toArray(Condition[]::new);
  }

  private static Condition address(Prefix prefix, boolean wanted, boolean source) {
    if (prefix instanceof Ipv4Prefix v4) {
      int mask = Ipv4Prefix.mask(v4.length());
      int value = v4.address().bits();
      return source
          ? skb -> (bits(skb.packet().source(), mask) == value) == wanted
          : skb -> (bits(skb.packet().destination(), mask) == value) == wanted;
    }
    return source
        ? skb -> prefix.contains(skb.packet().source()) == wanted
        : skb -> prefix.contains(skb.packet().destination()) == wanted;
  }

  private static int bits(IpAddress address, int mask) {
    return address instanceof Ipv4Address v4 ? v4.bits() & mask : 0;
  }

  private static Condition device(String pattern, boolean wanted, boolean in) {
    boolean open = pattern.endsWith("+");
    var text = open ? pattern.substring(0, pattern.length() - 1) : pattern;
    return in
        ? skb -> matches(skb.inDevice(), text, open) == wanted
        : skb -> matches(skb.outDevice(), text, open) == wanted;
  }

  private static boolean matches(@Nullable String device, String text, boolean open) {
    if (device == null) {
      return false;
    }
    return open ? device.startsWith(text) : device.equals(text);
  }

  private Condition compile(Match match) {
    return switch (match) {
      case Match.Comment _ -> _ -> true;
      case Match.Tcp tcp when tcp.equals(ANY_TCP) -> skb -> skb.packet().fragmentOffset() == 0;
      case Match.Tcp tcp when tcp.equals(toPorts(tcp.destination())) -> {
        int low = tcp.destination().low();
        int high = tcp.destination().high();
        yield skb ->
            skb.packet().destinationPort() >= low && skb.packet().destinationPort() <= high;
      }
      case Match.Tcp tcp -> skb -> tcp(tcp, skb.packet());
      case Match.Udp(_, var source, var notSource, var destination, var notDestination) ->
          skb ->
              skb.packet().fragmentOffset() == 0
                  && source.contains(skb.packet().sourcePort()) != notSource
                  && destination.contains(skb.packet().destinationPort()) != notDestination;
      case Match.Icmp icmp -> skb -> icmp(icmp, skb.packet());
      case Match.Multiport(var side, var ports, var inverted) ->
          skb -> multiport(side, ports, skb.packet()) != inverted;
      case Match.Mark(var value, var mask, var inverted) ->
          skb -> ((skb.mark() & mask) == value) != inverted;
      case Match.ConnMark(var value, var mask, var inverted) ->
          skb -> {
            var entry = skb.tracking().entry();
            return entry != null && ((entry.mark() & mask) == value) != inverted;
          };
      case Match.ConnState state -> skb -> connState(state, skb);
      case Match.AddrType type -> skb -> addrType(type, skb);
      case Match.SetMatch(var set, var flags, var inverted, _) ->
          skb -> environment.sets().matches(set, view(skb.packet()), flags) != inverted;
      case Match.RpFilter(var loose, var validMark, var acceptLocal, var inverted) ->
          skb ->
              environment.routing().reversePathOk(skb, loose, validMark, acceptLocal) != inverted;
      case Match.StatisticRandom(var probability, var inverted) ->
          _ -> (environment.random().nextLong(0x8000_0000L) < probability) != inverted;
      case Match.StatisticNth nth -> new Nth(nth);
      case Match.Recent r ->
          skb -> recent.matches(r, r.source() ? skb.packet().source() : skb.packet().destination());
      case Match.Limit limit -> new TokenBucket(limit, environment.clock());
      case Match.PhysDev dev -> _ -> physDev(dev);
      case Match.IpRange range -> skb -> ipRange(range, skb.packet());
      case Match.Length(var low, var high, var inverted) ->
          skb -> (skb.packet().length() >= low && skb.packet().length() <= high) != inverted;
      case Match.Owner(var uid, var inverted) ->
          skb -> skb.socketUid() >= 0 && (skb.socketUid() == uid) != inverted;
      case Match.PktType(var type, var inverted) -> skb -> (skb.type() == type) != inverted;
      case Match.MacSource(_, var inverted) -> _ -> inverted;
      case Match.Ttl(var operator, var value) ->
          skb ->
              switch (operator) {
                case "--ttl-lt" -> skb.packet().ttl() < value;
                case "--ttl-gt" -> skb.packet().ttl() > value;
                case "! --ttl-eq" -> skb.packet().ttl() != value;
                default -> skb.packet().ttl() == value;
              };
      case Match.Ipvs(var inverted) -> _ -> inverted;
      case Match.Unknown(var name, _) ->
          skb -> {
            skb.warn("match '" + name + "' is not known here: the rule never matches");
            return false;
          };
    };
  }

  private static Match.Tcp toPorts(Match.Ports ports) {
    return new Match.Tcp(Match.Ports.ANY, false, ports, false, 0, 0, false, 0, false);
  }

  private static boolean tcp(Match.Tcp tcp, Packet packet) {
    return packet.fragmentOffset() == 0
        && tcp.source().contains(packet.sourcePort()) != tcp.notSource()
        && tcp.destination().contains(packet.destinationPort()) != tcp.notDestination()
        && ((tcp.flagMask() == 0 && !tcp.notFlags())
            || ((packet.tcpFlags() & tcp.flagMask()) == tcp.flags()) != tcp.notFlags())
        && (tcp.option() == 0 || hasOption(packet, tcp.option()) != tcp.notOption());
  }

  private static boolean hasOption(Packet packet, int option) {
    var options = packet.tcpOptions();
    for (int i = 0; i < options.length; ) {
      int kind = options[i] & 0xff;
      if (kind == option) {
        return true;
      }
      if (kind == 0) {
        return false;
      }
      i += kind == 1 || i + 1 >= options.length ? 1 : Math.max(2, options[i + 1] & 0xff);
    }
    return false;
  }

  private static boolean icmp(Match.Icmp icmp, Packet packet) {
    boolean matched =
        (icmp.type() == 255 && !icmp.v6())
            || (packet.icmpType() == icmp.type()
                && packet.icmpCode() >= icmp.codeLow()
                && packet.icmpCode() <= icmp.codeHigh());
    return matched != icmp.inverted();
  }

  private static boolean multiport(
      Match.Multiport.Side side, List<Match.Ports> ports, Packet packet) {
    for (int i = 0; i < ports.size(); i++) {
      var range = ports.get(i);
      boolean matched =
          switch (side) {
            case SOURCE -> range.contains(packet.sourcePort());
            case DESTINATION -> range.contains(packet.destinationPort());
            case EITHER ->
                range.contains(packet.sourcePort()) || range.contains(packet.destinationPort());
          };
      if (matched) {
        return true;
      }
    }
    return false;
  }

  private static boolean connState(Match.ConnState match, Skb skb) {
    var entry = skb.tracking().entry();
    if (!match.states().isEmpty() && hasState(match, skb, entry) == match.inverted()) {
      return false;
    }
    var details = match.details();
    return match.old() || entryMatches(details, skb, entry);
  }

  private static boolean hasState(Match.ConnState match, Skb skb, @Nullable ConntrackEntry entry) {
    var states = match.states();
    if (skb.tracking().isUntracked()) {
      return states.contains(Match.ConnState.State.UNTRACKED);
    }
    if (entry == null) {
      return states.contains(Match.ConnState.State.INVALID);
    }
    var state =
        switch (skb.tracking().info()) {
          case NEW -> Match.ConnState.State.NEW;
          case ESTABLISHED, ESTABLISHED_REPLY -> Match.ConnState.State.ESTABLISHED;
          case RELATED, RELATED_REPLY -> Match.ConnState.State.RELATED;
        };
    return states.contains(state)
        || (entry.isSourceNat() && states.contains(Match.ConnState.State.SNAT))
        || (entry.isDestinationNat() && states.contains(Match.ConnState.State.DNAT));
  }

  private static boolean entryMatches(
      Match.ConnDetails details, Skb skb, @Nullable ConntrackEntry entry) {
    boolean asks =
        details.originalSource() != null
            || details.originalDestination() != null
            || details.replySource() != null
            || details.replyDestination() != null
            || details.originalSourcePort() != null
            || details.originalDestinationPort() != null
            || details.protocol() >= 0
            || details.direction() != null
            || !details.status().isEmpty();
    if (!asks) {
      return true;
    }
    if (entry == null) {
      return false;
    }
    var original = entry.original();
    var reply = entry.reply();
    return in(details.originalSource(), original.source(), details.notOriginalSource())
        && in(
            details.originalDestination(), original.destination(), details.notOriginalDestination())
        && in(details.replySource(), reply.source(), details.notReplySource())
        && in(details.replyDestination(), reply.destination(), details.notReplyDestination())
        && within(details.originalSourcePort(), original.sourceKey())
        && within(details.originalDestinationPort(), original.destinationKey())
        && (details.protocol() < 0 || details.protocol() == original.protocol())
        && direction(details.direction(), skb.tracking().info())
        && (details.status().isEmpty() || status(details, entry) != details.notStatus());
  }

  private static boolean in(@Nullable Prefix prefix, IpAddress address, boolean inverted) {
    return prefix == null || prefix.contains(address) != inverted;
  }

  private static boolean within(Match.@Nullable Ports ports, int port) {
    return ports == null || ports.contains(port);
  }

  private static boolean direction(@Nullable String direction, CtInfo info) {
    return direction == null || direction.equals("REPLY") == info.isReply();
  }

  private static boolean status(Match.ConnDetails details, ConntrackEntry entry) {
    for (var word : details.status()) {
      boolean has =
          switch (word) {
            case "SEEN_REPLY" -> entry.hasSeenReply();
            case "ASSURED" -> entry.isAssured();
            case "CONFIRMED" -> entry.isConfirmed();
            default -> false;
          };
      if (has) {
        return true;
      }
    }
    return false;
  }

  private boolean addrType(Match.AddrType match, Skb skb) {
    String device = null;
    if (match.limitIn()) {
      device = skb.inDevice();
    } else if (match.limitOut()) {
      device = skb.outDevice();
    }
    var routing = environment.routing();
    var packet = skb.packet();
    if (packet.family() == IpFamily.IPV6) {
      return (match.source().isEmpty()
              || isAll(match.source(), packet.source(), device) != match.notSource())
          && (match.destination().isEmpty()
              || isAll(match.destination(), packet.destination(), device)
                  != match.notDestination());
    }
    return (match.source().isEmpty()
            || match.source().contains(routing.addressType(packet.source(), device))
                != match.notSource())
        && (match.destination().isEmpty()
            || match.destination().contains(routing.addressType(packet.destination(), device))
                != match.notDestination());
  }

  /** For IPv6 an address has to be all that is asked, and what is local is unicast too. */
  private boolean isAll(Set<AddressType> types, IpAddress address, @Nullable String device) {
    boolean unicast = !address.isMulticast() && !address.isUnspecified();
    if ((types.contains(AddressType.MULTICAST) && !address.isMulticast())
        || (types.contains(AddressType.UNICAST) && !unicast)
        || (types.contains(AddressType.UNSPEC) && !address.isUnspecified())) {
      return false;
    }
    boolean routed =
        types.contains(AddressType.LOCAL)
            || types.contains(AddressType.ANYCAST)
            || types.contains(AddressType.UNREACHABLE);
    return !routed || types.contains(environment.routing().addressType(address, device));
  }

  private static boolean physDev(Match.PhysDev dev) {
    // Nothing here comes in by a bridge port.
    return (dev.in() == null || dev.notIn())
        && (dev.out() == null || dev.notOut())
        && dev.flags().isEmpty();
  }

  private static boolean ipRange(Match.IpRange range, Packet packet) {
    return between(range.sourceLow(), range.sourceHigh(), packet.source(), range.notSource())
        && between(
            range.destinationLow(),
            range.destinationHigh(),
            packet.destination(),
            range.notDestination());
  }

  private static boolean between(
      @Nullable IpAddress low, @Nullable IpAddress high, IpAddress address, boolean inverted) {
    return low == null
        || high == null
        || (address.compareTo(low) >= 0 && address.compareTo(high) <= 0) != inverted;
  }

  private static PacketView view(Packet packet) {
    return new PacketView() {
      @Override
      public IpAddress address(boolean source) {
        return source ? packet.source() : packet.destination();
      }

      @Override
      public int port(boolean source) {
        if (packet.isIcmp()) {
          return packet.icmpType() << 8 | packet.icmpCode();
        }
        if (!IpProtocol.hasPorts(packet.protocol())) {
          return -1;
        }
        return source ? packet.sourcePort() : packet.destinationPort();
      }

      @Override
      public int protocol() {
        return packet.protocol();
      }
    };
  }

  /** Every nth packet. */
  private static final class Nth implements Condition {
    private final Match.StatisticNth match;
    private int count;

    Nth(Match.StatisticNth match) {
      this.match = match;
    }

    @Override
    public boolean matches(Skb skb) {
      boolean hit = count == match.packet();
      count = (count + 1) % match.every();
      return hit != match.inverted();
    }
  }
}
