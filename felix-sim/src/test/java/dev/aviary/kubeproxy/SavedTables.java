package dev.aviary.kubeproxy;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What {@code iptables-save} prints, without dates and counters: of each table its chains and its
 * rules by chain, those of chains that services share in any order of services.
 */
final class SavedTables {
  private static final List<String> SHARED =
      List.of("KUBE-SERVICES", "KUBE-NODEPORTS", "KUBE-EXTERNAL-SERVICES", "KUBE-PROXY-FIREWALL");

  private SavedTables() {}

  static Map<String, Map<String, Object>> of(String saved) {
    var tables = new TreeMap<String, Map<String, Object>>();
    GroupedText.byChain(saved)
        .forEach(
            (table, chains) -> {
              var entries = new TreeMap<String, Object>();
              chains.forEach(
                  (chain, lines) ->
                      entries.put(
                          chain, SHARED.contains(chain) ? grouped(lines) : List.copyOf(lines)));
              tables.put(table, entries);
            });
    return tables;
  }

  /** By service port, the jump to the node ports last. */
  private static Object grouped(List<String> lines) {
    var text = "*t\n" + String.join("\n", lines) + "\n";
    int rest = lines.size() - 1;
    var jumps = new TreeSet<String>();
    while (rest >= 0 && lines.get(rest).contains("NOTE: this must be the last rule")) {
      jumps.add(lines.get(rest--));
    }
    return Map.of("groups", GroupedText.of(text), "last", jumps);
  }
}
