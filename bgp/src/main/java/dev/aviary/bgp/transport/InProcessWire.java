package dev.aviary.bgp.transport;

import dev.aviary.bgp.message.Encoded;
import dev.aviary.bgp.message.Message;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One end of a connection inside the JVM. */
final class InProcessWire implements Wire {
  /** How often what did not get through is tried again, as TCP does. */
  private static final Duration RETRANSMIT = Duration.ofSeconds(1);

  /** The TTL of packets that nobody set one for, as Linux has it. */
  private static final int DEFAULT_TTL = 64;

  private final InProcessNetwork network;
  private final InetSocketAddress local;
  private final InetSocketAddress remote;
  private WireOptions options;
  private final ArrayDeque<byte[]> underway = new ArrayDeque<>();
  private @Nullable InProcessWire far;
  private @Nullable WireHandler handler;
  private @Nullable FrameReader reader;
  private boolean open;
  private boolean closing;
  private boolean delivering;
  private long sent;

  InProcessWire(
      InProcessNetwork network,
      InetSocketAddress local,
      InetSocketAddress remote,
      WireOptions options) {
    this.network = network;
    this.local = local;
    this.remote = remote;
    this.options = options;
  }

  void handler(WireHandler handler) {
    this.handler = handler;
    this.reader = new FrameReader(handler);
  }

  void connect() {
    var delay = network.path().delay(local, remote);
    network.scheduler().after(delay.orElse(RETRANSMIT), this::arrive);
  }

  private void arrive() {
    if (closing || handler == null) {
      return;
    }
    if (network.path().delay(local, remote).isEmpty()) {
      connect();
      return;
    }
    var listener = network.listeners.get(remote);
    if (listener == null) {
      closing = true;
      handler.closed("Connection refused");
      return;
    }
    var expected = Optional.ofNullable(listener.passwords().get(local.getAddress()));
    if (!expected.equals(options.password())) {
      // RFC 2385 §2.0: what is signed otherwise is dropped without a word, and sent again.
      network.scheduler().after(RETRANSMIT, this::arrive);
      return;
    }
    var other =
        new InProcessWire(network, /* local= */ remote, /* remote= */ local, WireOptions.PLAIN);
    far = other;
    other.far = this;
    open = true;
    var accepted = listener.acceptor().accepted(other);
    if (accepted.isEmpty()) {
      closed("Connection closed");
      return;
    }
    other.handler(accepted.get());
    other.open = true;
    // The far end learns first: what the near end sends at once must find it ready.
    network.scheduler().execute(other::announce);
    handler.connected();
  }

  private void announce() {
    if (open && handler != null) {
      handler.connected();
    }
  }

  private void closed(String reason) {
    if (open && !closing && handler != null) {
      open = false;
      closing = true;
      handler.closed(reason);
    }
    open = false;
  }

  @Override
  public InetSocketAddress local() {
    return local;
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
  }

  @Override
  public void write(Encoded encoded, int from, int to) {
    if (!open) {
      return;
    }
    sent += to - from;
    var octets = new byte[to - from];
    encoded.octets().getBytes(from, octets);
    underway.add(octets);
    deliver();
  }

  private void deliver() {
    if (delivering || underway.isEmpty()) {
      return;
    }
    delivering = true;
    var delay = network.path().delay(local, remote);
    network.scheduler().after(delay.orElse(RETRANSMIT), this::delivered);
  }

  private void delivered() {
    delivering = false;
    if (network.path().delay(local, remote).isEmpty()) {
      deliver();
      return;
    }
    if (isDropped()) {
      if (closing) {
        // TCP gives up, and its end is not heard of over there either.
        underway.clear();
        open = false;
      } else {
        delivering = true;
        network.scheduler().after(RETRANSMIT, this::delivered);
      }
      return;
    }
    for (var octets = underway.poll(); octets != null; octets = underway.poll()) {
      if (octets.length == 0) {
        open = false;
        if (far != null) {
          far.closed("Connection closed");
        }
        return;
      }
      if (far != null) {
        far.receive(octets);
      }
    }
    if (far != null && far.open && !far.closing && far.handler != null) {
      far.handler.readComplete();
    }
    deliver();
  }

  /** RFC 5082: what may have come from afar is not taken, and TCP sends it again. */
  private boolean isDropped() {
    return far != null && far.options.minimumTtl().orElse(0) > options.ttl().orElse(DEFAULT_TTL);
  }

  private void receive(byte[] octets) {
    var frames = reader;
    if (!open || closing || frames == null) {
      return;
    }
    int kept = frames.kept();
    var all = new byte[kept + octets.length];
    frames.takeKept(all);
    System.arraycopy(octets, 0, all, kept, octets.length);
    frames.read(all, all.length);
  }

  @Override
  public void flush() {}

  @Override
  public boolean isWritable() {
    return true;
  }

  @Override
  public long sent() {
    return sent;
  }

  @Override
  public void close() {
    if (closing) {
      return;
    }
    closing = true;
    if (reader != null) {
      reader.stop();
    }
    if (open) {
      underway.add(new byte[0]);
      deliver();
    }
  }

  @Override
  public void apply(WireOptions options) {
    this.options = options;
  }
}
