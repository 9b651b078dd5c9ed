package dev.aviary.bgp.session;

import dev.aviary.bgp.message.Message;
import dev.aviary.bgp.message.NotificationMessage;
import java.util.Optional;

/** What happens to a session; in brackets the numbers of RFC 4271 §8.1. */
public sealed interface SessionEvent {

  /** [1, 3-7]; whether it is passive is the configuration's. */
  record Start() implements SessionEvent {}

  /** [2, 8] */
  record Stop(NotificationMessage cease) implements SessionEvent {}

  /** [9-13] */
  record Expired(SessionTimer timer) implements SessionEvent {}

  /** [14, 16, 17] */
  record Connected() implements SessionEvent {}

  /** [18] */
  record Disconnected(String reason) implements SessionEvent {}

  /** [19, 20, 24-27] */
  record Received(Message message) implements SessionEvent {}

  /** [21, 22, 28]; nothing is answered to a bad NOTIFICATION. */
  record DecodeFailed(Optional<NotificationMessage> reply, String detail) implements SessionEvent {}

  /** The peer came back on another connection (RFC 4724 §4.2): this one is dead. */
  record Abandoned() implements SessionEvent {}

  /** [23] */
  record CollisionLost() implements SessionEvent {}
}
