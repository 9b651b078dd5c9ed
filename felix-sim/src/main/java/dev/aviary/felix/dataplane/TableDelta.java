package dev.aviary.felix.dataplane;

import dev.aviary.felix.calc.CalicoNames;
import dev.aviary.felix.calc.Chain;
import dev.aviary.felix.calc.TableState;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The {@code iptables-restore} text that turns what a table holds into what it should. */
final class TableDelta {
  private final TableState desired;
  private final TableReading actual;
  private final boolean insertHooks;
  private final StringBuilder declarations = new StringBuilder();
  private final StringBuilder rules = new StringBuilder();
  private final StringBuilder deletions = new StringBuilder();

  private TableDelta(TableState desired, TableReading actual, boolean insertHooks) {
    this.desired = desired;
    this.actual = actual;
    this.insertHooks = insertHooks;
  }

  /**
   * The text, for {@code --noflush}; empty if nothing has to change.
   *
   * @param insertHooks true if our rules come first in the built-in chains, false for last
   */
  static String text(TableState desired, TableReading actual, boolean insertHooks) {
    return new TableDelta(desired, actual, insertHooks).text();
  }

  private String text() {
    desired.chains().values().forEach(this::ourChain);
    kernelChains().forEach(this::kernelChain);
    for (var chain : actual.chains().keySet()) {
      if (!desired.chains().containsKey(chain) && CalicoNames.isOurChain(chain)) {
        // Emptied first, so that chains that enter each other can both go.
        declare(chain);
        deletions.append("-X ").append(chain).append('\n');
      }
    }
    if (declarations.isEmpty() && rules.isEmpty()) {
      return "";
    }
    return "*" + desired.table().label() + "\n" + declarations + rules + deletions + "COMMIT\n";
  }

  private void declare(String chain) {
    declarations.append(':').append(chain).append(" - [0:0]\n");
  }

  private StringBuilder command(String command, String chain) {
    return rules.append(command).append(' ').append(chain).append(' ');
  }

  private void ourChain(Chain chain) {
    var wanted = chain.hashes();
    var found = actual.hashes(chain.name());
    if (!actual.chains().containsKey(chain.name())) {
      declare(chain.name());
    }
    if (wanted.equals(found)) {
      return;
    }
    // By index, so that rules that stay keep their counters.
    for (int i = 0; i < wanted.size(); i++) {
      if (i >= found.size()) {
        command("-A", chain.name()).append(chain.text(i)).append('\n');
      } else if (!wanted.get(i).equals(found.get(i))) {
        command("-R", chain.name()).append(i + 1).append(' ').append(chain.text(i)).append('\n');
      }
    }
    for (int i = wanted.size(); i < found.size(); i++) {
      command("-D", chain.name()).append(wanted.size() + 1).append('\n');
    }
  }

  /** The chains of others in which rules of ours are or should be. */
  private Set<String> kernelChains() {
    var chains = new TreeSet<String>();
    desired.hooks().forEach(chain -> chains.add(chain.kernelName()));
    desired.appends().forEach(chain -> chains.add(chain.kernelName()));
    actual
        .chains()
        .forEach(
            (name, hashes) -> {
              boolean wanted = desired.chains().containsKey(name);
              if (!wanted
                  && !CalicoNames.isOurChain(name)
                  && hashes.stream().anyMatch(h -> !h.isEmpty())) {
                chains.add(name);
              }
            });
    return chains;
  }

  private void kernelChain(String name) {
    var found = actual.hashes(name);
    var hooks = rulesFor(desired.hooks(), name);
    var appends = rulesFor(desired.appends(), name);
    int foreign = 0;
    for (var hash : found) {
      foreign += hash.isEmpty() ? 1 : 0;
    }
    var expected = new ArrayList<String>();
    var others = Collections.nCopies(foreign, "");
    hashes(insertHooks ? hooks : List.of(), expected);
    expected.addAll(others);
    hashes(insertHooks ? List.of() : hooks, expected);
    hashes(appends, expected);
    if (expected.equals(found)) {
      return;
    }
    for (int i = found.size(); i > 0; i--) {
      if (!found.get(i - 1).isEmpty()) {
        command("-D", name).append(i).append('\n');
      }
    }
    for (var chain : hooks) {
      for (int i = 0; i < chain.rules().size(); i++) {
        // Each insertion pushes the earlier ones down: the last rule goes in first.
        int index = insertHooks ? chain.rules().size() - 1 - i : i;
        command(insertHooks ? "-I" : "-A", name).append(chain.text(index)).append('\n');
      }
    }
    for (var chain : appends) {
      chain.lines().forEach(line -> rules.append(line).append('\n'));
    }
  }

  private static List<Chain> rulesFor(List<Chain> chains, String kernelChain) {
    return chains.stream().filter(c -> c.kernelName().equals(kernelChain)).toList();
  }

  private static void hashes(List<Chain> chains, List<String> into) {
    chains.forEach(chain -> into.addAll(chain.hashes()));
  }
}
