package dev.aviary.kernel;

/** Why a packet ended without having arrived. */
public enum DropReason {
  LINK_DOWN("the link is down"),
  OTHER_HOST("the frame was for another MAC address"),
  RULE("a rule dropped it"),
  REJECTED("a rule rejected it"),
  MARTIAN_SOURCE("its source address cannot come from there"),
  MARTIAN_DESTINATION("its destination address cannot come in there"),
  BLACKHOLE("a blackhole route took it"),
  UNREACHABLE("an unreachable route refused it"),
  PROHIBITED("a prohibit route refused it"),
  NO_ROUTE("there is no route to its destination"),
  NOT_FORWARDING("forwarding is off on the input device"),
  NOT_FOR_FORWARDING("it came by a broadcast frame, and such are not forwarded"),
  TTL_EXCEEDED("its time to live ran out"),
  TOO_BIG("it is bigger than the link's MTU and must not be fragmented"),
  PARTS_MISSING("the rest of its packet did not come in time"),
  NEIGHBOR_UNRESOLVED("the next hop does not answer"),
  NEIGHBOR_FAILED("the next hop did not answer"),
  NAT_CONFLICT("no free port was left for its translation"),
  NO_SOCKET("nothing listens there"),
  BAD_SEGMENT("no connection is open there"),
  IGNORED("the host does not answer such packets"),
  NO_PEER("nothing is at the other end of the link"),
  LOOP("it went round too often");

  private final String text;

  DropReason(String text) {
    this.text = text;
  }

  /** In words, without an article or a full stop. */
  public String text() {
    return text;
  }
}
