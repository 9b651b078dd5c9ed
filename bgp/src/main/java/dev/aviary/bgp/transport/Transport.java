package dev.aviary.bgp.transport;

import java.net.InetSocketAddress;
import java.util.Optional;

/** Makes connections for one speaker. */
public interface Transport {

  /** Accepts connections at {@code local}; port 0 takes a free one. */
  void listen(InetSocketAddress local, Acceptor acceptor);

  /**
   * Connects to {@code remote}. What comes of it, {@link WireHandler#connected} or {@link
   * WireHandler#closed}, arrives after this call returned.
   *
   * @param local the source to bind, with port 0 for any; empty leaves it to the system
   */
  Wire dial(
      Optional<InetSocketAddress> local,
      InetSocketAddress remote,
      WireOptions options,
      WireHandler handler);

  /** Prepares for connections from {@code peer}: its password must be known before it calls. */
  void expect(PeerOptions peer);

  /** Stops accepting connections. */
  void close();

  /** Who learns about incoming connections. */
  interface Acceptor {
    /** From now on connections come in at {@code local}. */
    void listening(InetSocketAddress local);

    /** They cannot: the address is taken, or not ours. */
    void failed(String reason);

    /** One came; answers who handles it, empty to refuse. */
    Optional<WireHandler> accepted(Wire wire);
  }
}
