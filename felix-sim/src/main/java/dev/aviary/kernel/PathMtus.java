package dev.aviary.kernel;

import dev.aviary.net.IpAddress;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/** What ICMP has told of the biggest packets that fit on the way to a destination (RFC 1191). */
final class PathMtus {
  /** net.ipv4.route.mtu_expires. */
  private static final long EXPIRES_MILLIS = 600_000;

  /** net.ipv4.route.min_pmtu: smaller ones are not believed. */
  private static final int LEAST = 552;

  private record Known(int mtu, long until) {}

  private final InstantSource clock;
  private final Map<IpAddress, Known> known = new HashMap<>();

  PathMtus(InstantSource clock) {
    this.clock = clock;
  }

  void learn(IpAddress destination, int mtu) {
    known.put(destination, new Known(Math.max(mtu, LEAST), clock.millis() + EXPIRES_MILLIS));
  }

  /** What fits to {@code destination} over a device that takes {@code mtu} octets. */
  int of(IpAddress destination, int mtu) {
    var found = known.isEmpty() ? null : known.get(destination);
    if (found == null) {
      return mtu;
    }
    if (found.until() <= clock.millis()) {
      known.remove(destination);
      return mtu;
    }
    return Math.min(mtu, found.mtu());
  }
}
