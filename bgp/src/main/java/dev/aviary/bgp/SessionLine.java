package dev.aviary.bgp;

import dev.aviary.bgp.message.Message;
import dev.aviary.bgp.message.MessageCodec.Failed;
import dev.aviary.bgp.message.SessionOptions;
import dev.aviary.bgp.session.Connection;
import dev.aviary.bgp.session.Session;
import dev.aviary.bgp.session.SessionEvent;
import dev.aviary.bgp.transport.Wire;
import dev.aviary.bgp.transport.WireHandler;
import org.jspecify.annotations.Nullable;

/** Between one session and its wire: turns what happens on the wire into events of the session. */
final class SessionLine implements Connection {
  private final Neighbor neighbor;
  private @Nullable Session session;
  private @Nullable Wire wire;
  private boolean dialled;
  private long received;

  SessionLine(Neighbor neighbor) {
    this.neighbor = neighbor;
  }

  void session(Session value) {
    session = value;
  }

  /** The connection, if there is one. */
  @Nullable Wire wire() {
    return wire;
  }

  /** How many octets went each way over the connection that there is. */
  NeighborTraffic traffic(boolean pending) {
    return new NeighborTraffic(wire == null ? 0 : wire.sent(), received, pending);
  }

  /** True if we made the connection. */
  boolean isDialled() {
    return dialled;
  }

  /** Takes a connection that came in; events follow. */
  WireHandler accept(Wire incoming) {
    wire = incoming;
    dialled = false;
    received = 0;
    return new Handler(incoming);
  }

  @Override
  public void dial() {
    dialled = true;
    received = 0;
    var handler = new Handler(null);
    var made = neighbor.dial(handler);
    handler.wire = made;
    wire = made;
  }

  @Override
  public void send(Message message) {
    if (wire != null) {
      wire.send(message);
    }
  }

  @Override
  public void hangup() {
    var closing = wire;
    wire = null;
    if (closing != null) {
      closing.close();
    }
  }

  /** Events of a wire that was hung up do not reach the session. */
  private final class Handler implements WireHandler {
    private @Nullable Wire wire;

    Handler(@Nullable Wire wire) {
      this.wire = wire;
    }

    private @Nullable Session current() {
      return wire != null && wire == SessionLine.this.wire ? session : null;
    }

    @Override
    public SessionOptions options() {
      var current = current();
      return current != null ? current.options() : neighbor.optionsBefore();
    }

    @Override
    public void connected() {
      var current = current();
      if (current != null) {
        if (wire != null && !dialled) {
          wire.apply(neighbor.config().wire());
        }
        current.on(new SessionEvent.Connected());
      }
    }

    @Override
    public void octets(byte[] octets, int from, int length) {
      var current = current();
      if (current != null && wire != null) {
        received += length;
        neighbor.octets(wire, current.options().fourOctetAs(), octets, from, length);
      }
    }

    @Override
    public void received(Message message) {
      var current = current();
      if (current != null) {
        neighbor.count(message);
        current.on(new SessionEvent.Received(message));
      }
    }

    @Override
    public void failed(Failed failed) {
      var current = current();
      if (current != null) {
        current.on(new SessionEvent.DecodeFailed(failed.reply(), failed.detail()));
      }
    }

    @Override
    public void closed(String reason) {
      var current = current();
      if (current != null) {
        SessionLine.this.wire = null;
        current.on(new SessionEvent.Disconnected(reason));
      }
    }

    @Override
    public void readComplete() {
      neighbor.woken();
    }

    @Override
    public void writable() {
      if (current() != null) {
        neighbor.woken();
      }
    }
  }
}
