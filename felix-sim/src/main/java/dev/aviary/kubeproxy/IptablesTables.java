package dev.aviary.kubeproxy;

import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.RestoreException;
import dev.aviary.net.IpFamily;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * What {@code iptables -N}, {@code -C}, {@code -I} and {@code -A} do for one family, on tables as
 * they were when this was made.
 */
final class IptablesTables {
  private final Kernel kernel;
  private final IpFamily family;
  private final Map<String, Reading> readings = new LinkedHashMap<>();
  private final Map<String, StringBuilder> changes = new LinkedHashMap<>();

  private record Reading(Set<String> chains, Set<String> rules) {}

  IptablesTables(Kernel kernel, IpFamily family) {
    this.kernel = kernel;
    this.family = family;
  }

  private Reading reading(String table) {
    return readings.computeIfAbsent(table, t -> read(kernel.iptablesSave(family, t)));
  }

  private static Reading read(String saved) {
    var chains = new HashSet<String>();
    var rules = new HashSet<String>();
    saved
        .lines()
        .forEach(
            line -> {
              if (line.startsWith(":")) {
                chains.add(line.substring(1, line.indexOf(' ')));
              } else if (line.startsWith("-A ")) {
                rules.add(line.stripTrailing());
              }
            });
    return new Reading(chains, rules);
  }

  Set<String> chains(String table) {
    return reading(table).chains();
  }

  private StringBuilder changes(String table) {
    return changes.computeIfAbsent(table, _ -> new StringBuilder());
  }

  /** Makes {@code chain} if it isn't there, and leaves its rules alone if it is. */
  void ensureChain(String table, String chain) {
    if (reading(table).chains().add(chain)) {
      changes(table).append(':').append(chain).append(" - [0:0]\n");
    }
  }

  /** Puts a rule first in {@code chain}, unless it is somewhere in it. */
  void ensureFirst(String table, String chain, String rule) {
    ensure(table, chain, "-I ", rule, rule);
  }

  /** Puts a rule last in {@code chain}, unless it is in it, printed as {@code saved}. */
  void ensureLast(String table, String chain, String rule, String saved) {
    ensure(table, chain, "-A ", rule, saved);
  }

  private void ensure(String table, String chain, String command, String rule, String saved) {
    if (reading(table).rules().add("-A " + chain + " " + saved)) {
      changes(table).append(command).append(chain).append(' ').append(rule).append('\n');
    }
  }

  /** Writes what was found missing, table by table. */
  void commit() {
    changes.forEach(
        (table, text) -> restore(kernel, family, "*" + table + "\n" + text + "COMMIT\n"));
    changes.clear();
  }

  static void restore(Kernel kernel, IpFamily family, String text) {
    try {
      kernel.iptablesRestore(family, text, true);
    } catch (RestoreException e) {
      throw new IllegalStateException(
          "line " + e.line() + ": " + e.getMessage() + " in\n" + text, e);
    }
  }
}
