package dev.aviary.kernel.netfilter;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A rule that matched, or the end of a chain, as TRACE names it. Recorded before the target acts.
 *
 * @param number the rule's place from 1; for the end of a chain, one more than it has rules
 * @param rule the rule, or null at the end of a chain
 * @param mark the packet's mark before the target acted
 */
public record Hit(
    Hook hook,
    TableName table,
    String chain,
    Kind kind,
    int number,
    @Nullable Rule rule,
    int mark) {

  /** TRACE's third word. */
  public enum Kind {
    RULE,
    RETURN,
    POLICY
  }

  /** "table:chain:kind:number". */
  @Override
  public String toString() {
    return table.text() + ":" + chain + ":" + kind.name().toLowerCase(Locale.ROOT) + ":" + number;
  }
}
