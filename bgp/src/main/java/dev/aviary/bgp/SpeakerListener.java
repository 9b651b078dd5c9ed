package dev.aviary.bgp;

import dev.aviary.bgp.route.AfiSafi;

/** Follows the sessions of a speaker, on its event loop. */
public interface SpeakerListener {

  /** A neighbor's session went from one state to another, as RFC 4271 names them. */
  void changed(String neighbor, String before, String after);

  /** A neighbor has sent all it had. */
  default void endOfRib(String neighbor, AfiSafi family) {}
}
