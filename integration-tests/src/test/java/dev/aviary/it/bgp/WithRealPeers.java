package dev.aviary.it.bgp;

import static org.awaitility.Awaitility.await;

import dev.aviary.bgp.NeighborBuilder;
import dev.aviary.it.bgp.RealPeer.Kind;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** Our speaker at one address, a real daemon at another; both end with the test. */
abstract class WithRealPeers {
  static final long OURS = 65000;
  static final long THEIRS = 65001;
  static final String OUR_ID = "10.0.0.1";
  static final String THEIR_ID = "10.0.0.99";
  static final String OUR_PREFIX = "203.0.113.0/24";
  static final String THEIR_PREFIX = "198.51.100.0/24";
  static final String OUR_PREFIX6 = "2001:db8:1::/48";
  static final String THEIR_PREFIX6 = "2001:db8:2::/48";

  private final List<AutoCloseable> open = new ArrayList<>();
  InetSocketAddress us = new InetSocketAddress(0);
  InetSocketAddress them = new InetSocketAddress(0);

  @BeforeEach
  void findPorts() throws Exception {
    us = LiveSpeaker.freeAddress("127.9.0.1");
    them = LiveSpeaker.freeAddress("127.9.0.99");
  }

  @AfterEach
  void close() throws Exception {
    for (var each : open.reversed()) {
      each.close();
    }
  }

  static ConditionFactory eventually() {
    return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(100));
  }

  final <T extends AutoCloseable> T closed(T value) {
    open.add(value);
    return value;
  }

  final PeerSetup setup(long theirAs, long ourAs) {
    return PeerSetup.of(them, THEIR_ID, theirAs, new PeerSetup.Neighbor("ours", us, ourAs));
  }

  final RealPeer start(Kind kind, PeerSetup setup) throws Exception {
    return closed(RealPeer.start(kind, setup));
  }

  final LiveSpeaker ours(long as, long theirAs, UnaryOperator<NeighborBuilder> more)
      throws Exception {
    return closed(
        LiveSpeaker.start(
            us, OUR_ID, as, b -> b, LiveSpeaker.neighbor("theirs", us, them, theirAs, more)));
  }

  /** Another of our speakers, with an address and an identifier that end in {@code number}. */
  final LiveSpeaker another(
      int number,
      InetSocketAddress at,
      long as,
      InetSocketAddress peer,
      long peerAs,
      UnaryOperator<NeighborBuilder> more)
      throws Exception {
    return closed(
        LiveSpeaker.start(
            at,
            "10.0.0." + number,
            as,
            b -> b,
            LiveSpeaker.neighbor("theirs", at, peer, peerAs, more)));
  }

  static boolean established(Kind kind, RealPeer peer) throws Exception {
    var text = peer.sessions();
    return switch (kind) {
      case BIRD_16, BIRD_20 -> text.matches("(?s).*BGP state: +Established.*");
      case FRR -> text.contains("BGP state = Established");
      case GOBGP -> text.contains("Establ");
    };
  }
}
