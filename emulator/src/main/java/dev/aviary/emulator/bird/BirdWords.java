package dev.aviary.emulator.bird;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** A command's words, taken one by one; a quoted text is one word and keeps its quotes. */
final class BirdWords {
  private static final Pattern WORD = Pattern.compile("\"[^\"]*\"|[^\\s\"]+");

  private final List<String> words = new ArrayList<>();
  private int at;

  BirdWords(String line) {
    var matcher = WORD.matcher(line.replace("\r", ""));
    while (matcher.find()) {
      words.add(matcher.group());
    }
  }

  boolean isEmpty() {
    return at >= words.size();
  }

  /** The next word, empty text at the end. */
  String next() {
    return isEmpty() ? "" : words.get(at++);
  }

  /** True if the next word is {@code word}, which is then taken. */
  boolean take(String word) {
    if (!isEmpty() && words.get(at).equals(word)) {
      at++;
      return true;
    }
    return false;
  }

  /** What a quoted word says; empty if it is not quoted. */
  static Optional<String> quoted(String word) {
    return word.length() > 1 && word.startsWith("\"")
        ? Optional.of(word.substring(1, word.length() - 1))
        : Optional.empty();
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
