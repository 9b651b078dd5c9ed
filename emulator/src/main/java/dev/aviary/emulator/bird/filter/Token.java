package dev.aviary.emulator.bird.filter;

/**
 * One word of a configuration or a command.
 *
 * @param text as written; of a text what stands between its quotes
 * @param line from 1
 * @param column of its first character, from 1
 */
public record Token(Kind kind, String text, int line, int column) {

  /** What a word is. */
  public enum Kind {
    NAME,
    NUMBER,
    ADDRESS,
    TEXT,
    MARK,
    END
  }

  /** True for the mark or the name {@code word}. */
  public boolean is(String word) {
    return (kind == Kind.MARK || kind == Kind.NAME) && text.equals(word);
  }

  /** A number's value, 0 to 4294967295. */
  public long number() {
    return text.startsWith("0x") ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text);
  }
}
