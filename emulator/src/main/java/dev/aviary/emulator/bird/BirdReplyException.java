package dev.aviary.emulator.bird;

/** A command that is refused with one line. */
final class BirdReplyException extends Exception {
  private static final long serialVersionUID = 1;

  private final String code;

  BirdReplyException(String code, String text) {
    super(text);
    this.code = code;
  }

  String reply() {
    return new BirdReply().end(code, String.valueOf(getMessage()));
  }
}
