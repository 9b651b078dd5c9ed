package dev.aviary.felix.selector;

/** A text that is no selector, and where it stops being one. */
public final class SelectorException extends Exception {
  private final int position;

  SelectorException(String message, int position) {
    super(message + " at " + position, null, false, false);
    this.position = position;
  }

  /** The offset of the first character that can't be understood, counted from 0. */
  public int position() {
    return position;
  }
}
