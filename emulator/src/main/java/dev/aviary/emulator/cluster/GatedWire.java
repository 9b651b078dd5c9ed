package dev.aviary.emulator.cluster;

import dev.aviary.bgp.message.Encoded;
import dev.aviary.bgp.message.Message;
import dev.aviary.bgp.message.MessageCodec.Failed;
import dev.aviary.bgp.message.SessionOptions;
import dev.aviary.bgp.session.Scheduler;
import dev.aviary.bgp.transport.Wire;
import dev.aviary.bgp.transport.WireHandler;
import dev.aviary.bgp.transport.WireOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One end of a connection that waits with everything, its beginning and its end too, while nothing
 * gets through.
 */
final class GatedWire implements Wire {
  /** How often what did not get through is tried again, as TCP does. */
  private static final Duration RETRANSMIT = Duration.ofSeconds(1);

  /** So much waits before the speaker is told that there is no room. */
  private static final int WINDOW = 256 * 1024;

  private final Passage passage;
  private final Scheduler scheduler;
  private final InetSocketAddress local;
  private final InetSocketAddress remote;
  private final ArrayDeque<Encoded> waiting = new ArrayDeque<>();
  private Optional<Runnable> start = Optional.empty();
  private Optional<WireOptions> options = Optional.empty();
  private @Nullable Wire carrier;
  private @Nullable WireHandler handler;
  private int waitingOctets;
  private long sent;
  private boolean closing;
  private boolean over;
  private boolean retrying;

  GatedWire(
      Passage passage, Scheduler scheduler, InetSocketAddress local, InetSocketAddress remote) {
    this.passage = passage;
    this.scheduler = scheduler;
    this.local = local;
    this.remote = remote;
  }

  /** Whom the connection's events go to; what the carrier is to be given. */
  WireHandler handler(WireHandler value) {
    handler = value;
    return new Tap(value);
  }

  /** The real connection is there, or under way. */
  void carrier(Wire value) {
    carrier = value;
    options.ifPresent(value::apply);
  }

  /** Runs {@code work}, which makes the connection, as soon as something gets through. */
  void whenOpen(Runnable work) {
    if (isOpen()) {
      work.run();
    } else {
      start = Optional.of(work);
      retry();
    }
  }

  private boolean isOpen() {
    return passage.isOpen(local.getAddress(), remote.getAddress());
  }

  private void retry() {
    if (!retrying) {
      retrying = true;
      scheduler.after(RETRANSMIT, this::tryAgain);
    }
  }

  private void tryAgain() {
    retrying = false;
    if (over) {
      waiting.forEach(Encoded::release);
      waiting.clear();
      return;
    }
    if (!isOpen()) {
      retry();
      return;
    }
    if (start.isPresent()) {
      var work = start.get();
      start = Optional.empty();
      if (!closing) {
        work.run();
      }
      return;
    }
    drain();
  }

  private void drain() {
    var wire = carrier;
    if (wire == null) {
      return;
    }
    for (var encoded = waiting.poll(); encoded != null; encoded = waiting.poll()) {
      wire.write(encoded, 0, encoded.size());
      encoded.release();
    }
    waitingOctets = 0;
    wire.flush();
    if (closing) {
      over = true;
      wire.close();
    } else if (handler != null) {
      handler.writable();
    }
  }

  @Override
  public InetSocketAddress local() {
    return carrier == null ? local : carrier.local();
  }

  @Override
  public InetSocketAddress remote() {
    return remote;
  }

  @Override
  public void send(Message message) {
    var encoded = Encoded.of(message);
    write(encoded, 0, encoded.size());
    encoded.release();
    flush();
  }

  @Override
  public void write(Encoded encoded, int from, int to) {
    var wire = carrier;
    if (wire == null || over) {
      return;
    }
    sent += to - from;
    if (waiting.isEmpty() && isOpen()) {
      wire.write(encoded, from, to);
      return;
    }
    var copy = Encoded.allocate(to - from);
    copy.octets().writeBytes(encoded.octets(), from, to - from);
    waiting.add(copy);
    waitingOctets += to - from;
    retry();
  }

  @Override
  public void flush() {
    if (carrier != null && waiting.isEmpty()) {
      carrier.flush();
    }
  }

  @Override
  public boolean isWritable() {
    return waitingOctets < WINDOW && (carrier == null || carrier.isWritable());
  }

  @Override
  public long sent() {
    return sent;
  }

  @Override
  public void close() {
    if (closing || over) {
      return;
    }
    closing = true;
    if (start.isPresent()) {
      start = Optional.empty();
      over = true;
    } else if (waiting.isEmpty() && isOpen()) {
      over = true;
      if (carrier != null) {
        carrier.close();
      }
    } else {
      retry();
    }
  }

  @Override
  public void apply(WireOptions value) {
    options = Optional.of(value);
    if (carrier != null) {
      carrier.apply(value);
    }
  }

  /** Hands everything on, and learns that the carrier is gone. */
  private final class Tap implements WireHandler {
    private final WireHandler to;

    Tap(WireHandler to) {
      this.to = to;
    }

    @Override
    public SessionOptions options() {
      return to.options();
    }

    @Override
    public void connected() {
      to.connected();
    }

    @Override
    public void octets(byte[] octets, int from, int length) {
      to.octets(octets, from, length);
    }

    @Override
    public void received(Message message) {
      to.received(message);
    }

    @Override
    public void failed(Failed failed) {
      to.failed(failed);
    }

    @Override
    public void closed(String reason) {
      over = true;
      to.closed(reason);
    }

    @Override
    public void readComplete() {
      to.readComplete();
    }

    @Override
    public void writable() {
      to.writable();
    }
  }
}
