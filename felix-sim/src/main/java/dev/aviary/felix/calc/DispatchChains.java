package dev.aviary.felix.calc;

import dev.aviary.felix.calc.Action.Goto;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * From an interface's name to its chain: a root that branches on the first character in which the
 * names differ, and below it a list of names for each character that several have.
 */
final class DispatchChains {
  private final Function<String, Match> interfaceIs;

  private DispatchChains(Function<String, Match> interfaceIs) {
    this.interfaceIs = interfaceIs;
  }

  /** Looks at where the packet came from. */
  static DispatchChains byInInterface() {
    return new DispatchChains(Match.ANY::inInterface);
  }

  /** Looks at where the packet is going. */
  static DispatchChains byOutInterface() {
    return new DispatchChains(Match.ANY::outInterface);
  }

  /**
   * The children and, last, {@code root}; each ends with {@code end} for interfaces that have no
   * chain.
   */
  List<Chain> of(String root, String prefix, Collection<String> interfaces, List<Rule> end) {
    Function<String, Action> target = name -> new Goto(CalicoNames.chainName(prefix, name));
    var names = new TreeSet<>(interfaces);
    int common = names.isEmpty() ? 0 : commonPrefix(names.first(), names.last());
    var groups = new TreeMap<String, List<String>>();
    for (var name : names) {
      var key = name.substring(0, Math.min(name.length(), common + 1));
      groups.computeIfAbsent(key, k -> new ArrayList<>()).add(name);
    }
    var chains = new ArrayList<Chain>();
    var rootRules = new ArrayList<Rule>();
    groups.forEach(
        (key, members) -> {
          if (members.size() == 1) {
            var name = members.getFirst();
            rootRules.add(Rule.of(interfaceIs.apply(name), target.apply(name)));
            return;
          }
          var child = root + "-" + key.substring(common);
          rootRules.add(Rule.of(interfaceIs.apply(key + "+"), new Goto(child)));
          var rules = new ArrayList<Rule>();
          for (var name : members) {
            rules.add(Rule.of(interfaceIs.apply(name), target.apply(name)));
          }
          rules.addAll(end);
          chains.add(Chain.of(child, rules));
        });
    rootRules.addAll(end);
    chains.add(Chain.of(root, rootRules));
    return chains;
  }

  /** Of sorted names, what the first and the last share is what all share. */
  private static int commonPrefix(String first, String last) {
    int length = 0;
    while (length < first.length()
        && length < last.length()
        && first.charAt(length) == last.charAt(length)) {
      length++;
    }
    return length;
  }
}
