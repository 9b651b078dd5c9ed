package dev.aviary.kernel.netfilter;

import org.jspecify.annotations.Nullable;

/** A rule in its place: compiled, with its counters. */
final class RuleEntry {
  private final Rule rule;
  private final Condition[] conditions;
  private final @Nullable ChainSlot jump;
  private final boolean unconditional;
  private final boolean isGoto;
  private long packets;
  private long octets;

  RuleEntry(
      Rule rule, Condition[] conditions, @Nullable ChainSlot jump, long packets, long octets) {
    this.rule = rule;
    this.conditions = conditions;
    this.jump = jump;
    this.unconditional = rule.isUnconditional();
    this.isGoto = rule.target() instanceof Target.Jump(_, var goes) && goes;
    this.packets = packets;
    this.octets = octets;
  }

  Rule rule() {
    return rule;
  }

  @Nullable ChainSlot jump() {
    return jump;
  }

  /** True if it enters its chain without coming back here. */
  boolean isGoto() {
    return isGoto;
  }

  boolean isUnconditional() {
    return unconditional;
  }

  long packets() {
    return packets;
  }

  long octets() {
    return octets;
  }

  void zero() {
    packets = 0;
    octets = 0;
  }

  boolean matches(Skb skb) {
    for (var condition : conditions) {
      if (!condition.matches(skb)) {
        return false;
      }
    }
    return true;
  }

  void count(int length) {
    packets++;
    octets += length;
  }
}
