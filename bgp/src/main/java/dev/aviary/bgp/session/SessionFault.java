package dev.aviary.bgp.session;

import dev.aviary.bgp.message.NotificationMessage;

/** Why a session ended or did not come about. */
public sealed interface SessionFault {

  /** We told the peer. */
  record Sent(NotificationMessage notification) implements SessionFault {}

  /** The peer told us. */
  record Received(NotificationMessage notification) implements SessionFault {}

  /** TCP failed. */
  record Socket(String reason) implements SessionFault {}

  /** The peer came back while we thought it was there (RFC 4724 §4.2). */
  record Restarted() implements SessionFault {}

  /** True if BIRD waits before it tries again: a defect, not a decision and not the network. */
  default boolean waits() {
    return switch (this) {
      case Sent(var notification) -> !notification.isCease();
      case Received(var notification) -> !notification.isCease();
      case Socket _, Restarted _ -> false;
    };
  }

  /** As BIRD prints it in the info column. */
  default String describe() {
    return switch (this) {
      case Sent(var notification) -> "BGP Error: " + notification.describe();
      case Received(var notification) -> "Received: " + notification.describe();
      case Socket(var reason) -> "Socket: " + reason;
      case Restarted _ -> "Error: Graceful restart";
    };
  }
}
