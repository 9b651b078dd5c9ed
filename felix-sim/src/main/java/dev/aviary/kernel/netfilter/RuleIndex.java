package dev.aviary.kernel.netfilter;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv4Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Leaps over rules that cannot match: those for one other destination address, or for one other
 * destination port. Rules of any other kind are always looked at, and the order stays.
 */
final class RuleIndex {
  private static final int WORTHWHILE = 12;
  private static final int[] NONE = {};

  private final int[] nextOpen;
  private final IntLists byDestination;
  private final IntLists byPort;

  private RuleIndex(int[] nextOpen, IntLists byDestination, IntLists byPort) {
    this.nextOpen = nextOpen;
    this.byDestination = byDestination;
    this.byPort = byPort;
  }

  /** An index over a long chain; null where it would not pay. */
  static @Nullable RuleIndex of(RuleEntry[] rules) {
    if (rules.length < WORTHWHILE) {
      return null;
    }
    var destinations = new HashMap<Integer, List<Integer>>();
    var ports = new HashMap<Integer, List<Integer>>();
    var open = new int[rules.length + 1];
    var keyed = new boolean[rules.length];
    for (int i = 0; i < rules.length; i++) {
      var rule = rules[i].rule();
      int port = port(rule);
      if (rule.destination() instanceof Ipv4Prefix(var address, var length)
          && length == 32
          && !rule.notDestination()) {
        destinations.computeIfAbsent(address.bits(), _ -> new ArrayList<>()).add(i);
        keyed[i] = true;
      } else if (port >= 0) {
        ports.computeIfAbsent(port, _ -> new ArrayList<>()).add(i);
        keyed[i] = true;
      }
    }
    open[rules.length] = rules.length;
    for (int i = rules.length - 1; i >= 0; i--) {
      open[i] = keyed[i] ? open[i + 1] : i;
    }
    return new RuleIndex(open, new IntLists(destinations), new IntLists(ports));
  }

  /** Protocol and port of a rule for exactly one destination port, or -1. */
  private static int port(Rule rule) {
    int key = -1;
    for (var match : rule.matches()) {
      switch (match) {
        case Match.Tcp(_, _, var ports, var inverted, _, _, _, _, _) ->
            key = single(rule, IpProtocol.TCP, ports, inverted, key);
        case Match.Udp(_, _, _, var ports, var inverted) ->
            key = single(rule, IpProtocol.UDP, ports, inverted, key);
        case Match.Recent _, Match.Limit _, Match.StatisticNth _, Match.StatisticRandom _ -> {
          return -1; // they notice being asked
        }
        case Match.Comment _,
            Match.Icmp _,
            Match.Multiport _,
            Match.Mark _,
            Match.ConnMark _,
            Match.ConnState _,
            Match.AddrType _,
            Match.SetMatch _,
            Match.RpFilter _,
            Match.PhysDev _,
            Match.IpRange _,
            Match.Length _,
            Match.Owner _,
            Match.PktType _,
            Match.MacSource _,
            Match.Ttl _,
            Match.Ipvs _,
            Match.Unknown _ -> {}
      }
    }
    return key;
  }

  private static int single(
      Rule rule, int protocol, Match.Ports ports, boolean inverted, int otherwise) {
    boolean one =
        rule.protocol() == protocol
            && !rule.notProtocol()
            && !inverted
            && ports.low() == ports.high();
    return one ? key(protocol, ports.low()) : otherwise;
  }

  private static int key(int protocol, int port) {
    return (protocol << 16) | port;
  }

  /** The first rule from {@code from} on that may match; the number of rules if none does. */
  int next(int from, Packet packet) {
    int best = nextOpen[from];
    if (packet.destination() instanceof Ipv4Address v4) {
      best = Math.min(best, first(byDestination.get(v4.bits()), from, best));
    }
    int port = key(packet.protocol(), packet.destinationPort());
    return Math.min(best, first(byPort.get(port), from, best));
  }

  private static int first(int[] places, int from, int otherwise) {
    for (int place : places) {
      if (place >= from) {
        return place;
      }
    }
    return otherwise;
  }

  /** From an int to a short list of ints, without boxes. */
  private static final class IntLists {
    private final int[] keys;
    private final int[][] values;

    IntLists(Map<Integer, List<Integer>> lists) {
      int size = Integer.highestOneBit(Math.max(4, lists.size())) * 4;
      keys = new int[size];
      values = new int[size][];
      lists.forEach(
          (key, list) -> {
            int at = slot(key);
            keys[at] = key;
            values[at] = list.stream().mapToInt(Integer::intValue).toArray();
          });
    }

    private int slot(int key) {
      int hash = key * 0x9E3779B9;
      int at = (hash ^ (hash >>> 15)) & (keys.length - 1);
      while (values[at] != null && keys[at] != key) {
        at = (at + 1) & (keys.length - 1);
      }
      return at;
    }

    int[] get(int key) {
      var found = values[slot(key)];
      return found == null ? NONE : found;
    }
  }
}
