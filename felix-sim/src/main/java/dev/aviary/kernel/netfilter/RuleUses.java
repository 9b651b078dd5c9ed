package dev.aviary.kernel.netfilter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a chain's rules refer to and need, counted once when the chain is made, so that no change of
 * another chain has to look at them again.
 *
 * @param jumps how many rules enter each chain
 * @param sets how many matches name each set
 * @param tracking how many rules ask for connections or translate
 */
record RuleUses(Map<String, Integer> jumps, Map<String, Integer> sets, int tracking) {
  private static final RuleUses NONE = new RuleUses(Map.of(), Map.of(), 0);

  static RuleUses of(List<RuleEntry> rules) {
    if (rules.isEmpty()) {
      return NONE;
    }
    var jumps = new HashMap<String, Integer>();
    var sets = new HashMap<String, Integer>();
    int tracking = 0;
    for (var entry : rules) {
      var rule = entry.rule();
      if (rule.target() instanceof Target.Jump(var to, _)) {
        jumps.merge(to, 1, Integer::sum);
      }
      for (var match : rule.matches()) {
        if (match instanceof Match.SetMatch(var set, _, _, _)) {
          sets.merge(set, 1, Integer::sum);
        }
      }
      tracking += needsConntrack(rule) ? 1 : 0;
    }
    return new RuleUses(jumps, sets, tracking);
  }

  private static boolean needsConntrack(Rule rule) {
    for (var match : rule.matches()) {
      if (match instanceof Match.ConnState || match instanceof Match.ConnMark) {
        return true;
      }
    }
    return switch (rule.target()) {
      case Target.Dnat _,
          Target.Snat _,
          Target.Masquerade _,
          Target.Redirect _,
          Target.NoTrack _,
          Target.ConnMark _ ->
          true;
      case Target.None _,
          Target.Accept _,
          Target.Drop _,
          Target.Return _,
          Target.Jump _,
          Target.SetMark _,
          Target.Reject _,
          Target.Log _,
          Target.NfLog _,
          Target.Trace _,
          Target.Unknown _ ->
          false;
    };
  }
}
