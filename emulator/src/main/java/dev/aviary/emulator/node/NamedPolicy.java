package dev.aviary.emulator.node;

import dev.aviary.bgp.policy.Policy;
import dev.aviary.bgp.policy.Statement;
import dev.aviary.bgp.policy.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * A policy whose statements know where they came from.
 *
 * @param reasons one for each statement, in the words of the resources
 * @param otherwise why a route gets what the policy gives to those that no statement decided
 */
record NamedPolicy(Policy policy, List<String> reasons, String otherwise) {
  NamedPolicy {
    reasons = List.copyOf(reasons);
  }

  /** Collects statements with their reasons. */
  static final class Builder {
    private final List<Statement> statements = new ArrayList<>();
    private final List<String> reasons = new ArrayList<>();

    void add(String reason, Statement statement) {
      statements.add(statement);
      reasons.add(reason);
    }

    NamedPolicy build(String name, Policy.Otherwise outcome, String otherwise) {
      return new NamedPolicy(new Policy(name, statements, outcome), reasons, otherwise);
    }
  }

  /** What the statement that a verdict names was made for. */
  String reason(int statement) {
    return statement == Verdict.NO_STATEMENT ? otherwise : reasons.get(statement);
  }
}
