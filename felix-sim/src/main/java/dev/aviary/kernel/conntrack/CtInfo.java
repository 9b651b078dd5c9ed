package dev.aviary.kernel.conntrack;

/** What a packet is to the connection it belongs to. */
public enum CtInfo {
  NEW,
  ESTABLISHED,
  RELATED,
  ESTABLISHED_REPLY,
  RELATED_REPLY;

  /** True if it goes against the direction of the first packet. */
  public boolean isReply() {
    return this == ESTABLISHED_REPLY || this == RELATED_REPLY;
  }

  /** True for an ICMP error about the connection. */
  public boolean isRelated() {
    return this == RELATED || this == RELATED_REPLY;
  }
}
