package dev.aviary.felix.calc;

import java.util.Locale;

/** Seen from the endpoint: to it, or from it. */
public enum Direction {
  INGRESS,
  EGRESS;

  /** "ingress" or "egress". */
  public String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
