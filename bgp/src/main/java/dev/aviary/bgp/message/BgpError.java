package dev.aviary.bgp.message;

import java.util.Optional;

/**
 * Every NOTIFICATION code and subcode (RFC 4271 §4.5 where nothing else is said), as BIRD words it.
 */
public enum BgpError {
  HEADER(1, 0, "Invalid message header"),
  NOT_SYNCHRONIZED(1, 1, "Connection not synchronized"),
  MESSAGE_LENGTH(1, 2, "Bad message length"),
  MESSAGE_TYPE(1, 3, "Bad message type"),
  OPEN(2, 0, "Invalid OPEN message"),
  VERSION(2, 1, "Unsupported version number"),
  PEER_AS(2, 2, "Bad peer AS"),
  IDENTIFIER(2, 3, "Bad BGP identifier"),
  OPTIONAL_PARAMETER(2, 4, "Unsupported optional parameter"),
  AUTHENTICATION(2, 5, "Authentication failure"),
  HOLD_TIME(2, 6, "Unacceptable hold time"),
  /** RFC 5492 §5. */
  CAPABILITY(2, 7, "Required capability missing"),
  NO_FAMILY(2, 8, "No supported AFI/SAFI"),
  /** RFC 9234 §4.2. */
  ROLE(2, 11, "Role mismatch"),
  UPDATE(3, 0, "Invalid UPDATE message"),
  ATTRIBUTE_LIST(3, 1, "Malformed attribute list"),
  UNRECOGNIZED_WELL_KNOWN(3, 2, "Unrecognized well-known attribute"),
  MISSING_WELL_KNOWN(3, 3, "Missing mandatory attribute"),
  ATTRIBUTE_FLAGS(3, 4, "Invalid attribute flags"),
  ATTRIBUTE_LENGTH(3, 5, "Invalid attribute length"),
  ORIGIN(3, 6, "Invalid ORIGIN attribute"),
  ROUTING_LOOP(3, 7, "AS routing loop"),
  NEXT_HOP(3, 8, "Invalid NEXT_HOP attribute"),
  OPTIONAL_ATTRIBUTE(3, 9, "Optional attribute error"),
  NETWORK_FIELD(3, 10, "Invalid network field"),
  AS_PATH(3, 11, "Malformed AS_PATH"),
  HOLD_TIMER(4, 0, "Hold timer expired"),
  FSM(5, 0, "Finite state machine error"),
  /** RFC 6608. */
  UNEXPECTED_IN_OPEN_SENT(5, 1, "Unexpected message in OpenSent state"),
  /** RFC 6608. */
  UNEXPECTED_IN_OPEN_CONFIRM(5, 2, "Unexpected message in OpenConfirm state"),
  /** RFC 6608. */
  UNEXPECTED_IN_ESTABLISHED(5, 3, "Unexpected message in Established state"),
  CEASE(6, 0, "Cease"),
  /** RFC 4486 here and below. */
  MAXIMUM_PREFIXES(6, 1, "Maximum number of prefixes reached"),
  ADMINISTRATIVE_SHUTDOWN(6, 2, "Administrative shutdown"),
  DECONFIGURED(6, 3, "Peer de-configured"),
  ADMINISTRATIVE_RESET(6, 4, "Administrative reset"),
  REJECTED(6, 5, "Connection rejected"),
  CONFIGURATION_CHANGE(6, 6, "Other configuration change"),
  COLLISION(6, 7, "Connection collision resolution"),
  OUT_OF_RESOURCES(6, 8, "Out of Resources"),
  /** RFC 8538 §3. */
  HARD_RESET(6, 9, "Hard reset"),
  /** RFC 9384. */
  BFD_DOWN(6, 10, "BFD down"),
  ROUTE_REFRESH(7, 0, "Invalid ROUTE-REFRESH message"),
  /** RFC 7313 §5. */
  ROUTE_REFRESH_LENGTH(7, 1, "Invalid ROUTE-REFRESH message length"),
  /** RFC 9687. */
  SEND_HOLD_TIMER(8, 0, "Send hold timer expired");

  private final int code;
  private final int subcode;
  private final String text;

  BgpError(int code, int subcode, String text) {
    this.code = code;
    this.subcode = subcode;
    this.text = text;
  }

  /** The error code, 1 to 8. */
  public int code() {
    return code;
  }

  /** The subcode, 0 where it is unspecific. */
  public int subcode() {
    return subcode;
  }

  /** BIRD's words for it. */
  public String text() {
    return text;
  }

  /** The error with this code and subcode. */
  public static Optional<BgpError> find(int code, int subcode) {
    for (var error : values()) {
      if (error.code == code && error.subcode == subcode) {
        return Optional.of(error);
      }
    }
    return Optional.empty();
  }
}
