package dev.aviary.bgp.session;

import dev.aviary.bgp.message.Message;

/** The one connection of a session, from nothing to closed, any number of times. */
public interface Connection {

  /** Connects to the peer; what comes of it arrives as an event. */
  void dial();

  /** Sends {@code message}, if there is a connection. */
  void send(Message message);

  /** Closes, after what was sent has left; no event follows. */
  void hangup();
}
