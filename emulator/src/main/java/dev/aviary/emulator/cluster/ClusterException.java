package dev.aviary.emulator.cluster;

import dev.aviary.emulator.resource.Problem;

/** A cluster that cannot start: because of what the user wrote, or of what the machine gives. */
public final class ClusterException extends Exception {

  /** Whose fault it is; the command line has an exit code for each. */
  public enum Cause {
    INPUT,
    ENVIRONMENT
  }

  private final Cause reason;

  private ClusterException(Cause reason, String message) {
    super(message, null, false, false);
    this.reason = reason;
  }

  static ClusterException input(Problem problem) {
    return new ClusterException(Cause.INPUT, problem.toString());
  }

  /** The user asked for something that cannot be. */
  public static ClusterException input(String message) {
    return new ClusterException(Cause.INPUT, message);
  }

  static ClusterException environment(String message) {
    return new ClusterException(Cause.ENVIRONMENT, message);
  }

  public Cause reason() {
    return reason;
  }
}
