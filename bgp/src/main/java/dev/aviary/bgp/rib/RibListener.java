package dev.aviary.bgp.rib;

/** Follows the best routes of a speaker. */
@FunctionalInterface
public interface RibListener {

  /** The best route to a prefix changed; called at the end of a burst, on the speaker's loop. */
  void changed(RibChange change);
}
