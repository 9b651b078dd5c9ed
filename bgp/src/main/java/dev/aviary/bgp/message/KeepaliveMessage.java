package dev.aviary.bgp.message;

/** RFC 4271 §4.4: a header alone. */
public record KeepaliveMessage() implements Message {
  @Override
  public int type() {
    return MessageCodec.KEEPALIVE;
  }
}
