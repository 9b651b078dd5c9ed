package dev.aviary.emulator.node;

import java.util.Optional;

/**
 * Whose rules the control plane follows. Fields that came after v3.22 are honored under both; what
 * differs is what Calico does without being asked.
 */
public enum CalicoVersion {
  /** The version that Aviary follows. */
  V3_22("v3.22"),

  /** The development line after v3.33. */
  MASTER("master");

  private final String text;

  CalicoVersion(String text) {
    this.text = text;
  }

  /** As the command line has it. */
  public String text() {
    return text;
  }

  /** The version called {@code text}, if it is one of ours. */
  public static Optional<CalicoVersion> parse(String text) {
    for (var version : values()) {
      if (version.text.equals(text)) {
        return Optional.of(version);
      }
    }
    return Optional.empty();
  }
}
