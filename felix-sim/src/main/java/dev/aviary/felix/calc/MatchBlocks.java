package dev.aviary.felix.calc;

import dev.aviary.felix.calc.Action.ClearMark;
import dev.aviary.felix.calc.Action.SetMark;
import dev.aviary.felix.calc.Action.SetMaskedMark;
import java.util.ArrayList;
import java.util.List;

/**
 * Blocks of rules that decide what one rule can't. Scratch bit 0 says that the packet passed every
 * block so far, scratch bit 1 that it passed the present one.
 */
final class MatchBlocks {
  private final MarkBits marks;
  private final List<Rule> rules = new ArrayList<>();

  MatchBlocks(MarkBits marks) {
    this.marks = marks;
  }

  /** Passes what matches one of {@code alternatives}. */
  void positive(List<Match> alternatives) {
    boolean first = rules.isEmpty();
    if (first) {
      init(0);
    }
    int bit = first ? marks.scratch0() : marks.scratch1();
    for (var alternative : alternatives) {
      rules.add(Rule.of(alternative, new SetMark(bit)));
    }
    if (!first) {
      rules.add(Rule.of(Match.ANY.markClear(marks.scratch1()), new ClearMark(marks.scratch0())));
    }
  }

  /** Passes what matches none of {@code excluded}. */
  void negative(List<Match> excluded) {
    if (rules.isEmpty()) {
      init(marks.scratch0());
    }
    for (var match : excluded) {
      rules.add(Rule.of(match, new ClearMark(marks.scratch0())));
    }
  }

  /** Felix clears scratch bit 1 only here, so a third positive block may find it set. */
  private void init(int value) {
    rules.add(Rule.of(new SetMaskedMark(value, marks.scratch0() | marks.scratch1())));
  }

  /** The blocks' rules; none where no block was needed. */
  List<Rule> rules() {
    return rules;
  }
}
