package dev.aviary.bgp.message;

/** How far a fault in an UPDATE reaches, from weak to strong (RFC 7606 §2). */
public enum ErrorApproach {
  ATTRIBUTE_DISCARD,
  TREAT_AS_WITHDRAW,
  AFI_SAFI_DISABLE,
  SESSION_RESET;

  /** The stronger of two. */
  public ErrorApproach max(ErrorApproach other) {
    return compareTo(other) >= 0 ? this : other;
  }
}
