package dev.aviary.emulator.cli;

import java.io.PrintStream;

/**
 * Where a command prints, and what it stands in.
 *
 * @param terminal a person is watching: progress may be shown
 */
record Console(PrintStream out, PrintStream err, boolean terminal) {

  /** One line of what is going on, for a person who waits. */
  void progress(String line) {
    if (terminal) {
      err.println(line);
    }
  }
}
