package dev.aviary.kernel.netfilter;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** A chain's contents; a change makes a new one. */
final class Chain {
  private final String name;
  private final @Nullable Hook hook;
  private final boolean drops;
  private final int handle;
  private final List<RuleEntry> rules;
  private final RuleUses uses;
  private long packets;
  private long octets;

  Chain(
      String name,
      @Nullable Hook hook,
      boolean drops,
      int handle,
      List<RuleEntry> rules,
      long packets,
      long octets) {
    this.name = name;
    this.hook = hook;
    this.drops = drops;
    this.handle = handle;
    this.rules = List.copyOf(rules);
    this.uses = RuleUses.of(this.rules);
    this.packets = packets;
    this.octets = octets;
  }

  static Chain user(String name, int handle) {
    return new Chain(name, null, false, handle, List.of(), 0, 0);
  }

  /** A chain that the legacy tables always have; nf_tables makes it when something names it. */
  static Chain builtIn(Hook hook) {
    return new Chain(hook.name(), hook, false, 0, List.of(), 0, 0);
  }

  Chain withRules(List<RuleEntry> rules) {
    return new Chain(name, hook, drops, handle, rules, packets, octets);
  }

  Chain withPolicy(boolean drops, long packets, long octets) {
    return new Chain(name, hook, drops, handle, rules, packets, octets);
  }

  Chain withHandle(int handle) {
    return new Chain(name, hook, drops, handle, rules, packets, octets);
  }

  Chain withName(String name) {
    return new Chain(name, hook, drops, handle, rules, packets, octets);
  }

  String name() {
    return name;
  }

  /** The number that nf_tables knows it by in its table; 0 where it would not be there. */
  int handle() {
    return handle;
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
