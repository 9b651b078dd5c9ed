package dev.aviary.kernel.netfilter;

import org.jspecify.annotations.Nullable;

/** Where the chain of a name is found: jumps hold on to the slot while the chain in it changes. */
final class ChainSlot {
  private final String name;
  private Chain chain;
  private RuleEntry[] rules = {};
  private @Nullable RuleIndex index;
  private int references;
  private long version;

  ChainSlot(String name) {
    this.name = name;
    this.chain = Chain.user(name, 0);
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

  /** How many rules enter it. */
  int references() {
    return references;
  }

  void addReferences(int count) {
    references += count;
  }

  Chain chain() {
    return chain;
  }

  /** The table's version when it got its chain. */
  long version() {
    return version;
  }

  void set(Chain chain, long version) {
    this.chain = chain;
    this.version = version;
    this.rules = chain.rules().toArray(RuleEntry[]::new);
    this.index = RuleIndex.of(rules);
  }
}
