package dev.aviary.felix.calc;

import java.util.Locale;

/** The four tables that Felix writes to. */
public enum IptablesTable {
  RAW,
  MANGLE,
  NAT,
  FILTER;

  /** As iptables calls it: "raw". */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
