package dev.aviary.ipam;

/**
 * A host's claim on a block: the state of the two-step protocol that makes races come out right.
 */
public record BlockAffinity(State state) implements IpamObject {

  /** Where the claim stands. */
  public enum State {
    PENDING("pending"),
    CONFIRMED("confirmed"),
    PENDING_DELETION("pendingDeletion");

    private final String text;

    State(String text) {
      this.text = text;
    }

    /** As the store has it. */
    public String text() {
      return text;
    }
  }
}
