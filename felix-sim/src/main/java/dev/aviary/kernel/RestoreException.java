package dev.aviary.kernel;

/** A text that {@code iptables-restore} or {@code ipset restore} refuses; nothing was changed. */
public final class RestoreException extends Exception {
  private final int line;

  /**
   * A refusal at {@code line}, counted from 1, with the tool's own words.
   *
   * @param message what the real tool prints, without the line's end
   */
  public RestoreException(int line, String message) {
    super(message);
    this.line = line;
  }

  /** The line of the text, counted from 1. */
  public int line() {
    return line;
  }
}
