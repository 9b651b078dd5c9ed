package dev.aviary.kernel.conntrack;

import dev.aviary.kernel.packet.Packet;
import java.time.InstantSource;

/** How long connections live on after a packet, protocol by protocol. */
final class Lifetimes {
  private static final int STREAM_AFTER_MILLIS = 2000;

  private final InstantSource clock;
  private final Conntrack.Timeouts timeouts;

  Lifetimes(InstantSource clock, Conntrack.Timeouts timeouts) {
    this.clock = clock;
    this.timeouts = timeouts;
  }

  void refresh(ConntrackEntry entry, String timeout) {
    refresh(entry, timeouts.number(timeout));
  }

  void refresh(ConntrackEntry entry, int seconds) {
    entry.expireAt(clock.millis() + seconds * 1000L);
  }

  /** A flow counts as a stream only after a while. */
  void newUdp(ConntrackEntry entry) {
    entry.setStreamFrom(clock.millis() + STREAM_AFTER_MILLIS);
    refresh(entry, "udp_timeout");
  }

  void udp(ConntrackEntry entry) {
    if (!entry.hasSeenReply()) {
      refresh(entry, "udp_timeout");
      return;
    }
    if (clock.millis() > entry.streamFrom()) {
      refresh(entry, "udp_timeout_stream");
      entry.setAssured();
    } else {
      refresh(entry, "udp_timeout");
    }
  }

  void gre(ConntrackEntry entry) {
    if (entry.hasSeenReply()) {
      refresh(entry, "gre_timeout_stream");
      entry.setAssured();
    } else {
      refresh(entry, "gre_timeout");
    }
  }

  /** False for a packet that does not belong to the association. */
  boolean sctp(
      Packet packet, ConntrackEntry entry, SctpTracker.Association association, boolean isReply) {
    switch (SctpTracker.update(association, packet, isReply, entry)) {
      case REFRESH -> refresh(entry, association.state().timeoutName());
      case NOTHING -> {}
      case INVALID -> {
        return false;
      }
    }
    return true;
  }

  /** Seconds of a TCP connection in {@code state}; fewer while something is not acknowledged. */
  int tcp(ConntrackEntry entry, ConnectionState state) {
    int timeout = timeouts.number(TcpTracker.timeoutName(state));
    if (entry.side(false).unacknowledged || entry.side(true).unacknowledged) {
      timeout = Math.min(timeout, timeouts.number("tcp_timeout_unacknowledged"));
    }
    return timeout;
  }
}
