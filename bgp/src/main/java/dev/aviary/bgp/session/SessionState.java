package dev.aviary.bgp.session;

import dev.aviary.bgp.message.OpenMessage;
import dev.aviary.bgp.message.SessionOptions;

/** The six states of RFC 4271 §8.2.2, each holding what is known in it and nothing else. */
public sealed interface SessionState {

  /** Refuses connections. */
  record Idle() implements SessionState {}

  /**
   * Dials.
   *
   * @param connected TCP is up, the OPEN is being held back
   */
  record Connect(boolean connected) implements SessionState {}

  /**
   * Waits, to dial or to be dialled.
   *
   * @param connected TCP is up, the OPEN is being held back
   */
  record Active(boolean connected) implements SessionState {}

  /** Waits for the peer's OPEN. */
  record OpenSent(OpenMessage sent) implements SessionState {}

  /** Waits for the peer's KEEPALIVE. */
  record OpenConfirm(SessionOptions options) implements SessionState {}

  /** Exchanges routes. */
  record Established(SessionOptions options) implements SessionState {}

  /** The state's name as RFC 4271 and BIRD write it. */
  default String title() {
    return switch (this) {
      case Idle _ -> "Idle";
      case Connect _ -> "Connect";
      case Active _ -> "Active";
      case OpenSent _ -> "OpenSent";
      case OpenConfirm _ -> "OpenConfirm";
      case Established _ -> "Established";
    };
  }
}
