package dev.aviary.felix.calc;

import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;

/** One rule as Felix renders it: comments, matches, and what to do. */
public record Rule(List<String> comments, Match match, Action action) {
  private static final int MAX_COMMENT = 256;
  private static final Action NONE = new Action.None();

  public Rule {
    comments = List.copyOf(comments);
  }

  public static Rule of(Match match, Action action) {
    return new Rule(List.of(), match, action);
  }

  public static Rule of(Action action) {
    return of(Match.ANY, action);
  }

  public static Rule of(String comment, Match match, Action action) {
    return new Rule(List.of(comment), match, action);
  }

  public static Rule of(String comment, Action action) {
    return of(comment, Match.ANY, action);
  }

  /** A rule that does nothing but say what its chain is for. */
  public static Rule comment(String comment) {
    return of(comment, NONE);
  }

  /** This rule with {@code comment} after those that it has. */
  public Rule withComment(String comment) {
    var all = new ArrayList<>(comments);
    all.add(comment);
    return new Rule(all, match, action);
  }

  /** What follows the chain's name and the hash comment, or nothing. */
  public String fragment() {
    var parts = new StringJoiner(" ");
    for (var comment : comments) {
      parts.add("-m comment --comment \"" + escaped(comment) + "\"");
    }
    if (!match.text().isEmpty()) {
      parts.add(match.text());
    }
    if (!action.text().isEmpty()) {
      parts.add(action.text());
    }
    return parts.toString();
  }

  /** iptables-restore has no way to say every character, and 256 octets are the kernel's limit. */
  private static String escaped(String comment) {
    var safe = new StringBuilder(comment.length());
    for (int i = 0; i < comment.length() && safe.length() < MAX_COMMENT; i++) {
      char c = comment.charAt(i);
      boolean plain =
          (c >= '0' && c <= '9')
              || (c >= 'A' && c <= 'Z')
              || (c >= 'a' && c <= 'z')
              || "_ @%+=:,./-".indexOf(c) >= 0;
      safe.append(plain ? c : '_');
    }
    return safe.toString();
  }
}
