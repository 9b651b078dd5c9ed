package dev.aviary.emulator.bird;

/**
 * A reply of the control socket: lines of a code and a text. {@code NNNN-text} is followed by more,
 * {@code NNNN text} is the last; a line with the code of the one before it begins with a blank.
 */
final class BirdReply {
  private static final String OK = "0000";

  private final StringBuilder text = new StringBuilder();
  private String before = "";

  /** A line that others follow. */
  BirdReply line(String code, String line) {
    text.append(code.equals(before) ? " " : code + "-").append(line).append('\n');
    before = code;
    return this;
  }

  /** The last line. */
  String end(String code, String line) {
    return text.append(code).append(' ').append(line).append('\n').toString();
  }

  /** The usual end: nothing more to say. */
  String end() {
    return end(OK, "");
  }

  boolean isEmpty() {
    return text.isEmpty();
  }
}
