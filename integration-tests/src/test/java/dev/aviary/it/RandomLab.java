package dev.aviary.it;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Random sets and rules for the router between two hosts, and what is sent through it: the same
 * seed gives the same texts and the same probes. Flows do not depend on each other's order.
 */
final class RandomLab {
  static final List<Integer> PORTS = List.of(53, 80, 443, 8080);
  private static final int CHAINS = 4;
  private static final List<String> STATES =
      List.of("NEW", "ESTABLISHED", "RELATED,ESTABLISHED", "INVALID", "DNAT", "SNAT", "UNTRACKED");

  private final Random random;
  private final LabAddresses lab;

  RandomLab(long seed, LabAddresses lab) {
    this.random = new Random(seed);
    this.lab = lab;
  }

  /**
   * What is sent.
   *
   * @param from a, r or b
   * @param port the source port, an echo's identifier
   */
  record Sent(String from, String protocol, String source, int port, String to, int toPort) {}

  List<Sent> probes(int count) {
    var probes = new ArrayList<Sent>();
    for (int i = 0; i < count; i++) {
      var from = pick(List.of("a", "a", "a", "b", "r"));
      var to = pick(lab.targets(from));
      probes.add(
          new Sent(
              from,
              pick(List.of("tcp", "udp", "udp", "icmp")),
              lab.source(from, to),
              20_000 + i,
              to,
              pick(PORTS)));
    }
    return probes;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  private List<String> hosts() {
    var hosts = new ArrayList<>(lab.a());
    hosts.addAll(lab.b());
    hosts.addAll(lab.r());
    return hosts;
  }

  private String prefix() {
    return prefix(pick(List.of(0, 0, 1, 2)));
  }

  private String prefix(int shorter) {
    return Prefix.of(IpAddress.of(pick(hosts())), lab.bits() - shorter).toString();
  }

  /** A text for {@code ipset restore}. */
  String sets() {
    var family = lab.isV4() ? "inet" : "inet6";
    var out = new StringBuilder();
    out.append("create nets hash:net family ").append(family).append('\n');
    add(out, "nets", () -> prefix(1 + random.nextInt(2)));
    out.append("add nets ").append(pick(lab.b())).append(" nomatch\n");
    out.append("create hosts hash:ip family ").append(family).append('\n');
    add(out, "hosts", () -> pick(hosts()));
    out.append("create ports hash:ip,port family ").append(family).append('\n');
    add(out, "ports", () -> pick(hosts()) + "," + pick(List.of("tcp", "udp")) + ":" + pick(PORTS));
    return out.append("create all list:set size 8\nadd all nets\nadd all hosts\n").toString();
  }

  private void add(StringBuilder out, String set, Supplier<String> member) {
    Set<String> members = new TreeSet<>();
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      members.add(member.get());
    }
    members.forEach(each -> out.append("add ").append(set).append(' ').append(each).append('\n'));
  }

  /** A text for {@code iptables-restore} or {@code ip6tables-restore}. */
  String tables() {
    return table("raw", List.of("PREROUTING", "OUTPUT"), List.of("ACCEPT", "CT --notrack"))
        + table(
            "mangle",
            List.of("PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"),
            List.of(
                "ACCEPT",
                "MARK --set-xmark 0x%x/0xff",
                "MARK --set-xmark 0x%x/0xffffffff",
                "CONNMARK --set-xmark 0x%x/0xff",
                "CONNMARK --save-mark",
                "CONNMARK --restore-mark"))
        + nat()
        + table(
            "filter",
            List.of("INPUT", "FORWARD", "OUTPUT"),
            List.of("ACCEPT", "ACCEPT", "DROP", "REJECT --reject-with " + rejection()));
  }

  private String rejection() {
    return lab.isV4()
        ? pick(List.of("icmp-port-unreachable", "icmp-host-prohibited", "icmp-net-unreachable"))
        : pick(List.of("icmp6-port-unreachable", "icmp6-adm-prohibited", "icmp6-no-route"));
  }

  private String nat() {
    var out = new StringBuilder("*nat\n");
    for (var chain : List.of("PREROUTING", "OUTPUT")) {
      for (int i = random.nextInt(3); i > 0; i--) {
        var to = pick(lab.b());
        var withPort = lab.isV4() ? to + ":" : "[" + to + "]:";
        out.append("-A ").append(chain).append(" -s ").append(lab.all()).append(portMatch());
        out.append(
            switch (random.nextInt(3)) {
              case 0 -> " -j DNAT --to-destination " + to;
              case 1 -> " -j DNAT --to-destination " + withPort + pick(PORTS);
              default -> " -j REDIRECT --to-ports " + pick(PORTS);
            });
        out.append('\n');
      }
    }
    for (int i = random.nextInt(3); i > 0; i--) {
      out.append("-A POSTROUTING").append(guarded(match("nat", "POSTROUTING")));
      out.append(random.nextBoolean() ? " -j MASQUERADE" : " -j SNAT --to-source " + pick(lab.r()));
      out.append('\n');
    }
    return out.append("COMMIT\n").toString();
  }

  /** What IPv6 says to its link must not be translated. */
  private String guarded(String match) {
    return match.contains(" -s ") ? match : " -s " + lab.all() + match;
  }

