package dev.aviary.felix.calc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one table should hold of ours: rules at the head of built-in chains ({@code hooks}) and at
 * their end ({@code appends}), and chains of our own by name.
 */
public record TableState(
    IptablesTable table, List<Chain> hooks, List<Chain> appends, SortedMap<String, Chain> chains) {
  public TableState {
    hooks = List.copyOf(hooks);
    appends = List.copyOf(appends);
    chains = Collections.unmodifiableSortedMap(new TreeMap<>(chains));
  }

  static TableState of(
      IptablesTable table, List<Chain> hooks, List<Chain> appends, List<Chain> chains) {
    return new TableState(table, hooks, appends, programmed(hooks, appends, chains));
  }

  /**
   * The chains that some rule enters, be that rule itself in a chain that none enters. One that is
   * entered and that nobody defined is there without rules.
   */
  private static SortedMap<String, Chain> programmed(
      List<Chain> hooks, List<Chain> appends, List<Chain> chains) {
    var all = new ArrayList<>(chains);
    all.addAll(hooks);
    all.addAll(appends);
    Map<String, Chain> byName = new TreeMap<>();
    chains.forEach(chain -> byName.put(chain.name(), chain));
    var wanted = new TreeMap<String, Chain>();
    for (var chain : all) {
      for (var rule : chain.rules()) {
        rule.action()
            .referencedChain()
            .ifPresent(
                name ->
                    wanted.computeIfAbsent(
                        name, n -> byName.getOrDefault(n, Chain.of(n, List.of()))));
      }
    }
    return wanted;
  }
}
