package dev.aviary.kernel.netfilter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A chain's contents; a change makes a new one. */
final class Chain {
  private final String name;
  private final @Nullable Hook hook;
  private final boolean drops;
  private final List<RuleEntry> rules;
  private final RuleUses uses;
  private long packets;
  private long octets;

  Chain(
      String name,
      @Nullable Hook hook,
      boolean drops,
      List<RuleEntry> rules,
      long packets,
      long octets) {
    this.name = name;
    this.hook = hook;
    this.drops = drops;
    this.rules = List.copyOf(rules);
    this.uses = RuleUses.of(this.rules);
    this.packets = packets;
    this.octets = octets;
  }

  static Chain user(String name) {
    return new Chain(name, null, false, List.of(), 0, 0);
  }

  static Chain builtIn(Hook hook) {
    return new Chain(hook.name(), hook, false, List.of(), 0, 0);
  }

  Chain withRules(List<RuleEntry> rules) {
    return new Chain(name, hook, drops, rules, packets, octets);
  }

  Chain withPolicy(boolean drops, long packets, long octets) {
    return new Chain(name, hook, drops, rules, packets, octets);
  }

  Chain withName(String name) {
    return new Chain(name, hook, drops, rules, packets, octets);
  }

  String name() {
    return name;
  }

  boolean isBuiltIn() {
    return hook != null;
  }

  /** True for policy DROP. */
  boolean drops() {
    return drops;
  }

  /** What its rules refer to and need. */
  RuleUses uses() {
    return uses;
  }

  List<RuleEntry> rules() {
    return rules;
  }

  long packets() {
    return packets;
  }

  long octets() {
    return octets;
  }

  void count(int length) {
    packets++;
    octets += length;
  }

  void zero() {
    packets = 0;
    octets = 0;
    rules.forEach(RuleEntry::zero);
  }
}
