package dev.aviary.kernel.netfilter;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Looks for chains that lead back to themselves. The chains in place have no loop, so that one must
 * go through a jump that is new: only from those is the way followed.
 */
final class LoopSearch {
  private final Function<String, @Nullable Chain> chains;
  private final Set<String> done = new HashSet<>();

  private record Level(String chain, Iterator<String> targets) {}

  /** A search among chains as they will be. */
  LoopSearch(Function<String, @Nullable Chain> chains) {
    this.chains = chains;
  }

  /** True if a chain of {@code changed} is on a loop that the chains of {@code before} are not. */
  boolean finds(Collection<String> changed, Table before) {
    for (var name : changed) {
      var old = before.chain(name);
      var targets =
          targets(name).stream()
              .filter(to -> old == null || !old.uses().jumps().containsKey(to))
              .toList();
      if (!targets.isEmpty() && leadsBack(new Level(name, targets.iterator()))) {
        return true;
      }
    }
    return false;
  }

  private Set<String> targets(String name) {
    var chain = chains.apply(name);
    return chain == null ? Set.of() : chain.uses().jumps().keySet();
  }

  /** Depth first, without recursion: a chain of jumps may be as long as the table. */
  private boolean leadsBack(Level start) {
    Deque<Level> way = new ArrayDeque<>();
    Set<String> above = new HashSet<>();
    way.push(start);
    above.add(start.chain());
    while (true) {
      var level = way.element();
      if (level.targets().hasNext()) {
        var next = level.targets().next();
        if (above.contains(next)) {
          return true;
        }
        if (!done.contains(next)) {
          way.push(new Level(next, targets(next).iterator()));
          above.add(next);
        }
        continue;
      }
      way.pop();
      above.remove(level.chain());
      if (way.isEmpty()) {
        return false; // of the first chain only the new jumps were followed: it is not done
      }
      done.add(level.chain());
    }
  }
}
