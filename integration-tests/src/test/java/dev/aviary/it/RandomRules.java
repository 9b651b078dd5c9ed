package dev.aviary.it;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Random tables for the loopback device, and what is sent there: the same seed gives the same text
 * and the same probes.
 */
final class RandomRules {
  private static final int CHAINS = 5;
  private static final List<Integer> PORTS = List.of(53, 80, 443, 8080, 30000);

  private final Random random;

  RandomRules(long seed) {
    random = new Random(seed);
  }

  /**
   * What is sent.
   *
   * @param last the last octet of a destination in 127.0.0.0/24
   */
  record Sent(boolean tcp, int last, int port) {
    String address() {
      return "127.0.0." + last;
    }
  }

  List<Sent> probes(int count) {
    var probes = new ArrayList<Sent>();
    for (int i = 0; i < count; i++) {
      probes.add(new Sent(random.nextInt(3) == 0, 1 + random.nextInt(4), pick(PORTS)));
    }
    return probes;
  }

  private <T> T pick(List<T> from) {
    return from.get(random.nextInt(from.size()));
  }

  /** A text for {@code iptables-restore}. */
  String tables() {
    return table("raw", List.of("PREROUTING", "OUTPUT"), List.of("ACCEPT", "NOTRACK"))
        + table(
            "mangle",
            List.of("PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"),
            List.of("ACCEPT", "MARK --set-xmark 0x%x/0xff", "MARK --set-xmark 0x%x/0xffffffff"))
        + nat()
        + table(
            "filter",
            List.of("INPUT", "OUTPUT"),
            List.of("ACCEPT", "ACCEPT", "DROP", "REJECT --reject-with icmp-port-unreachable"));
  }

  private String nat() {
    var out = new StringBuilder("*nat\n");
    for (int i = 0; i < 3; i++) {
      out.append("-A OUTPUT")
          .append(protocolAndPort())
          .append(
              random.nextBoolean()
                  ? " -j DNAT --to-destination 127.0.0." + (1 + random.nextInt(4))
                  : " -j REDIRECT --to-ports " + pick(PORTS))
          .append('\n');
    }
    return out.append("COMMIT\n").toString();
  }

  private String table(String name, List<String> builtIn, List<String> targets) {
    var out = new StringBuilder("*" + name + "\n");
    var prefix = name.substring(0, 1).toUpperCase(java.util.Locale.ROOT);
    for (int i = 0; i < CHAINS; i++) {
      out.append(':').append(prefix).append(i).append(" - [0:0]\n");
    }
    for (var chain : builtIn) {
      for (int i = 0; i < 3; i++) {
        rule(out, chain, name, prefix + random.nextInt(CHAINS), targets);
      }
    }
    for (int i = 0; i < CHAINS; i++) {
      for (int rules = random.nextInt(5); rules > 0; rules--) {
        // A chain enters later ones only: there are no loops.
        var next = i + 1 < CHAINS ? prefix + (i + 1 + random.nextInt(CHAINS - i - 1)) : "";
        rule(out, prefix + i, name, next, targets);
      }
    }
    return out.append("COMMIT\n").toString();
  }

  private void rule(
      StringBuilder out, String chain, String table, String next, List<String> targets) {
    out.append("-A ").append(chain).append(matches(table));
    switch (random.nextInt(next.isEmpty() ? 3 : 6)) {
      case 0 -> out.append(" -j RETURN");
      case 1, 2 ->
          out.append(" -j ")
              .append(String.format(java.util.Locale.ROOT, pick(targets), random.nextInt(256)));
      case 3 -> out.append(" -g ").append(next);
      default -> out.append(" -j ").append(next);
    }
    out.append('\n');
  }

  private String matches(String table) {
    return switch (random.nextInt(9)) {
      case 0 -> "";
      case 1 -> protocolAndPort();
      case 2 -> (random.nextBoolean() ? " !" : "") + " -d 127.0.0." + random.nextInt(4) + "/31";
      case 3 -> " -s 127.0.0." + (1 + random.nextInt(4)) + "/32";
      case 4 -> " -m mark" + (random.nextBoolean() ? " !" : "") + " --mark 0x0/0x" + mask();
      case 5 -> " -m addrtype --dst-type " + (random.nextBoolean() ? "LOCAL" : "UNICAST");
      case 6 ->
          table.equals("raw")
              ? " -p icmp"
              : " -m conntrack --ctstate "
                  + pick(List.of("NEW", "ESTABLISHED", "RELATED,ESTABLISHED", "INVALID", "DNAT"));
      case 7 -> " -p icmp -m icmp --icmp-type 3/3";
      default ->
          " -p udp -m multiport" + (random.nextBoolean() ? " !" : "") + " --dports 53,400:500";
    };
  }

  private String mask() {
    return Integer.toHexString(1 + random.nextInt(255));
  }

  private String protocolAndPort() {
    var protocol = random.nextInt(3) == 0 ? "tcp" : "udp";
    int port = pick(PORTS);
    return " -p "
        + protocol
        + " -m "
        + protocol
        + (random.nextInt(4) == 0 ? " !" : "")
        + " --dport "
        + (random.nextBoolean() ? port + ":" + (port + 1000) : Integer.toString(port));
  }
}
