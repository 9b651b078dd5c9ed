package dev.aviary.kernel.command;

/** What a command printed, and its exit code. */
public record CommandResult(String stdout, String stderr, int exit) {

  /** Success with that on stdout. */
  static CommandResult ok(String stdout) {
    return new CommandResult(stdout, "", 0);
  }

  /** Failure with one line on stderr. */
  static CommandResult failed(int exit, String line) {
    return new CommandResult("", line + "\n", exit);
  }
}
