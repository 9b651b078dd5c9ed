package dev.aviary.kernel.netfilter;

import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The tables that {@code iptables-nft} made, as {@code nft} lists them (1.0.6, built with xtables).
 */
public final class NftText {
  private NftText() {}

  /** {@code nft list ruleset}, one family's part: tables and chains in the order they were made. */
  public static String ruleset(Netfilter netfilter) {
    var out = new StringBuilder();
    for (var name : netfilter.tableNames().reversed()) {
      var table = netfilter.find(name);
      if (table != null) {
        table(table, netfilter.family(), out);
      }
    }
    return out.toString();
  }

  /** {@code nft list table}; empty where there is no such table. */
  public static String table(Netfilter netfilter, TableName name) {
    var table = netfilter.find(name);
    var out = new StringBuilder();
    if (table != null) {
      table(table, netfilter.family(), out);
    }
    return out.toString();
  }

  private static List<Chain> made(Table table) {
    return table.chains().values().stream()
        .filter(chain -> chain.handle() != 0)
        .sorted(Comparator.comparingInt(Chain::handle))
        .toList();
  }

  private static String word(IpFamily family) {
    return family == IpFamily.IPV4 ? "ip" : "ip6";
  }

  private static void table(Table table, IpFamily family, StringBuilder out) {
    var chains = made(table);
    if (chains.isEmpty()) {
      return;
    }
    out.append("table ").append(word(family)).append(' ').append(table.name().text());
    out.append(" {\n");
    boolean first = true;
    for (var chain : chains) {
      out.append(first ? "" : "\n");
      first = false;
      out.append("\tchain ").append(chain.name()).append(" {\n");
      if (chain.isBuiltIn()) {
        out.append("\t\t").append(hook(table.name(), chain)).append('\n');
      }
      for (var entry : chain.rules()) {
        var rule = rule(entry.rule(), family, entry.packets(), entry.octets());
        out.append("\t\t").append(rule).append('\n');
      }
      out.append("\t}\n");
    }
    out.append("}\n");
  }

  private static String hook(TableName table, Chain chain) {
    var hook = Hook.parse(chain.name()).orElseThrow();
    var type =
        switch (table) {
          case NAT -> "nat";
          case MANGLE -> hook == Hook.OUTPUT ? "route" : "filter";
          case RAW, FILTER, SECURITY -> "filter";
        };
    var priority =
        switch (table) {
          case RAW -> "raw";
          case MANGLE -> "mangle";
          case FILTER -> "filter";
          case SECURITY -> "150"; // the name is "security", but this nft prints it for inet only
          case NAT ->
              switch (hook) {
                case PREROUTING -> "dstnat";
                case POSTROUTING -> "srcnat";
                case INPUT -> "100";
                case OUTPUT, FORWARD -> "-100";
              };
        };
    return "type "
        + type
        + " hook "
        + chain.name().toLowerCase(java.util.Locale.ROOT)
        + " priority "
        + priority
        + "; policy "
        + (chain.drops() ? "drop" : "accept")
        + ";";
  }

  /** One rule in a line. */
  static String rule(Rule rule, IpFamily family, long packets, long octets) {
    var words = new ArrayList<String>();
    device(words, "iifname", rule.inDevice(), rule.notInDevice());
    device(words, "oifname", rule.outDevice(), rule.notOutDevice());
    var protocol = rule.protocol() == 0 ? "" : IpProtocol.name(rule.protocol());
    if (!protocol.isEmpty() && !isImplied(rule)) {
      words.add("meta l4proto " + (rule.notProtocol() ? "!= " : "") + protocol);
    }
    address(words, word(family) + " saddr", rule.source(), rule.notSource());
    address(words, word(family) + " daddr", rule.destination(), rule.notDestination());
    if (rule.fragment()) {
      words.add("ip frag-off & 8191 " + (rule.notFragment() ? "== 0" : "!= 0"));
    }
    for (var match : rule.matches()) {
      words.add(NftMatch.text(match, protocol, family));
    }
    words.add("counter packets " + packets + " bytes " + octets);
    var target = NftTarget.text(rule.target());
    if (!target.isEmpty()) {
      words.add(target);
    }
    return String.join(" ", words);
  }

  /** True if the ports tell the protocol, so that it is not printed by itself. */
  private static boolean isImplied(Rule rule) {
    if (rule.notProtocol()) {
      return false;
    }
    for (var match : rule.matches()) {
      if (NftMatch.isTransport(match)) {
        return true;
      }
      if (!NftMatch.isExpression(match)) {
        return false;
      }
    }
    return false;
  }

  private static void device(
      List<String> words, String what, @Nullable String device, boolean inverted) {
    if (device != null) {
      var name = device.endsWith("+") ? device.substring(0, device.length() - 1) + "*" : device;
      words.add(what + (inverted ? " != \"" : " \"") + name + "\"");
    }
  }

  private static void address(
      List<String> words, String what, @Nullable Prefix prefix, boolean inverted) {
    if (prefix != null) {
      var text = prefix.isHost() ? prefix.address().toString() : prefix.toString();
      words.add(what + (inverted ? " != " : " ") + text);
    }
  }

  /** Rules as they are now, by table and handle: what {@code nft monitor} reads when it starts. */
  static Map<String, String> cache(Netfilter netfilter) {
    var rules = new HashMap<String, String>();
    for (var name : netfilter.tableNames()) {
      var table = netfilter.find(name);
      if (table != null) {
        for (var chain : table.chains().values()) {
          for (var entry : chain.rules()) {
            rules.put(
                key(netfilter.family(), name, entry.handle()),
                rule(entry.rule(), netfilter.family(), entry.packets(), entry.octets()));
          }
        }
      }
    }
    return rules;
  }

  static String key(IpFamily family, TableName table, int handle) {
    return family + " " + table + " " + handle;
  }
}
