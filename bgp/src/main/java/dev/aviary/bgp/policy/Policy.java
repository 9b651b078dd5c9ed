package dev.aviary.bgp.policy;

import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.route.Route;
import java.util.List;

/**
 * Statements that are tried in order; the first that accepts or rejects decides. A function from a
 * route to a verdict; it never changes a route.
 *
 * @param otherwise what becomes of a route that no statement decided
 */
public record Policy(String name, List<Statement> statements, Otherwise otherwise) {
  public static final Policy ACCEPT = new Policy("ACCEPT", List.of(), Otherwise.ACCEPT);
  public static final Policy REJECT = new Policy("REJECT", List.of(), Otherwise.REJECT);

  public Policy {
    statements = List.copyOf(statements);
  }

  /** What becomes of a route that no statement decided. */
  public enum Otherwise {
    ACCEPT,
    REJECT
  }

  /** True if it lets everything through as it is. */
  public boolean acceptsAll() {
    return statements.isEmpty() && otherwise == Otherwise.ACCEPT;
  }

  /** True if routes with the same attributes and source may get different verdicts. */
  public boolean looksAtPrefix() {
    return statements.stream()
        .flatMap(statement -> statement.conditions().stream())
        .anyMatch(Condition::looksAtPrefix);
  }

  /** What it says about {@code route}. */
  public Verdict apply(Route route) {
    var current = route;
    boolean preferred = false;
    for (int i = 0; i < statements.size(); i++) { // per route: no iterator
      var statement = statements.get(i);
      if (!holds(statement, current)) {
        continue;
      }
      PathAttributes attributes = current.attributes();
      for (var change : statement.changes()) {
        attributes = change.apply(attributes);
        preferred |= change instanceof Change.PreferAsOwn;
      }
      switch (statement.outcome()) {
        case ACCEPT -> {
          return new Verdict.Accepted(attributes, i, preferred);
        }
        case REJECT -> {
          return new Verdict.Rejected(i);
        }
        case NEXT ->
            current = new Route(current.prefix(), current.pathId(), attributes, current.source());
      }
    }
    return switch (otherwise) {
      case ACCEPT -> new Verdict.Accepted(current.attributes(), Verdict.NO_STATEMENT, preferred);
      case REJECT -> new Verdict.Rejected(Verdict.NO_STATEMENT);
    };
  }

  private static boolean holds(Statement statement, Route route) {
    for (var condition : statement.conditions()) {
      if (!condition.holds(route)) {
        return false;
      }
    }
    return true;
  }
}
