package dev.aviary.emulator.bird;

import java.util.OptionalLong;

/**
 * Routes of a channel and what became of changes.
 *
 * @param filtered routes that the import filter refused and that are kept all the same
 */
record BirdCounts(
    long imported,
    OptionalLong filtered,
    long exported,
    long preferred,
    Updates importUpdates,
    Updates importWithdraws,
    Updates exportUpdates,
    Updates exportWithdraws) {

  /** Changes, and how far they came. */
  record Updates(long received, long rejected, long filtered, long ignored, long accepted) {
    static final Updates NONE = new Updates(0, 0, 0, 0, 0);
  }

  /** Of a protocol that only imports, and whose every route was taken. */
  static BirdCounts own(long imported, long preferred) {
    return new BirdCounts(
        imported,
        OptionalLong.empty(),
        0,
        preferred,
        new Updates(imported, 0, 0, 0, imported),
        Updates.NONE,
        Updates.NONE,
        Updates.NONE);
  }
}
