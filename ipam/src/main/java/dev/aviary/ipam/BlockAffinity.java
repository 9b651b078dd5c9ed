package dev.aviary.ipam;

import java.util.Map;

/**
 * A host's claim on a block: the state of the two-step protocol that makes races come out right.
 *
 * @param extras members of the stored value that are not known, as JSON
 */
public record BlockAffinity(State state, Map<String, String> extras) implements IpamObject {
  public BlockAffinity {
    extras = Map.copyOf(extras);
  }

  public BlockAffinity(State state) {
    this(state, Map.of());
  }

  // Nearly every affinity is this one: one object for all.
  private static final BlockAffinity CONFIRMED = new BlockAffinity(State.CONFIRMED);

  BlockAffinity to(State changed) {
    return changed == State.CONFIRMED && extras.isEmpty()
        ? CONFIRMED
        : new BlockAffinity(changed, extras);
  }

  /** Where the claim stands. */
  public enum State {
    PENDING("pending"),
    CONFIRMED("confirmed"),
    PENDING_DELETION("pendingDeletion"),
    /** Written before v3.0.7; counts as confirmed. */
    UNSTATED("");

    private final String text;

    State(String text) {
      this.text = text;
    }

    /** As the store has it. */
    public String text() {
      return text;
    }
  }

  /** True if the block is the owner's for sure. */
  boolean isConfirmed() {
    return state == State.CONFIRMED || state == State.UNSTATED;
  }
}
