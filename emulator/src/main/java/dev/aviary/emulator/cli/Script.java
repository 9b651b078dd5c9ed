package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.Cluster;
import java.util.ArrayList;
import java.util.List;

/**
 * A script: one verb per line, {@code #} for what is said to the reader, empty lines kept. The
 * first verb that fails ends it, unless a "-" stands before the verb.
 */
final class Script {
  private final String name;
  private final List<String> lines;

  Script(String name, String text) {
    this.name = name;
    this.lines = text.lines().toList();
  }

  /**
   * The exit code of the verb that ended it, or 0. A verb with "&" behind it runs beside the others
   * and ends with the script.
   */
  int run(Cluster cluster, Console console) {
    try (var background = new Background()) {
      return run(cluster, console, background);
    }
  }

  private int run(Cluster cluster, Console console, Background background) {
    int number = 0;
    for (var line : lines) {
      number++;
      var text = line.strip();
      if (text.isEmpty()) {
        console.out().println();
        continue;
      }
      if (text.startsWith("#")) {
        console.out().println(text.substring(1).strip());
        continue;
      }
      boolean mayFail = text.startsWith("-");
      var words = words(mayFail ? text.substring(1).strip() : text);
      if (words.getFirst().equals("aviary")) {
        words = words.subList(1, words.size());
      }
      console.out().println("$ aviary " + (mayFail ? text.substring(1).strip() : text));
      console.out().flush();
      if (words.getLast().equals("&")) {
        background.start(cluster, console, words.subList(0, words.size() - 1));
        continue;
      }
      int code = CommandLines.run(console, cluster, words);
      if (code != ExitCodes.OK && !mayFail) {
        console.err().println("aviary: %s:%d: exit code %d".formatted(name, number, code));
        return code;
      }
    }
    return ExitCodes.OK;
  }

  /** Words at blanks; single and double quotes keep blanks, a backslash takes what follows. */
  static List<String> words(String line) {
    var words = new ArrayList<String>();
    var word = new StringBuilder();
    boolean open = false;
    char quote = 0;
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (quote != 0) {
        if (c == quote) {
          quote = 0;
        } else {
          word.append(c);
        }
      } else if (c == '\'' || c == '"') {
        quote = c;
        open = true;
      } else if (c == '\\' && i + 1 < line.length()) {
        word.append(line.charAt(++i));
        open = true;
      } else if (c == ' ' || c == '\t') {
        if (open) {
          words.add(word.toString());
          word.setLength(0);
          open = false;
        }
      } else {
        word.append(c);
        open = true;
      }
    }
    if (open) {
      words.add(word.toString());
    }
    return List.copyOf(words);
  }
}
