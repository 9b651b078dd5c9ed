package dev.aviary.emulator.bird;

import dev.aviary.emulator.bird.filter.Cursor;
import dev.aviary.emulator.bird.filter.SyntaxException;
import dev.aviary.emulator.bird.filter.Token;
import java.util.List;
import java.util.regex.Pattern;

/** Which protocols a command is for: a name, a pattern in quotes, or all. */
final class BirdChoice {
  private BirdChoice() {}

  /**
   * Takes a name or a pattern.
   *
   * @param expected what 2.0 says could stand here
   */
  static List<BirdProtocol> take(BirdState state, Cursor words, String... expected)
      throws SyntaxException, BirdReplyException {
    var word = words.peek();
    switch (word.kind()) {
      case TEXT -> {
        words.next();
        var found = state.protocols().stream().filter(p -> matches(word.text(), p.name())).toList();
        if (found.isEmpty()) {
          throw new BirdReplyException("8003", "No protocols match");
        }
        return found;
      }
      case NAME -> {
        var found = state.protocols().stream().filter(p -> p.name().equals(word.text())).toList();
        if (!found.isEmpty()) {
          words.next();
          return found;
        }
        if (state.release().is2()) {
          throw SyntaxException.unexpected(word, expected);
        }
        throw new BirdReplyException("9002", word.text() + " is not a protocol");
      }
      case NUMBER, ADDRESS, MARK, END -> throw SyntaxException.unexpected(word, expected);
    }
    throw new IllegalStateException(word.toString());
  }

  /** A name, a pattern, or {@code all}. */
  static List<BirdProtocol> takeOrAll(BirdState state, Cursor words, String... expected)
      throws SyntaxException, BirdReplyException {
    return words.take("all") ? state.protocols() : take(state, words, expected);
  }

  /** The protocol of exactly that name, which must come. */
  static BirdProtocol one(BirdState state, Cursor words)
      throws SyntaxException, BirdReplyException {
    var word = words.peek();
    var found =
        word.kind() == Token.Kind.NAME
            ? state.protocols().stream().filter(p -> p.name().equals(word.text())).findFirst()
            : java.util.Optional.<BirdProtocol>empty();
    if (found.isPresent()) {
      words.next();
      return found.get();
    }
    if (word.kind() == Token.Kind.NAME && !state.release().is2()) {
      throw new BirdReplyException("9001", word.text() + " is not a protocol");
    }
    throw SyntaxException.unexpected(word, "CF_SYM_KNOWN");
  }

  /** True if {@code name} is matched by {@code pattern} with its * and ?. */
  static boolean matches(String pattern, String name) {
    var regex = new StringBuilder();
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      switch (c) {
        case '*' -> regex.append(".*");
        case '?' -> regex.append('.');
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return name.matches(regex.toString());
  }
}
