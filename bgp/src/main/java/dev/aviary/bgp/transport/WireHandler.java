package dev.aviary.bgp.transport;

import dev.aviary.bgp.message.Message;
import dev.aviary.bgp.message.MessageCodec.Failed;
import dev.aviary.bgp.message.SessionOptions;

/** Who is told what happens on a connection. */
public interface WireHandler {

  /** What holds for the next message that arrives. */
  SessionOptions options();

  /** It is up. */
  void connected();

  /** A whole message came, as octets, before it is read. */
  default void octets(byte[] octets, int from, int length) {}

  /** A message came; an UPDATE is good during this call only. */
  void received(Message message);

  /** What came is no message. Nothing more is read. */
  void failed(Failed failed);

  /** It is gone, or did not come about. */
  void closed(String reason);

  /** All that had arrived was handed over: time to act on it. */
  void readComplete();

  /** There is room again. */
  void writable();
}
