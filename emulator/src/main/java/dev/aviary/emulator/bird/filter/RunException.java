package dev.aviary.emulator.bird.filter;

/** What BIRD calls a runtime error: a filter did something that has no meaning. */
public final class RunException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public RunException(String message) {
    super(message);
  }
}
