package dev.aviary.emulator.node;

import dev.aviary.bgp.policy.Condition;
import dev.aviary.bgp.policy.Policy;
import dev.aviary.bgp.policy.Statement;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.route.Route;
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

  /** What is to become of a route, and the statement that said so. */
  record Decision(boolean accepted, String reason, PathAttributes attributes) {}

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

  /** As {@link Policy#apply}, with the reason. */
  Decision decide(Route route) {
    var current = route;
    for (int i = 0; i < reasons.size(); i++) {
      var statement = policy.statements().get(i);
      if (!holds(statement.conditions(), current)) {
        continue;
      }
      var attributes = current.attributes();
      for (var change : statement.changes()) {
        attributes = change.apply(attributes);
      }
      switch (statement.outcome()) {
        case ACCEPT -> {
          return new Decision(true, reasons.get(i), attributes);
        }
        case REJECT -> {
          return new Decision(false, reasons.get(i), attributes);
        }
        case NEXT ->
            current = new Route(current.prefix(), current.pathId(), attributes, current.source());
      }
    }
    return new Decision(
        policy.otherwise() == Policy.Otherwise.ACCEPT, otherwise, current.attributes());
  }

  private static boolean holds(List<Condition> conditions, Route route) {
    return conditions.stream().allMatch(condition -> condition.holds(route));
  }
}
