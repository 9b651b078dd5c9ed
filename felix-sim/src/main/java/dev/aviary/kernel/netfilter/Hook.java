package dev.aviary.kernel.netfilter;

import java.util.Optional;

/** Where on its way a packet is shown to the tables. */
public enum Hook {
  PREROUTING,
  INPUT,
  FORWARD,
  OUTPUT,
  POSTROUTING;

  /** The hook that a built-in chain of that name belongs to. */
  public static Optional<Hook> parse(String name) {
    for (var hook : values()) {
      if (hook.name().equals(name)) {
        return Optional.of(hook);
      }
    }
    return Optional.empty();
  }
}
