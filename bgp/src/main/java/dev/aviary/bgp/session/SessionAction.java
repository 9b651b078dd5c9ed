package dev.aviary.bgp.session;

import dev.aviary.bgp.message.Message;
import dev.aviary.bgp.message.RouteRefreshMessage;
import dev.aviary.bgp.message.SessionOptions;
import dev.aviary.bgp.message.UpdateMessage;

/** What the state machine wants done. */
public sealed interface SessionAction {

  /** Connect to the peer. */
  record Dial() implements SessionAction {}

  /** Close the connection, after what was sent has left. */
  record Hangup() implements SessionAction {}

  /** Send {@code message}. */
  record Send(Message message) implements SessionAction {}

  /** Start {@code timer} anew; how long it runs is the driver's. */
  record StartTimer(SessionTimer timer) implements SessionAction {}

  /** Stop {@code timer} if it runs. */
  record StopTimer(SessionTimer timer) implements SessionAction {}

  /** Remember why. */
  record Fail(SessionFault fault) implements SessionAction {}

  /** The peers agreed; it is not certain yet that the peer knows. */
  record Agreed(SessionOptions options) implements SessionAction {}

  /** Routes may be exchanged. */
  record RoutesUp(SessionOptions options) implements SessionAction {}

  /** No more routes; the last fault says why. */
  record RoutesDown() implements SessionAction {}

  /** Take in {@code update}. */
  record Deliver(UpdateMessage update) implements SessionAction {}

  /** The peer asks for routes again, or marks where they begin and end. */
  record Refresh(RouteRefreshMessage message) implements SessionAction {}
}
