package dev.aviary.bgp.policy;

import dev.aviary.bgp.route.PathAttributes;

/** What a policy says about a route. */
public sealed interface Verdict {

  /** It passes, with {@code attributes}. */
  record Accepted(PathAttributes attributes) implements Verdict {}

  /** It does not. */
  record Rejected() implements Verdict {}
}
