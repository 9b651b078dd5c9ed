package dev.aviary.bgp.session;

import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.session.SessionState.Active;
import dev.aviary.bgp.session.SessionState.Connect;
import dev.aviary.bgp.session.SessionState.Established;
import dev.aviary.bgp.session.SessionState.Idle;
import dev.aviary.bgp.session.SessionState.OpenConfirm;
import dev.aviary.bgp.session.SessionState.OpenSent;

/** RFC 4271 §6.8: which of two connections with one peer survives. */
public final class ConnectionCollision {
  private ConnectionCollision() {}

  /** Who survives, if they collide at all. */
  public enum Outcome {
    NONE,
    THIS_SURVIVES,
    OTHER_SURVIVES
  }

  /**
   * To be asked when the peer's OPEN has come on this connection.
   *
   * @param other the other connection's state
   * @param dialled this connection was made by us
   */
  public static Outcome resolve(
      SessionState other,
      boolean dialled,
      BgpIdentifier ours,
      AsNumber ourAs,
      BgpIdentifier peers,
      AsNumber peerAs) {
    return switch (other) {
      case Idle _, Connect _, Active _, OpenSent _ -> Outcome.NONE;
      case Established _ -> Outcome.OTHER_SURVIVES;
      case OpenConfirm _ -> {
        // RFC 6286 §2.3: between ASes identifiers may be equal; then the larger AS number decides.
        int order = ours.compareTo(peers);
        boolean oursSurvives = order != 0 ? order > 0 : ourAs.compareTo(peerAs) > 0;
        yield oursSurvives == dialled ? Outcome.THIS_SURVIVES : Outcome.OTHER_SURVIVES;
      }
    };
  }
}
