package dev.aviary.emulator.confd;

import java.util.Optional;

/** Which BIRD a configuration is written for. */
public enum BirdSpelling {
  /** Calico's fork of 1.6.8, as confd writes it. */
  CALICO("calico"),

  /** BIRD 1.6.8 as it was published, which knows no {@code krt_tunnel}. */
  BIRD_1_6("1.6"),

  /** BIRD 2.0.12: one daemon for both families, options inside channels. */
  BIRD_2_0("2.0");

  private final String text;

  BirdSpelling(String text) {
    this.text = text;
  }

  /** The spelling called {@code text}, if there is one. */
  public static Optional<BirdSpelling> parse(String text) {
    for (var spelling : values()) {
      if (spelling.text.equals(text)) {
        return Optional.of(spelling);
      }
    }
    return Optional.empty();
  }
}
