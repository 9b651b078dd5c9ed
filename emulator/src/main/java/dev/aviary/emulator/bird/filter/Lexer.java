package dev.aviary.emulator.bird.filter;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Cuts BIRD's configuration and commands into words; comments are left out. */
public final class Lexer {
  private static final Pattern WORD =
      Pattern.compile(
          """
          (?<blank>\\s+|\\#[^\\n]*|/\\*.*?\\*/)\
          |(?<text>"[^"\\n]*")\
          |(?<v4>\\d+\\.\\d+\\.\\d+\\.\\d+)\
          |(?<v6>[0-9a-fA-F]*:[0-9a-fA-F]*:[0-9a-fA-F:]*(?:\\d+\\.\\d+\\.\\d+\\.\\d+)?\
          |[0-9a-fA-F]+(?::[0-9a-fA-F]+){7})\
          |(?<number>0x[0-9a-fA-F]+|\\d+)\
          |(?<name>[A-Za-z_][A-Za-z0-9_]*|'[^'\\n]*')\
          |(?<mark>\\.\\.|!=|!~|<=|>=|&&|\\|\\||\\[=|=\\]|.)\
          """,
          Pattern.DOTALL);

  private Lexer() {}

  /** The words of {@code source}, and an {@link Token.Kind#END}. */
  public static List<Token> words(String source) {
    var words = new ArrayList<Token>();
    var matcher = WORD.matcher(source);
    int line = 1;
    int lineStart = 0;
    while (matcher.lookingAt()) {
      int column = matcher.start() - lineStart + 1;
      if (matcher.group("blank") == null) {
        words.add(word(matcher, line, column));
      }
      for (int i = matcher.start(); i < matcher.end(); i++) {
        if (source.charAt(i) == '\n') {
          line++;
          lineStart = i + 1;
        }
      }
      matcher.region(matcher.end(), source.length());
    }
    words.add(new Token(Token.Kind.END, "", line, source.length() - lineStart + 1));
    return List.copyOf(words);
  }

  private static Token word(Matcher found, int line, int column) {
    var text = found.group();
    if (found.group("text") != null) {
      return new Token(Token.Kind.TEXT, text.substring(1, text.length() - 1), line, column);
    }
    if (found.group("v4") != null || found.group("v6") != null) {
      return new Token(Token.Kind.ADDRESS, text, line, column);
    }
    if (found.group("number") != null) {
      return new Token(Token.Kind.NUMBER, text, line, column);
    }
    if (found.group("name") != null) {
      var name = text.startsWith("'") ? text.substring(1, text.length() - 1) : text;
      return new Token(Token.Kind.NAME, name, line, column);
    }
    return new Token(Token.Kind.MARK, text, line, column);
  }
}
