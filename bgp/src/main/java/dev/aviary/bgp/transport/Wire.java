package dev.aviary.bgp.transport;

import dev.aviary.bgp.message.Encoded;
import dev.aviary.bgp.message.Message;
import java.net.InetSocketAddress;

/** One connection. */
public interface Wire {

  /** Our end. */
  InetSocketAddress local();

  /** The other end. */
  InetSocketAddress remote();

  /** Sends {@code message} and flushes. */
  void send(Message message);

  /** Queues the octets {@code from} to {@code to}; nothing leaves before {@link #flush}. */
  void write(Encoded encoded, int from, int to);

  /** Sends what is queued. */
  void flush();

  /** False while so much is queued that more should wait for {@link WireHandler#writable}. */
  boolean isWritable();

  /** How many octets were handed over to be sent so far. */
  long sent();

  /** Closes after what was sent has left and the peer had time to read it. No event follows. */
  void close();

  /** Sets the TTLs of a connection that came in. */
  void apply(WireOptions options);
}