  private String table(String name, List<String> builtIn, List<String> targets) {
    var out = new StringBuilder("*" + name + "\n");
    var letter = name.substring(0, 1).toUpperCase(Locale.ROOT);
    for (var chain : builtIn) {
      boolean drops = name.equals("filter") && random.nextInt(6) == 0;
      out.append(':').append(chain).append(drops ? " DROP [0:0]\n" : " ACCEPT [0:0]\n");
    }
    for (int i = 0; i < CHAINS; i++) {
      out.append(':').append(letter).append(i).append(" - [0:0]\n");
    }
    for (var chain : builtIn) {
      // Link-local chatter of IPv6 is none of the probes' business.
      out.append("-A ").append(chain).append(" ! -s ").append(lab.all()).append(" -j ACCEPT\n");
      for (int i = 0; i < 3; i++) {
        rule(out, chain, name, letter + random.nextInt(CHAINS), targets);
      }
    }
    for (int i = 0; i < CHAINS; i++) {
      for (int rules = random.nextInt(5); rules > 0; rules--) {
        // A chain enters later ones only: there are no loops.
        var next = i + 1 < CHAINS ? letter + (i + 1 + random.nextInt(CHAINS - i - 1)) : "";
        rule(out, letter + i, name, next, targets);
      }
    }
    return out.append("COMMIT\n").toString();
  }

  private void rule(
      StringBuilder out, String chain, String table, String next, List<String> targets) {
    var match = match(table, chain);
    out.append("-A ").append(chain).append(match);
    switch (random.nextInt(next.isEmpty() ? 3 : 6)) {
      case 0 -> out.append(" -j RETURN");
      case 1, 2 -> {
        var target = String.format(Locale.ROOT, pick(targets), 1 + random.nextInt(255));
        if (target.startsWith("CT ") && !match.contains(" -p ")) {
          // Of a TCP connection seen in one direction the other's first sequence number decides.
          out.append(" ! -p tcp");
        }
        boolean half = target.startsWith("CT ") && match.contains(" -p tcp");
        out.append(" -j ").append(half ? "RETURN" : target);
      }
      case 3 -> out.append(" -g ").append(next);
      default -> out.append(" -j ").append(next);
    }
    out.append('\n');
  }

  private String not() {
    return random.nextInt(3) == 0 ? " !" : "";
  }

  private String match(String table, String chain) {
    return switch (random.nextInt(16)) {
      case 0 -> "";
      case 1, 2 -> portMatch();
      case 3 -> not() + " -d " + prefix();
      case 4 -> not() + " -s " + prefix();
      case 5 -> " -m mark" + not() + " --mark 0x0/0x" + Integer.toHexString(random.nextInt(1, 256));
      case 6 -> " -m addrtype --dst-type " + pick(List.of("LOCAL", "UNICAST", "MULTICAST"));
      case 7, 8 -> table.equals("raw") ? icmp() : tracked();
      case 9 -> device(chain);
      case 10 -> icmp();
      case 11 ->
          " -m set" + not() + " --match-set " + pick(List.of("nets", "hosts", "all")) + side();
      case 12 -> " -m set" + not() + " --match-set ports " + pick(List.of("dst,dst", "src,dst"));
      case 13 -> " -m set --match-set " + pick(List.of("nets", "hosts", "all")) + side();
      case 14 -> " -m length" + not() + " --length " + pick(List.of("0:50", "0:60", "48:1500"));
      // No port that translation draws is in the range.
      default ->
          " -p udp -m multiport" + not() + pick(List.of(" --dports ", " --sports ")) + "53,600:700";
    };
  }

  private String side() {
    return random.nextBoolean() ? " src" : " dst";
  }

  private String device(String chain) {
    return switch (chain) {
      case "PREROUTING", "INPUT" -> not() + " -i r0";
      case "OUTPUT", "POSTROUTING" -> not() + " -o r1";
      default -> not() + pick(List.of(" -i r0", " -o r1", " -i r+", " -o lo"));
    };
  }

  private String icmp() {
    if (lab.isV4()) {
      return " -p icmp -m icmp --icmp-type " + pick(List.of("8", "0", "3/3", "any"));
    }
    return " -p ipv6-icmp -m icmp6 --icmpv6-type " + pick(List.of("128", "129", "1/4"));
  }

  private String tracked() {
    return switch (random.nextInt(5)) {
      case 0 -> " -m conntrack --ctdir " + pick(List.of("ORIGINAL", "REPLY"));
      case 1 -> " -m conntrack" + not() + " --ctorigdst " + pick(hosts());
      case 2 ->
          " -m connmark" + not() + " --mark 0x0/0x" + Integer.toHexString(random.nextInt(256));
      default -> " -m conntrack" + not() + " --ctstate " + pick(STATES);
    };
  }

  private String portMatch() {
    var protocol = random.nextInt(3) == 0 ? "tcp" : "udp";
    int port = pick(PORTS);
    return " -p "
        + protocol
        + " -m "
        + protocol
        + (random.nextInt(4) == 0 ? " !" : "")
        + pick(List.of(" --dport ", " --dport ", " --sport "))
        + (random.nextBoolean() ? port + ":" + (port + 1000) : Integer.toString(port));
  }
}
