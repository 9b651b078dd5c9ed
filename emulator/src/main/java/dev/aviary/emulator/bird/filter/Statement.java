package dev.aviary.emulator.bird.filter;

import java.util.List;
import java.util.Optional;

/** What a filter does. */
public sealed interface Statement {

  /** One after the other. */
  record Block(List<Statement> statements) implements Statement {
    public Block {
      statements = List.copyOf(statements);
    }
  }

  /** One of two. */
  record If(Expression condition, Statement then, Optional<Statement> otherwise)
      implements Statement {}

  /** The arm whose set the value is in; an arm without a set takes the rest. */
  record Case(Expression of, List<Arm> arms) implements Statement {
    public Case {
      arms = List.copyOf(arms);
    }
  }

  /** One arm of {@link Case}. */
  record Arm(Optional<Expression> set, Block block) {}

  /** The end: the route passes. */
  record Accept() implements Statement {}

  /** The end: the route does not pass. */
  record Reject() implements Statement {}

  /** The end of a function. */
  record Return(Expression value) implements Statement {}

  /** Gives a route or a variable another value. */
  record Assign(String name, Expression value) implements Statement {}

  /** Takes an attribute from a route. */
  record Unset(String name) implements Statement {}

  /** {@code bgp_community.add(…)} and the like. */
  record Modify(String name, String method, Expression argument) implements Statement {}

  /** A variable without a value. */
  record Declare(String name) implements Statement {}

  /** A call for what it does. */
  record Run(Expression expression) implements Statement {}
}
