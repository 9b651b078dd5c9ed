package dev.aviary.bgp.message;

/** A BGP message (RFC 4271 §4, RFC 2918). */
public sealed interface Message
    permits OpenMessage, UpdateMessage, NotificationMessage, KeepaliveMessage, RouteRefreshMessage {

  /** Its type octet, 1 to 5. */
  int type();
}
