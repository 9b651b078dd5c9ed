package dev.aviary.kernel;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The SNMP counters of {@code /proc/net/snmp} by group and name ("IpInReceives"). */
public final class Counters {
  private final Map<String, long[]> values = new HashMap<>();

  Counters() {}

  void add(String name, long number) {
    var cell = values.get(name);
    if (cell == null) {
      cell = new long[1];
      values.put(name, cell);
    }
    cell[0] += number;
  }

  /** Those that are not zero. */
  public Map<String, Long> list() {
    var list = new TreeMap<String, Long>();
    values.forEach((name, cell) -> list.put(name, cell[0]));
    return list;
  }
}
