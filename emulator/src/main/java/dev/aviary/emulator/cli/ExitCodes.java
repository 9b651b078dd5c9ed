package dev.aviary.emulator.cli;

/** What a command's exit code says; one table for all verbs. */
final class ExitCodes {
  static final int OK = 0;

  /** The command ran and its answer is no. */
  static final int FAILED = 1;

  /** The command line itself is wrong. */
  static final int USAGE = 2;

  /** What the user fed in is wrong. */
  static final int INPUT = 3;

  /** The machine does not give what is needed: a port in use, no cluster running. */
  static final int ENVIRONMENT = 4;

  /** Ctrl-C. */
  static final int INTERRUPTED = 130;

  private ExitCodes() {}
}
