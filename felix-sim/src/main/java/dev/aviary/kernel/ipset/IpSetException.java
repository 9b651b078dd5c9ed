package dev.aviary.kernel.ipset;

/** What {@code ipset} refuses, in its own words. */
public final class IpSetException extends Exception {
  private final int line;

  IpSetException(int line, String message) {
    super(message, null, false, false);
    this.line = line;
  }

  IpSetException(String message) {
    this(0, message);
  }

  /** The line of a restore text, counted from 1; 0 outside of one. */
  public int line() {
    return line;
  }

  IpSetException at(int line) {
    return new IpSetException(line, "Error in line " + line + ": " + getMessage());
  }
}
