package dev.aviary.kernel.conntrack;

/** The TCP states of conntrack; NONE for every other protocol. */
public enum ConnectionState {
  NONE("NONE"),
  SYN_SENT("SYN_SENT"),
  SYN_RECV("SYN_RECV"),
  ESTABLISHED("ESTABLISHED"),
  FIN_WAIT("FIN_WAIT"),
  CLOSE_WAIT("CLOSE_WAIT"),
  LAST_ACK("LAST_ACK"),
  TIME_WAIT("TIME_WAIT"),
  CLOSE("CLOSE"),
  SYN_SENT2("SYN_SENT2");

  private final String text;

  ConnectionState(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
