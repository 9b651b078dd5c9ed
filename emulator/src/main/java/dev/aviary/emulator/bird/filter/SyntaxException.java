package dev.aviary.emulator.bird.filter;

import java.util.List;

/** A text is not BIRD's language: which word is wrong, and what could stand there. */
public final class SyntaxException extends Exception {
  private static final long serialVersionUID = 1;

  private final transient Token at;
  private final transient List<String> expected;
  private final boolean plain;

  private SyntaxException(Token at, List<String> expected, String message, boolean plain) {
    super(message);
    this.at = at;
    this.expected = List.copyOf(expected);
    this.plain = plain;
  }

  /** A word out of place, where only one of {@code expected} can stand; none if too many can. */
  public static SyntaxException unexpected(Token at, String... expected) {
    return new SyntaxException(at, List.of(expected), "syntax error", true);
  }

  /** A word in its place that is wrong for {@code reason}. */
  public static SyntaxException because(Token at, String reason) {
    return new SyntaxException(at, List.of(), reason, false);
  }

  /** The word that is wrong. */
  public Token at() {
    return at;
  }

  /** BIRD 1.6's text, which does not say more than that something is wrong with the syntax. */
  public String brief() {
    return String.valueOf(getMessage());
  }

  /** BIRD 2's text; {@code names} says which names there are. */
  public String detailed(java.util.function.Predicate<String> names) {
    if (!plain) {
      return brief();
    }
    var text = brief() + ", unexpected " + TokenNames.of(at, names);
    return expected.isEmpty() ? text : text + ", expecting " + String.join(" or ", expected);
  }
}
