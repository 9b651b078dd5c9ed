package dev.aviary.kernel.route;

import java.util.Locale;
import java.util.Optional;

/** What a route does with a packet (rtnetlink's RTN_* values). */
public enum RouteType {
  UNICAST,
  LOCAL,
  BROADCAST,
  ANYCAST,
  MULTICAST,
  BLACKHOLE,
  UNREACHABLE,
  PROHIBIT,
  THROW;

  /** The word {@code ip route} prints and reads. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** True for the types that have no next hop. */
  public boolean isError() {
    return this == BLACKHOLE || this == UNREACHABLE || this == PROHIBIT || this == THROW;
  }

  /** The type that {@code ip route} calls {@code text}. */
  public static Optional<RouteType> parse(String text) {
    for (var type : values()) {
      if (type.text().equals(text)) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }
}
