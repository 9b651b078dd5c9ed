package dev.aviary.kernel.netfilter;

/** Where the chain of a name is found: jumps hold on to the slot while the chain in it changes. */
final class ChainSlot {
  private final String name;
  private RuleEntry[] rules = {};

  ChainSlot(String name) {
    this.name = name;
  }

  String name() {
    return name;
  }

  RuleEntry[] rules() {
    return rules;
  }

  void setRules(RuleEntry[] rules) {
    this.rules = rules;
  }
}
