package dev.aviary.kernel.route;

import java.util.Optional;

/** How far away a destination is (rtnetlink's rtm_scope): a smaller number is farther. */
public enum RouteScope {
  GLOBAL(0, "global"),
  SITE(200, "site"),
  LINK(253, "link"),
  HOST(254, "host"),
  NOWHERE(255, "nowhere");

  private final int number;
  private final String text;

  RouteScope(int number, String text) {
    this.number = number;
    this.text = text;
  }

  public int number() {
    return number;
  }

  /** The word {@code ip} prints. */
  public String text() {
    return text;
  }

  /** The scope of that name or number; "universe" is another word for global. */
  public static Optional<RouteScope> parse(String text) {
    if (text.equals("universe")) {
      return Optional.of(GLOBAL);
    }
    for (var scope : values()) {
      if (scope.text.equals(text) || Integer.toString(scope.number).equals(text)) {
        return Optional.of(scope);
      }
    }
    return Optional.empty();
  }
}
