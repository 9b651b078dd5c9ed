package dev.aviary.emulator.calicoctl;

/** What a command prints, and its exit code. */
public record Answer(String stdout, String stderr, int exit) {

  static Answer ok(String text) {
    return new Answer(text, "", 0);
  }

  /** One line on standard error, as every failure of calicoctl's is. */
  static Answer failed(String printed, String line) {
    return new Answer(printed, line + "\n", 1);
  }
}
