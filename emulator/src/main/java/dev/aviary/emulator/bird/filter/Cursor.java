package dev.aviary.emulator.bird.filter;

import java.util.List;

/** Words, read one by one. */
public final class Cursor {
  private final List<Token> words;
  private int at;

  public Cursor(String source) {
    words = Lexer.words(source);
  }

  /** The word that comes next; the end stays. */
  public Token peek() {
    return words.get(at);
  }

  /** The word {@code ahead} of the next; one that was taken if it is negative. */
  public Token peek(int ahead) {
    return words.get(Math.min(at + ahead, words.size() - 1));
  }

  /** Takes the next word. */
  public Token next() {
    var word = words.get(at);
    if (word.kind() != Token.Kind.END) {
      at++;
    }
    return word;
  }

  /** Takes the next word if it is {@code word}. */
  public boolean take(String word) {
    if (peek().is(word)) {
      at++;
      return true;
    }
    return false;
  }

  /** Takes {@code word}, which must come. */
  public void expect(String word) throws SyntaxException {
    if (!take(word)) {
      throw SyntaxException.unexpected(peek());
    }
  }

  /** Takes a word of {@code kind}, which must come. */
  public Token expect(Token.Kind kind) throws SyntaxException {
    if (peek().kind() != kind) {
      throw SyntaxException.unexpected(peek());
    }
    return next();
  }

  /** True if nothing is left. */
  public boolean isAtEnd() {
    return peek().kind() == Token.Kind.END;
  }

  /** How many words were taken. */
  public int position() {
    return at;
  }
}
