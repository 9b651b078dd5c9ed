package dev.aviary.kernel.netfilter;

/** A compiled condition. */
@FunctionalInterface
interface Condition {
  boolean matches(Skb skb);
}
