package dev.aviary.emulator.bird;

import java.util.List;
import java.util.Optional;

/**
 * What a protocol exchanges routes with a table through.
 *
 * @param name the family in 2.0, empty in 1.6
 * @param state UP, START, DOWN; 1.6 does not say
 * @param recovery what it waits for while a restarted daemon recovers
 * @param counts none while it is down
 * @param neighborRestart how 2.0 treats the routes of a neighbor that restarts
 */
record BirdChannel(
    String name,
    String state,
    String table,
    int preference,
    String inputFilter,
    String outputFilter,
    List<Limit> limits,
    Optional<Recovery> recovery,
    Optional<BirdCounts> counts,
    String neighborRestart,
    List<String> nextHop,
    List<Igp> igp) {
  BirdChannel {
    limits = List.copyOf(limits);
    nextHop = List.copyOf(nextHop);
    igp = List.copyOf(igp);
  }

  /** A limit on routes. */
  record Limit(String kind, int limit, boolean hit, String action) {}

  /** What is left to do after a restart. */
  record Recovery(boolean pending, boolean waiting) {}

  /** The table that next hops are looked up in. */
  record Igp(String family, String table) {}

  boolean isUp() {
    return state.isEmpty() ? counts.isPresent() : state.equals("UP");
  }
}
