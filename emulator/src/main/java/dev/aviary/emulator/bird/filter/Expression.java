package dev.aviary.emulator.bird.filter;

import java.util.List;

/** What has a value. */
public sealed interface Expression {

  /** A value as it stands. */
  record Constant(Value value) implements Expression {}

  /** What a route has under {@code name}: net, gw, bgp_path, krt_metric. */
  record Attribute(String name) implements Expression {}

  /** What was declared under {@code name}. */
  record Variable(String name) implements Expression {}

  /** Two values and what is done with them: the marks of the language. */
  record Binary(String mark, Expression left, Expression right) implements Expression {}

  /** The other truth. */
  record Not(Expression operand) implements Expression {}

  /** True if there is one. */
  record Defined(Expression operand) implements Expression {}

  /** A part of a value: {@code .len}, {@code .first}, {@code .mask(24)}. */
  record Part(Expression of, String name, List<Expression> arguments) implements Expression {
    public Part {
      arguments = List.copyOf(arguments);
    }
  }

  /** {@code (a, b)}, {@code (rt, a, b)} or {@code (a, b, c)}. */
  record Tuple(String word, List<Expression> parts) implements Expression {
    public Tuple {
      parts = List.copyOf(parts);
    }
  }

  /** What a function of the configuration returns. */
  record Call(String function, List<Expression> arguments) implements Expression {
    public Call {
      arguments = List.copyOf(arguments);
    }
  }
}
