package dev.aviary.bgp.policy;

import dev.aviary.bgp.route.PathAttributes;

/** What a policy says about a route, and which of its statements said so. */
public sealed interface Verdict {
  /** In the place of a statement's number: none decided, {@link Policy#otherwise} did. */
  int NO_STATEMENT = -1;

  /** The number of the statement that decided, from 0, or {@link #NO_STATEMENT}. */
  int statement();

  /**
   * It passes, with {@code attributes}.
   *
   * @param preferred it is preferred as what the router originates
   */
  record Accepted(PathAttributes attributes, int statement, boolean preferred) implements Verdict {}

  /** It does not. */
  record Rejected(int statement) implements Verdict {}
}
