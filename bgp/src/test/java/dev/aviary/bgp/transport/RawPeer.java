package dev.aviary.bgp.transport;

import dev.aviary.bgp.message.Encoded;
import dev.aviary.bgp.message.Message;
import dev.aviary.bgp.message.MessageCodec.Failed;
import dev.aviary.bgp.message.SessionOptions;
import dev.aviary.bgp.message.UpdateMessage;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A peer without a mind of its own: sends the octets it is told, and notes what comes. */
public final class RawPeer implements WireHandler {
  private final List<Message> received = new ArrayList<>();
  private final Wire wire;
  private SessionOptions options;
  private boolean connected;
  private Optional<String> closed = Optional.empty();

  /** Connects from {@code from} to {@code to}. */
  public RawPeer(
      Transport transport, InetAddress from, InetSocketAddress to, SessionOptions options) {
    this.options = options;
    this.wire =
        transport.dial(Optional.of(new InetSocketAddress(from, 0)), to, WireOptions.PLAIN, this);
  }

  /** How to read what comes from now on. */
  public void options(SessionOptions value) {
    options = value;
  }

  /** Sends {@code octets} as they are. */
  public void send(byte[] octets) {
    var encoded = Encoded.allocate(octets.length);
    encoded.octets().writeBytes(octets);
    wire.write(encoded, 0, encoded.size());
    wire.flush();
    encoded.release();
  }

  /** Sends {@code message}. */
  public void send(Message message) {
    wire.send(message);
  }

  /** Closes. */
  public void close() {
    wire.close();
  }

  /** What came so far. */
  public List<Message> received() {
    return received;
  }

  /** The last message of {@code kind}. */
  public <M extends Message> Optional<M> last(Class<M> kind) {
    return received.stream().filter(kind::isInstance).map(kind::cast).reduce((_, b) -> b);
  }

  /** True if the connection is up. */
  public boolean isOpen() {
    return connected && closed.isEmpty();
  }

  @Override
  public SessionOptions options() {
    return options;
  }

  @Override
  public void connected() {
    connected = true;
  }

  @Override
  public void received(Message message) {
    received.add(message instanceof UpdateMessage update ? update.detach() : message);
  }

  @Override
  public void failed(Failed failed) {
    throw new AssertionError("the speaker sent what is no message: " + failed);
  }

  @Override
  public void closed(String reason) {
    closed = Optional.of(reason);
  }

  @Override
  public void readComplete() {}

  @Override
  public void writable() {}
}
