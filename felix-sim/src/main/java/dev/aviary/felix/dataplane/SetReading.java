package dev.aviary.felix.dataplane;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** The kernel's sets, by what {@code ipset save} prints. */
record SetReading(Map<String, Found> sets) {
  /** A set's kind, such as "hash:net", and its members. */
  record Found(String type, SortedSet<String> members) {}

  static SetReading of(String saved) {
    Map<String, Found> sets = new LinkedHashMap<>();
    for (var line : saved.split("\n", -1)) {
      var words = line.split(" ", 4);
      if (words.length >= 3 && words[0].equals("create")) {
        sets.put(words[1], new Found(words[2], new TreeSet<>()));
      } else if (words.length >= 3 && words[0].equals("add")) {
        var found = sets.get(words[1]);
        if (found != null) {
          found.members().add(words[2]);
        }
      }
    }
    return new SetReading(Collections.unmodifiableMap(sets));
  }
}
