package dev.aviary.emulator.cluster;

import dev.aviary.bgp.BgpSpeaker;
import dev.aviary.bgp.NeighborConfig;
import dev.aviary.bgp.SpeakerConfig;
import dev.aviary.bgp.policy.Policy;
import dev.aviary.bgp.rib.RouteDissemination.NextHopRule;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * One plain BGP router by itself: it waits for its neighbors, takes and tells every route, and puts
 * itself in as the next hop.
 */
public final class StandaloneSpeaker implements AutoCloseable {
  private final ClusterTime time;
  private final BgpSpeaker speaker;

  private StandaloneSpeaker(ClusterTime time, BgpSpeaker speaker) {
    this.time = time;
    this.speaker = speaker;
  }

  /** Who it talks to. */
  public record Peer(IpAddress address, long as) {
    /** Reads "IP:AS"; an IPv6 address in brackets. */
    public static Optional<Peer> parse(String text) {
      int colon = text.lastIndexOf(':');
      if (colon < 0 || !text.substring(colon + 1).matches("[0-9]{1,10}")) {
        return Optional.empty();
      }
      var address = text.substring(0, colon).replaceAll("^\\[|]$", "");
      long as = Long.parseLong(text.substring(colon + 1));
      return as < 1 || as > 0xffff_ffffL
          ? Optional.empty()
          : IpAddress.parse(address).map(a -> new Peer(a, as));
    }
  }

  /** Starts one that listens at {@code listen}. */
  public static StandaloneSpeaker start(
      InetSocketAddress listen, Ipv4Address routerId, long as, List<Peer> peers)
      throws ClusterException, InterruptedException {
    var time = ClusterTime.real();
    var node = time.forNode(listen.getAddress());
    var config =
        SpeakerConfig.builder("speaker", AsNumber.of(as), BgpIdentifier.of(routerId.toString()))
            .listen(listen);
    switch (IpAddress.of(listen.getAddress().getAddress())) {
      case Ipv4Address v4 -> config.ipv4(v4.isUnspecified() ? routerId : v4);
      case Ipv6Address v6 -> config.ipv6(v6).ipv4(routerId);
    }
    var speaker = new BgpSpeaker(config.build(), node.transport(), node.scheduler());
    var outcome = new CompletableFuture<BgpSpeaker.Started>();
    time.call(
        () -> {
          for (var peer : peers) {
            speaker.add(neighbor(peer));
          }
          speaker.start(outcome::complete);
          return true;
        });
    time.await(outcome::isDone, Duration.ofSeconds(30));
    if (!(outcome.getNow(null) instanceof BgpSpeaker.Started.Running)) {
      time.close();
      var reason = outcome.getNow(null) instanceof BgpSpeaker.Started.Failed(var why) ? why : "";
      throw ClusterException.environment(
          "cannot listen at %s:%d: %s"
              .formatted(listen.getAddress().getHostAddress(), listen.getPort(), reason));
    }
    return new StandaloneSpeaker(time, speaker);
  }

  private static NeighborConfig neighbor(Peer peer) {
    return NeighborConfig.builder("peer_" + peer.address(), peer.address(), AsNumber.of(peer.as()))
        .families(AfiSafi.IPV4_UNICAST, AfiSafi.IPV6_UNICAST)
        .passive(true)
        .multihop(true)
        .nextHop(NextHopRule.SELF)
        .importPolicy(Policy.ACCEPT)
        .exportPolicy(Policy.ACCEPT)
        .build();
  }

  /** All sessions end with Cease. */
  @Override
  public void close() {
    var done = new CompletableFuture<Boolean>();
    try {
      time.call(
          () -> {
            speaker.stop(() -> done.complete(true));
            return true;
          });
      time.await(done::isDone, Duration.ofSeconds(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    time.close();
  }
}
