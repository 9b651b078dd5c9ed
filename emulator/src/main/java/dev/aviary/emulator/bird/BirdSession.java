package dev.aviary.emulator.bird;

import java.util.Optional;

/**
 * A BGP session.
 *
 * @param state as the row of its protocol has it
 * @param restarting the neighbor restarts, and its routes are kept
 * @param restartTimer how long they are, where that runs
 * @param agreed what was agreed on, while there is a session
 * @param lastError empty if there was none
 */
record BirdSession(
    String state,
    String neighbor,
    String neighborAs,
    String localAs,
    boolean restarting,
    Optional<java.time.Duration> restartTimer,
    Optional<BirdTimer> errorWait,
    Optional<BirdTimer> connectDelay,
    Optional<Agreed> agreed,
    String lastError) {

  /**
   * What two speakers agreed on.
   *
   * @param neighborCaps 1.6's words for what the neighbor offered
   * @param words internal or external, and what else the session is
   * @param routeLimit routes and how many it may have; 1.6 only
   */
  record Agreed(
      String neighborId,
      String neighborCaps,
      Optional<BirdCapabilities> local,
      Optional<BirdCapabilities> remote,
      String words,
      String source,
      Optional<String> routeLimit,
      Optional<BirdTimer> hold,
      Optional<BirdTimer> keepalive) {}
}
