package dev.aviary.emulator.bird.filter;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs filters and expressions over one route. */
public final class FilterRun {
  /** Deeper calls are taken for a function that calls itself. */
  private static final int DEPTH = 100;

  private final Definitions definitions;
  private final Subject subject;
  private final boolean absentIsDefined;
  private Map<String, Value> variables;
  private int depth;

  /**
   * A run.
   *
   * @param absentIsDefined as BIRD 1.6, for which a path or list that is not there is an empty one
   */
  public FilterRun(Definitions definitions, Subject subject, boolean absentIsDefined) {
    this.definitions = definitions;
    this.subject = subject;
    this.absentIsDefined = absentIsDefined;
    this.variables = new HashMap<>(definitions.constants());
  }

  /** What became of a route. */
  public enum Outcome {
    ACCEPTED,
    REJECTED,
    /** An error, or the filter came to its end and said neither. */
    FAILED
  }

  /** Where a run stands after a statement. */
  private enum Flow {
    ON,
    ACCEPT,
    REJECT,
    RETURN
  }

  private Value returned = new Value.Nothing();

  /** Runs {@code filter}; the subject is left as the filter made it. */
  public Outcome run(Statement filter) {
    try {
      return switch (execute(filter)) {
        case ACCEPT -> Outcome.ACCEPTED;
        case REJECT -> Outcome.REJECTED;
        case ON, RETURN -> Outcome.FAILED;
      };
    } catch (RunException _) {
      return Outcome.FAILED;
    }
  }

  /** Runs {@code condition} as {@code where} does. */
  public Outcome where(Expression condition) {
    try {
      return truth(evaluate(condition)) ? Outcome.ACCEPTED : Outcome.REJECTED;
    } catch (RunException _) {
      return Outcome.FAILED;
    } catch (EndOfRun end) {
      return end.flow == Flow.ACCEPT ? Outcome.ACCEPTED : Outcome.REJECTED;
    }
  }

  /**
   * The value of {@code expression}.
   *
   * @throws RunException if it has none
   */
  public Value evaluate(Expression expression) {
    return switch (expression) {
      case Expression.Constant(var value) -> value;
      case Expression.Attribute(var name) -> subject.get(name);
      case Expression.Variable(var name) -> variables.getOrDefault(name, new Value.Nothing());
      case Expression.Binary(var mark, var left, var right) -> binary(mark, left, right);
      case Expression.Not(var operand) -> new Value.Bool(!truth(evaluate(operand)));
      case Expression.Defined(var operand) -> new Value.Bool(isDefined(evaluate(operand)));
      case Expression.Part(var of, var name, var arguments) ->
          Parts.of(evaluate(of), name, arguments.stream().map(this::evaluate).toList());
      case Expression.Tuple(var word, var parts) ->
          Parts.tuple(word, parts.stream().map(this::evaluate).toList());
      case Expression.Call(var function, var arguments) -> call(function, arguments);
    };
  }

  private boolean isDefined(Value value) {
    return switch (value) {
      case Value.Nothing _ -> false;
      case Value.Path(_, boolean absent) -> absentIsDefined || !absent;
      case Value.Communities(_, _, boolean absent) -> absentIsDefined || !absent;
      case Value.Bool _,
          Value.Numeric _,
          Value.Quad _,
          Value.Address _,
          Value.Network _,
          Value.Text _,
          Value.Word _,
          Value.Community _,
          Value.Members _,
          Value.Networks _,
          Value.Mask _ ->
          true;
    };
  }

  private Value binary(String mark, Expression left, Expression right) {
    var first = evaluate(left);
    return switch (mark) {
      case "&&" -> new Value.Bool(truth(first) && truth(evaluate(right)));
      case "||" -> new Value.Bool(truth(first) || truth(evaluate(right)));
      default -> Operators.apply(mark, first, evaluate(right));
    };
  }

  static boolean truth(Value value) {
    if (value instanceof Value.Bool(boolean truth)) {
      return truth;
    }
    throw new RunException("a condition is no truth value");
  }

  /** Ends the run from within an expression: a called function accepts or rejects. */
  private static final class EndOfRun extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final Flow flow;

    EndOfRun(Flow flow) {
      super(flow.toString(), null, false, false);
      this.flow = flow;
    }
  }

  private Value call(String name, List<Expression> arguments) {
    var function = definitions.functions().get(name);
    if (function == null || function.parameters().size() != arguments.size() || depth > DEPTH) {
      throw new RunException("cannot call " + name);
    }
    var inside = new HashMap<>(definitions.constants());
    for (int i = 0; i < arguments.size(); i++) {
      inside.put(function.parameters().get(i), evaluate(arguments.get(i)));
    }
    var outside = variables;
    variables = inside;
    depth++;
    try {
      returned = new Value.Nothing();
      return switch (execute(function.body())) {
        case ON -> new Value.Nothing();
        case RETURN -> returned;
        case ACCEPT -> throw new EndOfRun(Flow.ACCEPT);
        case REJECT -> throw new EndOfRun(Flow.REJECT);
      };
    } finally {
      depth--;
      variables = outside;
    }
  }

  private Flow execute(Statement statement) {
    try {
      return step(statement);
    } catch (EndOfRun end) {
      return end.flow;
    }
  }

  private Flow step(Statement statement) {
    return switch (statement) {
      case Statement.Block(var statements) -> block(statements);
      case Statement.If(var condition, var then, var otherwise) -> {
        if (truth(evaluate(condition))) {
          yield step(then);
        }
        yield otherwise.isPresent() ? step(otherwise.get()) : Flow.ON;
      }
      case Statement.Case(var of, var arms) -> {
        var value = evaluate(of);
        for (var arm : arms) {
          if (arm.set().isEmpty()
              || truth(Operators.apply("~", value, evaluate(arm.set().get())))) {
            yield step(arm.block());
          }
        }
        yield Flow.ON;
      }
      case Statement.Accept _ -> Flow.ACCEPT;
      case Statement.Reject _ -> Flow.REJECT;
      case Statement.Return(var value) -> {
        returned = evaluate(value);
        yield Flow.RETURN;
      }
      case Statement.Assign(var name, var value) -> assign(name, evaluate(value));
      case Statement.Unset(var name) -> {
        subject.unset(name);
        yield Flow.ON;
      }
      case Statement.Modify(var name, var method, var argument) ->
          assign(name, Parts.of(read(name), method, List.of(evaluate(argument))));
      case Statement.Declare(var name) -> {
        variables.put(name, new Value.Nothing());
        yield Flow.ON;
      }
      case Statement.Run(var expression) -> {
        evaluate(expression);
        yield Flow.ON;
      }
    };
  }

  private Flow block(List<Statement> statements) {
    for (var each : statements) {
      var flow = step(each);
      if (flow != Flow.ON) {
        return flow;
      }
    }
    return Flow.ON;
  }

  private Value read(String name) {
    @Nullable Value variable = variables.get(name);
    return variable != null ? variable : subject.get(name);
  }

  private Flow assign(String name, Value value) {
    if (variables.containsKey(name)) {
      variables.put(name, value);
    } else if (!subject.set(name, value)) {
      throw new RunException("cannot set " + name);
    }
    return Flow.ON;
  }
}
