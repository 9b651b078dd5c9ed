package dev.aviary.bgp.policy;

import dev.aviary.net.Prefix;
import java.util.List;

/** A set of prefixes. */
public record PrefixList(List<Entry> entries) {
  public PrefixList {
    entries = List.copyOf(entries);
  }

  /**
   * Prefixes inside {@code prefix} of {@code minimum} to {@code maximum} bits; BIRD's {@code
   * prefix{minimum,maximum}}.
   */
  public record Entry(Prefix prefix, int minimum, int maximum) {
    public Entry {
      if (minimum < 0 || maximum > prefix.family().bits() || minimum > maximum) {
        throw new IllegalArgumentException(prefix + " with lengths " + minimum + " to " + maximum);
      }
    }

    boolean matches(Prefix candidate) {
      return candidate.length() >= minimum
          && candidate.length() <= maximum
          && (prefix.contains(candidate.address())
              || (candidate.contains(prefix.address()) && candidate.length() < prefix.length()));
    }
  }

  /** Just {@code prefix}. */
  public static Entry exactly(Prefix prefix) {
    return new Entry(prefix, prefix.length(), prefix.length());
  }

  /** {@code prefix} and all inside it. */
  public static Entry within(Prefix prefix) {
    return new Entry(prefix, prefix.length(), prefix.family().bits());
  }

  /** A list of {@code entries}. */
  public static PrefixList of(Entry... entries) {
    return new PrefixList(List.of(entries));
  }

  /** True if {@code prefix} is in it. */
  public boolean contains(Prefix prefix) {
    for (var entry : entries) {
      if (entry.matches(prefix)) {
        return true;
      }
    }
    return false;
  }
}
