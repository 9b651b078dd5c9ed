package dev.aviary.bgp.message;

import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the two OPENs of a session settled.
 *
 * @param internal both in one AS
 * @param families that routes may be exchanged of
 * @param addPathReceive families whose destinations come with path identifiers
 * @param addPathSend families whose destinations are sent with path identifiers
 * @param extendedMessage up to 65535 octets each way
 * @param extendedNextHop families that may have an IPv6 next hop
 * @param holdTime zero where no timer runs
 * @param peerCapabilities all that the peer offered
 */
public record SessionOptions(
    Behavior behavior,
    AsNumber localAs,
    AsNumber peerAs,
    boolean internal,
    boolean fourOctetAs,
    Set<AfiSafi> families,
    Set<AfiSafi> addPathReceive,
    Set<AfiSafi> addPathSend,
    boolean extendedMessage,
    Set<AfiSafi> extendedNextHop,
    boolean refresh,
    boolean enhancedRefresh,
    Duration holdTime,
    BgpIdentifier peerIdentifier,
    List<Capability> peerCapabilities) {
  public SessionOptions {
    families = Set.copyOf(families);
    addPathReceive = Set.copyOf(addPathReceive);
    addPathSend = Set.copyOf(addPathSend);
    extendedNextHop = Set.copyOf(extendedNextHop);
    peerCapabilities = List.copyOf(peerCapabilities);
  }

  /** What holds before the peer's OPEN has come. */
  public static SessionOptions before(Behavior behavior, AsNumber localAs) {
    return new SessionOptions(
        behavior,
        localAs,
        new AsNumber(0),
        false,
        false,
        Set.of(),
        Set.of(),
        Set.of(),
        false,
        Set.of(),
        false,
        false,
        Duration.ofMinutes(4),
        new BgpIdentifier(0),
        List.of());
  }

  /** True if the peer's OPEN has come. */
  public boolean isSettled() {
    return !families.isEmpty();
  }

  /** The interval of KEEPALIVEs: a third of the hold time (RFC 4271 §4.4). */
  public Duration keepaliveTime() {
    return holdTime.dividedBy(3);
  }

  /** Most octets that a message may have in either direction. */
  public int messageLimit() {
    return extendedMessage ? MessageCodec.EXTENDED_LIMIT : MessageCodec.LIMIT;
  }

  /** The peer's capability of {@code kind}. */
  public <C extends Capability> Optional<C> peer(Class<C> kind) {
    for (var capability : peerCapabilities) {
      if (kind.isInstance(capability)) {
        return Optional.of(kind.cast(capability));
      }
    }
    return Optional.empty();
  }
}
