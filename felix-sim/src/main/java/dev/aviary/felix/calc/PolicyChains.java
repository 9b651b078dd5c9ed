package dev.aviary.felix.calc;

import java.util.ArrayList;
import java.util.List;

/** The chains of policies and profiles: one a direction, their rules one after the other. */
final class PolicyChains {
  private final PolicyRuleRenderer renderer;

  PolicyChains(PolicyRuleRenderer renderer) {
    this.renderer = renderer;
  }

  Chain policy(ActivePolicy policy, Direction direction) {
    return chain(
        CalicoNames.policyChain(direction, policy.name()),
        "Policy " + policy.name() + " " + direction.label(),
        policy.rules(direction));
  }

  Chain profile(ActivePolicy profile, Direction direction) {
    return chain(
        CalicoNames.profileChain(direction, profile.name()),
        "Profile " + profile.name() + " " + direction.label(),
        profile.rules(direction));
  }

  private Chain chain(String name, String comment, List<ActiveRule> rules) {
    var rendered = new ArrayList<Rule>();
    for (var rule : rules) {
      rendered.addAll(renderer.render(rule));
    }
    if (rendered.isEmpty()) {
      rendered.add(Rule.comment(comment));
    } else {
      rendered.set(0, rendered.getFirst().withComment(comment));
    }
    return Chain.of(name, rendered);
  }
}
