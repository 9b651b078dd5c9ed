package dev.aviary.emulator.bird.filter;

import dev.aviary.net.Prefix;

/** Networks in {@code prefix} (or around it, for {@code -}) of some lengths. */
public record NetworkPattern(Prefix prefix, int low, int high) {

  /** True if {@code network} is one of them. */
  boolean matches(Prefix network) {
    int common = Math.min(prefix.length(), network.length());
    return network.family() == prefix.family()
        && network.length() >= low
        && network.length() <= high
        && Prefix.of(prefix.address(), common).equals(Prefix.of(network.address(), common));
  }

  @Override
  public String toString() {
    return low == prefix.length() && high == prefix.length()
        ? prefix.toString()
        : "%s{%d,%d}".formatted(prefix, low, high);
  }
}
