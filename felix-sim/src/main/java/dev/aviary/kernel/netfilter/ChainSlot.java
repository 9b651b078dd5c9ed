package dev.aviary.kernel.netfilter;

import org.jspecify.annotations.Nullable;

/** Where the chain of a name is found: jumps hold on to the slot while the chain in it changes. */
final class ChainSlot {
  private final String name;
  private RuleEntry[] rules = {};
  private @Nullable RuleIndex index;

  ChainSlot(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  RuleEntry[] rules() {
    return rules;
  }

  /** Where to leap in a long chain, or null. */
  @Nullable RuleIndex index() {
    return index;
  }

  void setRules(RuleEntry[] rules) {
    this.rules = rules;
    this.index = RuleIndex.of(rules);
  }
}
