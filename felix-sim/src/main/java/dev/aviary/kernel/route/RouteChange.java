package dev.aviary.kernel.route;

/** What came of a change to the routes; the text is rtnetlink's error. */
public enum RouteChange {
  DONE(""),
  FILE_EXISTS("File exists"),
  NO_SUCH_PROCESS("No such process"),
  NO_SUCH_FILE("No such file or directory"),
  NEXTHOP_INVALID("Nexthop has invalid gateway."),
  NETWORK_UNREACHABLE("Network is unreachable"),
  NETWORK_DOWN("Network is down"),
  NO_DEVICE("No such device");

  private final String text;

  RouteChange(String text) {
    this.text = text;
  }

  /** Linux's words for the error; empty for {@link #DONE}. */
  public String text() {
    return text;
  }

  public boolean isDone() {
    return this == DONE;
  }
}
