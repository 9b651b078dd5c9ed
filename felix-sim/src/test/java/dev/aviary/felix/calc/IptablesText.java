package dev.aviary.felix.calc;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The rule lines of an iptables-restore or iptables-save text, by table and chain. */
final class IptablesText {
  private final Map<String, Map<String, List<String>>> tables = new TreeMap<>();

  IptablesText(String text) {
    Map<String, List<String>> chains = new TreeMap<>();
    for (var line : text.split("\n", -1)) {
      if (line.startsWith("*")) {
        chains = new TreeMap<>();
        tables.put(line.substring(1), chains);
      } else if (line.startsWith(":")) {
        chains.putIfAbsent(line.substring(1, line.indexOf(' ')), new ArrayList<>());
      } else if (line.startsWith("-A ")) {
        chains.computeIfAbsent(line.split(" ", 3)[1], _ -> new ArrayList<>()).add(line);
      }
    }
  }

  /** Our chains of a table, and of each built-in chain the rules that are ours. */
  Map<String, List<String>> calico(String table) {
    var ours = new TreeMap<String, List<String>>();
    tables
        .getOrDefault(table, Map.of())
        .forEach(
            (chain, lines) -> {
              var calico = lines.stream().filter(l -> l.contains("\"cali:")).toList();
              if (chain.startsWith("cali-") || !calico.isEmpty()) {
                ours.put(chain, calico);
              }
            });
    return ours;
  }

  /** What {@code state} says, in the same form. */
  static Map<String, List<String>> of(TableState state) {
    var chains = new TreeMap<String, List<String>>();
    state.chains().forEach((name, chain) -> chains.put(name, chain.lines()));
    for (var part : List.of(state.hooks(), state.appends())) {
      for (var chain : part) {
        chains.computeIfAbsent(chain.kernelName(), _ -> new ArrayList<>()).addAll(chain.lines());
      }
    }
    return chains;
  }
}
