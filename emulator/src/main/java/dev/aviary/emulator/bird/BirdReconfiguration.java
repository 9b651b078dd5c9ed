package dev.aviary.emulator.bird;

import dev.aviary.emulator.bird.BirdConfigurationReader.BadConfigurationException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A daemon's configurations: the one it runs with, the one before, and whether a newer one waits to
 * be confirmed.
 */
final class BirdReconfiguration {
  private final Files files;
  private BirdConfiguration current;
  private Optional<BirdConfiguration> before = Optional.empty();
  private Optional<Instant> undoAt = Optional.empty();

  BirdReconfiguration(Files files, BirdConfiguration current) {
    this.files = files;
    this.current = current;
  }

  /** Where configurations come from, and who follows them. */
  interface Files {
    /** Reads {@code file}. */
    BirdConfiguration read(String file) throws BadConfigurationException;

    /**
     * Follows {@code next}.
     *
     * @return true if protocols have to go down first
     */
    boolean follow(BirdConfiguration next, boolean soft);
  }

  BirdConfiguration current() {
    return current;
  }

  /** Reads a file, and says what is wrong with it. */
  BirdConfiguration read(String file) throws BadConfigurationException {
    return files.read(file);
  }

  /**
   * Takes {@code next} on; with a timeout it must be confirmed. Returns true if that takes time.
   */
  boolean take(BirdConfiguration next, boolean soft, Optional<Duration> timeout, Instant now) {
    before = Optional.of(current);
    current = next;
    undoAt = timeout.map(now::plus);
    return files.follow(next, soft);
  }

  /** True if there was one that waited. */
  boolean confirm() {
    boolean waited = undoAt.isPresent();
    undoAt = Optional.empty();
    return waited;
  }

  /** What is left to confirm it. */
  Optional<Duration> unconfirmed(Instant now) {
    return undoAt.map(at -> Duration.between(now, at));
  }

  /** Takes the one before on again; empty if there is none. */
  Optional<Boolean> undo() {
    if (before.isEmpty()) {
      return Optional.empty();
    }
    var back = before.get();
    before = Optional.of(current);
    current = back;
    undoAt = Optional.empty();
    return Optional.of(files.follow(back, false));
  }

  /** Undoes what was not confirmed in time. */
  void expire(Instant now) {
    if (undoAt.isPresent() && !now.isBefore(undoAt.get())) {
      undo();
    }
  }
}
