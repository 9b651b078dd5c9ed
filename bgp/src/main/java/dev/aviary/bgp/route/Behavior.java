package dev.aviary.bgp.route;

/** Whose manners a speaker has where implementations differ on the wire or in reports. */
public enum Behavior {
  /** BIRD 2.0.12's, with RFC 7606 in full. */
  RFC,
  /** BIRD 2.0.12's. */
  BIRD_20,
  /** BIRD 1.6.8's, as in Calico v3.22: most defects of an UPDATE end the session. */
  BIRD_16
}
