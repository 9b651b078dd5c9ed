package dev.aviary.bgp.session;

import dev.aviary.bgp.message.OpenMessage;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.Behavior;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What one session is told.
 *
 * @param open what is said first
 * @param families that are to be exchanged
 * @param passive waits for the peer to connect
 * @param connectDelay from the start to the first attempt
 * @param connectRetry how long an attempt may take
 * @param openDelay how long to wait for the peer's OPEN before sending ours; zero sends at once
 * @param keepalive the interval of KEEPALIVEs; zero is a third of the hold time
 * @param errorWaitMin wait after a first error
 * @param errorWaitMax longest wait; it doubles with each error
 * @param errorForget after so long an error is forgotten
 * @param role ours (RFC 9234), with the peer's required if {@code strictRole}
 */
public record SessionConfig(
    Behavior behavior,
    AsNumber localAs,
    AsNumber peerAs,
    OpenMessage open,
    Set<AfiSafi> families,
    boolean passive,
    Duration connectDelay,
    Duration connectRetry,
    Duration openDelay,
    Duration keepalive,
    Duration errorWaitMin,
    Duration errorWaitMax,
    Duration errorForget,
    OptionalInt role,
    boolean strictRole) {
  public SessionConfig {
    families = Set.copyOf(families);
  }

  /** True if both ends are in one AS. */
  public boolean internal() {
    return localAs.equals(peerAs);
  }
}
