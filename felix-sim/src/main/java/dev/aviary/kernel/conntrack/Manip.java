package dev.aviary.kernel.conntrack;

/** Which side of a packet a translation writes. */
public enum Manip {
  SOURCE,
  DESTINATION;

  Manip other() {
    return this == SOURCE ? DESTINATION : SOURCE;
  }
}
