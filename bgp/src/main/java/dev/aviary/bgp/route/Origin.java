package dev.aviary.bgp.route;

/** Where a path began (RFC 4271 §5.1.1); lower is preferred, constants are in wire order. */
public enum Origin {
  IGP(0, "i"),
  EGP(1, "e"),
  INCOMPLETE(2, "?");

  private final int code;
  private final String mark;

  Origin(int code, String mark) {
    this.code = code;
    this.mark = mark;
  }

  /** Its number on the wire. */
  public int code() {
    return code;
  }

  /** As route lists print it: i, e or ?. */
  public String mark() {
    return mark;
  }

  /**
   * The origin with {@code code}.
   *
   * @throws IllegalArgumentException if it is not 0 to 2
   */
  public static Origin of(int code) {
    return switch (code) {
      case 0 -> IGP;
      case 1 -> EGP;
      case 2 -> INCOMPLETE;
      default -> throw new IllegalArgumentException("origin " + code);
    };
  }
}
