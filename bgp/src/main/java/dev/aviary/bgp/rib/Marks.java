package dev.aviary.bgp.rib;

import dev.aviary.bgp.route.PathAttributes;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The prefixes of a table that wait for a decision, and what was best before they changed. */
final class Marks {
  /** What is kept for the next burst; a full table's arrays are not. */
  private static final int KEPT = 1 << 16;

  private final Bits marked = new Bits();
  private int[] entries = new int[16];
  private @Nullable PathAttributes[] before = new @Nullable PathAttributes[16];
  private int[] beforeSource = new int[16];
  private int count;

  /** Marks a prefix; false if it was. */
  boolean add(int entry) {
    if (!marked.set(entry)) {
      return false;
    }
    if (count == entries.length) {
      entries = Arrays.copyOf(entries, count * 2);
      before = Arrays.copyOf(before, count * 2);
      beforeSource = Arrays.copyOf(beforeSource, count * 2);
    }
    entries[count++] = entry;
    return true;
  }

  /** Notes what the prefix that was marked last had as its best path, if it had one. */
  void was(@Nullable PathAttributes attributes, int source) {
    before[count - 1] = attributes;
    beforeSource[count - 1] = source;
  }

  int count() {
    return count;
  }

  boolean has(int entry) {
    return marked.get(entry);
  }

  int entry(int i) {
    return entries[i];
  }

  @Nullable PathAttributes before(int i) {
    return before[i];
  }

  int beforeSource(int i) {
    return beforeSource[i];
  }

  /** Takes the {@code i}th mark away; it keeps its place until {@link #clear}. */
  void unmark(int i) {
    marked.clear(entries[i]);
    before[i] = null;
  }

  /** Forgets the places of marks that were all taken away. */
  void clear() {
    count = 0;
    if (entries.length > KEPT) {
      entries = new int[16];
      before = new @Nullable PathAttributes[16];
      beforeSource = new int[16];
    }
  }
}
