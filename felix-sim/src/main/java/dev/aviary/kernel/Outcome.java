package dev.aviary.kernel;

import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.PacketSummary;

/** How a probe ended, as its sender sees it. */
public sealed interface Outcome {

  /** It was answered. {@code ttl} is what was left of the answer's time to live. */
  record Answered(Endpoint from, int ttl, String payload) implements Outcome {}

  /** A reset or a "port unreachable" came. */
  record Refused(String errno) implements Outcome {}

  /** An ICMP error came. */
  record Failed(String errno, PacketSummary error) implements Outcome {}

  /** The packet did not leave the sender's own kernel. */
  record LocalError(String errno) implements Outcome {}

  /** Nothing came back. */
  record TimedOut() implements Outcome {}

  /** What an ICMP error means to the socket that is told. */
  static Outcome ofError(Packet error) {
    var errno = Errno.ofIcmp(error);
    return errno.equals("ECONNREFUSED")
        ? new Refused(errno)
        : new Failed(errno, PacketSummary.of(error));
  }
}
