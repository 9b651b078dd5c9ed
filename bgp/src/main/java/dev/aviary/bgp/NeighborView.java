package dev.aviary.bgp;

import dev.aviary.bgp.message.SessionOptions;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.net.IpAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * One neighbor at one instant.
 *
 * @param state the state machine's, as RFC 4271 writes it
 * @param protocolState as BIRD writes it: up, start or down
 * @param sessionState as BIRD writes it: the state, or Passive where it waits to be connected to
 * @param since when {@code protocolState} last changed
 * @param lastError as BIRD prints it behind the state, empty where there is none
 * @param options what was agreed on, while there is a session
 * @param imported routes of it that we have
 * @param exported routes that it was told
 * @param preferred routes of it that are best
 * @param holdRemaining of {@code holdTime}; zero while no timer runs
 * @param errorWaitRemaining zero if it does not wait
 */
public record NeighborView(
    NeighborConfig config,
    String name,
    IpAddress address,
    AsNumber as,
    String state,
    String protocolState,
    String sessionState,
    Instant since,
    String lastError,
    Optional<SessionOptions> options,
    NeighborCounters counters,
    NeighborTraffic traffic,
    int imported,
    int exported,
    int preferred,
    Duration holdRemaining,
    Duration holdTime,
    Duration keepaliveRemaining,
    Duration keepaliveTime,
    Duration errorWaitRemaining,
    Duration errorWait,
    boolean restarting) {

  /** BIRD 1.6.8's line "Neighbor caps"; empty while there is no session. */
  public String neighborCaps() {
    return options.map(BirdWords::neighborCaps).orElse("");
  }

  /** BIRD 1.6.8's line "Session"; empty while there is no session. */
  public String sessionWords() {
    return options.map(agreed -> BirdWords.session(config, agreed)).orElse("");
  }
}
