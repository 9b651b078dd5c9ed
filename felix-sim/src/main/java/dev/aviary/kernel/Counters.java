package dev.aviary.kernel;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** The SNMP counters of {@code /proc/net/snmp} by group and name ("IpInReceives"). */
public final class Counters {
  private final Map<String, Long> values = new HashMap<>();

  Counters() {}

  void add(String name, long number) {
    values.merge(name, number, Long::sum);
  }

  /** Those that are not zero. */
  public Map<String, Long> list() {
    return new TreeMap<>(values);
  }
}
