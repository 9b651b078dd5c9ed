package dev.aviary.bgp;

import dev.aviary.bgp.route.AfiSafi;
import java.time.Instant;

/** Something that happened to a session of a speaker. */
public sealed interface SpeakerEvent {

  /** The neighbor's name. */
  String neighbor();

  /** When. */
  Instant at();

  /** The state machine moved; states as RFC 4271 names them. */
  record StateChanged(String neighbor, Instant at, String before, String after)
      implements SpeakerEvent {}

  /** A session ended, or did not come about; the reason as BIRD words it. */
  record SessionFailed(String neighbor, Instant at, String reason) implements SpeakerEvent {}

  /** The neighbor has sent all it had of a family (RFC 4724 §2). */
  record EndOfRib(String neighbor, Instant at, AfiSafi family) implements SpeakerEvent {}

  /** The neighbor asked for the routes of a family again (RFC 2918). */
  record RefreshRequested(String neighbor, Instant at, AfiSafi family) implements SpeakerEvent {}
}
