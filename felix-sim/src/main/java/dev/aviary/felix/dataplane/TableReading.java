package dev.aviary.felix.dataplane;

import dev.aviary.felix.calc.CalicoNames;
import dev.aviary.kernel.netfilter.Hook;
import dev.aviary.kernel.netfilter.Match;
import dev.aviary.kernel.netfilter.Netfilter;
import dev.aviary.kernel.netfilter.Rule;
import dev.aviary.kernel.netfilter.TableName;
import dev.aviary.kernel.netfilter.Target;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a table holds that concerns us: of our chains, the built-in ones and those with rules of
 * ours, the hash of each rule; "" for a rule of somebody else, and {@link #UNHASHED} for one of
 * ours without a hash.
 */
record TableReading(Map<String, List<String>> chains) {
  /** Stands for a jump to one of our chains that an early Felix wrote. */
  static final String UNHASHED = "OLD INSERT RULE";

  /** A table without any chain. */
  static final TableReading EMPTY = new TableReading(Map.of());

  private static final Pattern HASH = Pattern.compile("cali:([a-zA-Z0-9_-]+)");

  /**
   * What the table holds now.
   *
   * @param version the table's version when this was so; only what changed since is looked at
   */
  TableReading refreshed(Netfilter netfilter, TableName table, long version) {
    Map<String, List<String>> now = new LinkedHashMap<>();
    chains.forEach(
        (chain, hashes) -> {
          if (netfilter.hasChain(table, chain)) {
            now.put(chain, hashes);
          }
        });
    for (var chain : netfilter.chainsChangedSince(table, version)) {
      var rules = netfilter.rules(table, chain).orElse(List.of());
      var hashes = rules.stream().map(TableReading::hash).toList();
      if (concernsUs(chain, hashes)) {
        now.put(chain, hashes);
      } else {
        now.remove(chain);
      }
    }
    return new TableReading(now);
  }

  private static boolean concernsUs(String chain, List<String> hashes) {
    return CalicoNames.isOurChain(chain)
        || Hook.parse(chain).isPresent()
        || hashes.stream().anyMatch(hash -> !hash.isEmpty());
  }

  private static String hash(Rule rule) {
    for (var match : rule.matches()) {
      if (match instanceof Match.Comment(var text)) {
        var hash = HASH.matcher(text);
        if (hash.lookingAt()) {
          return hash.group(1);
        }
      }
    }
    return rule.target() instanceof Target.Jump(var chain, _) && CalicoNames.isOurChain(chain)
        ? UNHASHED
        : "";
  }

  /** The hashes of {@code chain}; empty where it isn't there. */
  List<String> hashes(String chain) {
    return chains.getOrDefault(chain, List.of());
  }
}
