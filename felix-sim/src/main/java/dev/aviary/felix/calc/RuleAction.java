package dev.aviary.felix.calc;

/** What a policy's rule decides. */
public enum RuleAction {
  ALLOW,
  DENY,
  LOG,
  /** On to the next tier, or to the profiles. */
  PASS
}
