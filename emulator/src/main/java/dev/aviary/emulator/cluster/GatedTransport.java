package dev.aviary.emulator.cluster;

import dev.aviary.bgp.session.Scheduler;
import dev.aviary.bgp.transport.PeerOptions;
import dev.aviary.bgp.transport.Transport;
import dev.aviary.bgp.transport.Wire;
import dev.aviary.bgp.transport.WireHandler;
import dev.aviary.bgp.transport.WireOptions;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;

/**
 * Real connections on loopback that carry octets only while the network of the cluster does: what
 * is lost there makes silence here, as TCP that sends again and again.
 */
final class GatedTransport implements Transport {
  private final Transport real;
  private final InetAddress own;
  private final Scheduler scheduler;
  private final Passage passage;

  /**
   * @param own where connections come from that are not bound to an address
   */
  GatedTransport(Transport real, InetAddress own, Scheduler scheduler, Passage passage) {
    this.real = real;
    this.own = own;
    this.scheduler = scheduler;
    this.passage = passage;
  }

  @Override
  public void listen(InetSocketAddress local, Acceptor acceptor) {
    real.listen(
        local,
        new Acceptor() {
          @Override
          public void listening(InetSocketAddress at) {
            acceptor.listening(at);
          }

          @Override
          public void failed(String reason) {
            acceptor.failed(reason);
          }

          @Override
          public Optional<WireHandler> accepted(Wire wire) {
            var gated = new GatedWire(passage, scheduler, wire.local(), wire.remote());
            return acceptor
                .accepted(gated)
                .map(
                    handler -> {
                      var tapped = gated.handler(handler);
                      gated.carrier(wire);
                      return tapped;
                    });
          }
        });
  }

  @Override
  public Wire dial(
      Optional<InetSocketAddress> local,
      InetSocketAddress remote,
      WireOptions options,
      WireHandler handler) {
    var from = local.orElseGet(() -> new InetSocketAddress(own, 0));
    var gated = new GatedWire(passage, scheduler, from, remote);
    var tapped = gated.handler(handler);
    gated.whenOpen(() -> gated.carrier(real.dial(local, remote, options, tapped)));
    return gated;
  }

  @Override
  public void expect(PeerOptions peer) {
    real.expect(peer);
  }

  @Override
  public void close() {
    real.close();
  }
}
