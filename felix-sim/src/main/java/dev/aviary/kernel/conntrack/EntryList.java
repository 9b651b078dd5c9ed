package dev.aviary.kernel.conntrack;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The connections there are, oldest first. Each has its neighbors' places in itself. */
final class EntryList {
  private @Nullable ConntrackEntry first;
  private @Nullable ConntrackEntry last;
  private int size;

  int size() {
    return size;
  }

  void add(ConntrackEntry entry) {
    entry.previous = last;
    if (last == null) {
      first = entry;
    } else {
      last.next = entry;
    }
    last = entry;
    size++;
  }

  /** Takes out one that is in it. */
  void remove(ConntrackEntry entry) {
    var before = entry.previous;
    var after = entry.next;
    if (before == null) {
      first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      last = before;
    } else {
      after.previous = before;
    }
    entry.previous = null;
    entry.next = null;
    size--;
  }

  /** A copy that changes do not reach. */
  List<ConntrackEntry> toList() {
    var list = new ArrayList<ConntrackEntry>(size);
    for (var entry = first; entry != null; entry = entry.next) {
      list.add(entry);
    }
    return list;
  }

  void clear() {
    for (var entry : toList()) {
      remove(entry);
    }
  }
}
