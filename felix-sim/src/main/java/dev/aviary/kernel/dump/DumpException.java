package dev.aviary.kernel.dump;

/** A dump that cannot be loaded. */
public final class DumpException extends Exception {
  private final String file;
  private final int line;

  /**
   * @param line counted from 1; 0 where the file as a whole is meant
   */
  DumpException(String file, int line, String reason) {
    super(file + (line > 0 ? ":" + line : "") + ": " + reason);
    this.file = file;
    this.line = line;
  }

  public String file() {
    return file;
  }

  /** Counted from 1; 0 where the file as a whole is meant. */
  public int line() {
    return line;
  }
}
