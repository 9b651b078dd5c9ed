package dev.aviary.kernel.netfilter;

import dev.aviary.net.Prefix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One rule, without counters; immutable.
 *
 * @param source null for any; so too the other parts that are not asked for
 * @param inDevice a device's name, or its start with "+" behind
 * @param protocol 0 for any
 * @param fragment true for {@code -f}
 */
public record Rule(
    @Nullable Prefix source,
    boolean notSource,
    @Nullable Prefix destination,
    boolean notDestination,
    @Nullable String inDevice,
    boolean notInDevice,
    @Nullable String outDevice,
    boolean notOutDevice,
    int protocol,
    boolean notProtocol,
    boolean fragment,
    boolean notFragment,
    List<Match> matches,
    Target target) {
  public Rule {
    matches = List.copyOf(matches);
  }

  /** True if it looks at nothing: it has no {@code -m} and no condition of its own. */
  public boolean isUnconditional() {
    return source == null
        && destination == null
        && inDevice == null
        && outDevice == null
        && protocol == 0
        && !fragment
        && matches.isEmpty();
  }

  /** In {@code -S} form without "-A CHAIN". */
  @Override
  public String toString() {
    return RuleText.rule(this);
  }
}
