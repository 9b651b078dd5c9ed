package dev.aviary.kernel.netfilter;

/** A rule or a restore text that the tool or the kernel refuses. */
public final class RuleException extends Exception {
  private final int line;
  private final int exit;

  RuleException(int line, int exit, String message) {
    super(message, null, false, false);
    this.line = line;
    this.exit = exit;
  }

  /** A refusal outside of a restore text. */
  RuleException(int exit, String message) {
    this(0, exit, message);
  }

  /** The line of the restore text, counted from 1; 0 outside of one. */
  public int line() {
    return line;
  }

  /** The tool's exit code: 1, 2 for bad usage, 4 for a resource problem. */
  public int exit() {
    return exit;
  }

  RuleException at(int line) {
    return new RuleException(line, exit, String.valueOf(getMessage()));
  }
}
