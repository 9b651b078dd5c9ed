package dev.aviary.bgp.transport;

import dev.aviary.bgp.transport.InProcessNetwork.Listener;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Connections inside one JVM, without sockets: the same octets, in virtual time. */
public final class InProcessTransport implements Transport {
  private final InProcessNetwork network;
  private final InetAddress address;
  private final Map<InetAddress, String> passwords = new HashMap<>();
  private @Nullable InetSocketAddress listening;

  /** A transport of the node at {@code address}, which is its source where none is asked for. */
  public InProcessTransport(InProcessNetwork network, InetAddress address) {
    this.network = network;
    this.address = address;
  }

  @Override
  public void listen(InetSocketAddress local, Acceptor acceptor) {
    var at =
        local.getPort() == 0
            ? new InetSocketAddress(local.getAddress(), network.ephemeralPort())
            : local;
    network
        .scheduler()
        .execute(
            () -> {
              if (network.listeners.putIfAbsent(at, new Listener(acceptor, passwords)) == null) {
                listening = at;
                acceptor.listening(at);
              } else {
                acceptor.failed("Address already in use");
              }
            });
  }

  @Override
  public Wire dial(
      Optional<InetSocketAddress> local,
      InetSocketAddress remote,
      WireOptions options,
      WireHandler handler) {
    int port =
        local.map(InetSocketAddress::getPort).filter(p -> p != 0).orElseGet(network::ephemeralPort);
    var from =
        new InetSocketAddress(local.map(InetSocketAddress::getAddress).orElse(address), port);
    var near = new InProcessWire(network, from, remote, options);
    near.handler(handler);
    near.connect();
    return near;
  }

  @Override
  public void expect(PeerOptions peer) {
    peer.options()
        .password()
        .ifPresentOrElse(
            password -> passwords.put(peer.address(), password),
            () -> passwords.remove(peer.address()));
  }

  @Override
  public void close() {
    if (listening != null) {
      network.listeners.remove(listening);
      listening = null;
    }
  }
}
