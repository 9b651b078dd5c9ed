package dev.aviary.bgp.policy;

import java.util.List;

/** If all of {@code conditions} hold, make {@code changes} and do what {@code outcome} says. */
public record Statement(List<Condition> conditions, List<Change> changes, Outcome outcome) {
  public Statement {
    conditions = List.copyOf(conditions);
    changes = List.copyOf(changes);
  }

  /** How it goes on. */
  public enum Outcome {
    ACCEPT,
    REJECT,
    /** With the next statement. */
    NEXT
  }

  /** Lets through what {@code conditions} say. */
  public static Statement accept(Condition... conditions) {
    return new Statement(List.of(conditions), List.of(), Outcome.ACCEPT);
  }

  /** Keeps back what {@code conditions} say. */
  public static Statement reject(Condition... conditions) {
    return new Statement(List.of(conditions), List.of(), Outcome.REJECT);
  }
}
