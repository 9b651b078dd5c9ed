package dev.aviary.kernel.netfilter;

import java.util.ArrayList;
import java.util.List;

/** Splits a line of a restore text into words, as {@code iptables-restore} does. */
public final class Tokens {
  private static final int LONGEST_WORD = 1024;

  private Tokens() {}

  /**
   * The words of {@code line}; quotes hold blanks together, a backslash takes the next character as
   * it is.
   *
   * @throws RuleException for a quote that does not end, or a word that is too long
   */
  public static List<String> split(String line) throws RuleException {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    boolean inWord = false;
    boolean quoted = false;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quoted && c == '\\' && i + 1 < line.length()) {
        word.append(line.charAt(++i));
      } else if (c == '"') {
        quoted = !quoted;
        inWord = true;
      } else if (!quoted && (c == ' ' || c == '\t')) {
        if (inWord) {
          words.add(word.toString());
          word.setLength(0);
          inWord = false;
        }
      } else {
        word.append(c);
        inWord = true;
      }
      if (word.length() > LONGEST_WORD) {
        throw new RuleException(2, "Parameter too long!");
      }
    }
    if (quoted) {
      throw new RuleException(2, "unterminated quote");
    }
    if (inWord) {
      words.add(word.toString());
    }
    return words;
  }
}
