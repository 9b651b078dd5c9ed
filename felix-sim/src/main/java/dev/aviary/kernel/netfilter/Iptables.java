package dev.aviary.kernel.netfilter;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The {@code iptables} command over one family's tables. */
public final class Iptables {
  private Iptables() {}

  /** True if {@code word} is a command that changes a table: -A, -D, -F and the like. */
  public static boolean isChange(String word) {
    return RuleCommand.isChange(word);
  }

  /**
   * Runs a changing command.
   *
   * @param words from the command on: "-A CHAIN …"
   */
  public static void change(Netfilter netfilter, TableName table, List<String> words)
      throws RuleException {
    netfilter.edit(table, staging -> RuleCommand.run(staging, new ArrayList<>(words), 0, 0));
  }

  /** {@code -S}: a table's chains and rules, or one chain's. */
  public static String rules(
      Netfilter netfilter, TableName table, @Nullable String chain, boolean counters)
      throws RuleException {
    return IptablesSave.rules(chains(netfilter, table, chain), counters);
  }

  /** {@code -L}: a table's chains, or one. */
  public static String list(
      Netfilter netfilter, TableName table, @Nullable String chain, ListText.Options options)
      throws RuleException {
    var chains = chains(netfilter, table, chain);
    return ListText.list(
        chains, options, netfilter.family(), name -> netfilter.stage(table).references(name));
  }

  private static List<Chain> chains(Netfilter netfilter, TableName table, @Nullable String chain)
      throws RuleException {
    var found = netfilter.table(table);
    if (chain == null) {
      return found.ordered();
    }
    var one = found.chain(chain);
    if (one == null) {
      throw Staging.noSuchChain();
    }
    return List.of(one);
  }
}
