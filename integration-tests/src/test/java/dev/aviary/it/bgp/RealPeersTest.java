package dev.aviary.it.bgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aviary.bgp.NeighborConfig.AddPathMode;
import dev.aviary.bgp.NeighborConfig.GracefulRestartMode;
import dev.aviary.bgp.SpeakerEvent.SessionFailed;
import dev.aviary.bgp.rib.RouteDissemination.NextHopRule;
import dev.aviary.bgp.route.AttributeType;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.Community;
import dev.aviary.bgp.route.LargeCommunity;
import dev.aviary.bgp.route.Octets;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.it.bgp.RealPeer.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The speaker with BIRD 1.6.8, BIRD 2.0.12, FRR and GoBGP on the other side. */
class RealPeersTest extends WithRealPeers {
  @ParameterizedTest
  @EnumSource(Kind.class)
  void routesGoBothWaysAndAreWithdrawn(Kind kind) throws Exception {
    boolean v6 = kind != Kind.BIRD_16; // its IPv6 is another daemon
    var told = setup(THEIRS, OURS).originating(THEIR_PREFIX);
    var peer = start(kind, v6 ? told.originating(THEIR_PREFIX6) : told);
    var ours = ours(OURS, THEIRS, n -> n);
    ours.originate(OUR_PREFIX);
    ours.originate(OUR_PREFIX6);
    eventually().until(() -> ours.has(THEIR_PREFIX) && peer.knows(OUR_PREFIX));
    if (v6) {
      eventually().until(() -> ours.has(THEIR_PREFIX6) && peer.knows(OUR_PREFIX6));
    }
    assertThat(ours.routes(THEIR_PREFIX).getFirst().route().attributes().asPath().toString())
        .isEqualTo(String.valueOf(THEIRS));

    ours.withdraw(OUR_PREFIX);
    peer.reconfigure(told.withPrefixes(v6 ? List.of(THEIR_PREFIX6) : List.of()));
    eventually().until(() -> !ours.has(THEIR_PREFIX) && !peer.knows(OUR_PREFIX));
    assertThat(ours.isUp("theirs")).isTrue();
    if (v6) {
      assertThat(ours.has(THEIR_PREFIX6)).isTrue();
    }
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void comesBackAfterARestartOfEitherSide(Kind kind) throws Exception {
    var peer = start(kind, setup(THEIRS, OURS).originating(THEIR_PREFIX));
    var ours = ours(OURS, THEIRS, n -> n);
    ours.originate(OUR_PREFIX);
    eventually().until(() -> ours.has(THEIR_PREFIX) && peer.knows(OUR_PREFIX));
    peer.stop();
    eventually().until(() -> !ours.has(THEIR_PREFIX));
    peer.startAgain(false);
    eventually().until(() -> ours.has(THEIR_PREFIX) && peer.knows(OUR_PREFIX));
    ours.close();
    eventually().until(() -> !peer.knows(OUR_PREFIX));
    var again = ours(OURS, THEIRS, n -> n);
    again.originate(OUR_PREFIX);
    eventually().until(() -> again.has(THEIR_PREFIX) && peer.knows(OUR_PREFIX));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theirRoutesStayWhileTheyRestart(Kind kind) throws Exception {
    var peer = start(kind, setup(THEIRS, OURS).originating(THEIR_PREFIX).restartable());
    var ours = ours(OURS, THEIRS, n -> n);
    eventually().until(() -> ours.has(THEIR_PREFIX));
    var changes = new ArrayList<String>();
    ours.call(
        () -> {
          ours.speaker().listener(change -> changes.add(change.toString()));
          return true;
        });
    peer.crash();
    eventually().until(() -> !ours.isUp("theirs"));
    assertThat(ours.has(THEIR_PREFIX)).isTrue();
    peer.startAgain(true);
    eventually().until(() -> ours.isUp("theirs") && !ours.neighbor("theirs").restarting());
    assertThat(ours.has(THEIR_PREFIX)).isTrue();
    assertThat(changes).noneMatch(change -> change.contains("after=Optional.empty"));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void ourRoutesStayWhileWeRestart(Kind kind) throws Exception {
    var peer = start(kind, setup(THEIRS, OURS).originating(THEIR_PREFIX).restartable());
    UnaryOperator<dev.aviary.bgp.NeighborBuilder> able =
        n -> n.gracefulRestart(GracefulRestartMode.ABLE).restartTime(Duration.ofSeconds(60));
    var ours = ours(OURS, THEIRS, able);
    ours.originate(OUR_PREFIX);
    eventually().until(() -> ours.has(THEIR_PREFIX) && peer.knows(OUR_PREFIX));
    ours.crash();
    eventually().until(() -> !established(kind, peer));
    assertThat(peer.knows(OUR_PREFIX)).isTrue();
    var again =
        closed(
            LiveSpeaker.start(
                us,
                OUR_ID,
                OURS,
                b -> b.restarting(true),
                LiveSpeaker.neighbor("theirs", us, them, THEIRS, able)));
    again.originate(OUR_PREFIX);
    eventually()
        .untilAsserted(
            () -> {
              assertThat(peer.knows(OUR_PREFIX)).isTrue();
              assertThat(again.has(THEIR_PREFIX)).isTrue();
            });
    eventually().until(() -> established(kind, peer));
    assertThat(peer.knows(OUR_PREFIX)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theyReflectBetweenUs(Kind kind) throws Exception {
    var there = LiveSpeaker.freeAddress("127.9.0.2");
    var told =
        PeerSetup.of(
                them,
                THEIR_ID,
                OURS,
                new PeerSetup.Neighbor("ours", us, OURS),
                new PeerSetup.Neighbor("fellow", there, OURS))
            .reflecting();
    start(kind, told);
    var ours = ours(OURS, OURS, n -> n);
    var other = another(2, there, OURS, them, OURS, n -> n);
    ours.originate(OUR_PREFIX);
    eventually().until(() -> other.has(OUR_PREFIX));
    var attributes = other.routes(OUR_PREFIX).getFirst().route().attributes();
    assertThat(attributes.originatorId()).contains(BgpIdentifier.of(OUR_ID));
    assertThat(attributes.clusterList()).containsExactly(BgpIdentifier.of(THEIR_ID));
    assertThat(attributes.localPrefOrDefault()).isEqualTo(100);
    ours.withdraw(OUR_PREFIX);
    eventually().until(() -> !other.has(OUR_PREFIX));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void weReflectForThem(Kind kind) throws Exception {
    var there = LiveSpeaker.freeAddress("127.9.0.2");
    var peer = start(kind, setup(OURS, OURS).originating(THEIR_PREFIX));
    var reflector =
        closed(
            LiveSpeaker.start(
                us,
                OUR_ID,
                OURS,
                b -> b,
                LiveSpeaker.neighbor("theirs", us, them, OURS, n -> n.reflectorClient(true)),
                LiveSpeaker.neighbor("fellow", us, there, OURS, n -> n.reflectorClient(true))));
    var other = another(2, there, OURS, us, OURS, n -> n);
    other.originate(OUR_PREFIX);
    eventually().until(() -> peer.knows(OUR_PREFIX) && other.has(THEIR_PREFIX));
    var attributes = other.routes(THEIR_PREFIX).getFirst().route().attributes();
    assertThat(attributes.originatorId()).contains(BgpIdentifier.of(THEIR_ID));
    assertThat(attributes.clusterList()).containsExactly(BgpIdentifier.of(OUR_ID));
    // It says so of ours too: the identifier of who originated it.
    assertThat(peer.show(OUR_PREFIX)).contains("10.0.0.2");
    assertThat(reflector.has(OUR_PREFIX)).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void manyPathsGoBothWays(Kind kind) throws Exception {
    var a = LiveSpeaker.freeAddress("127.9.0.2");
    var b = LiveSpeaker.freeAddress("127.9.0.3");
    var told =
        PeerSetup.of(
                them,
                THEIR_ID,
                THEIRS,
                new PeerSetup.Neighbor("ours", us, OURS),
                new PeerSetup.Neighbor("a", a, 65002),
                new PeerSetup.Neighbor("b", b, 65003))
            .withAddPath();
    var peer = start(kind, told);
    // To them and to us, from two sides, the same prefix.
    var ours =
        closed(
            LiveSpeaker.start(
                us,
                OUR_ID,
                OURS,
                x -> x,
                LiveSpeaker.neighbor(
                    "theirs", us, them, THEIRS, n -> n.addPath(AddPathMode.BOTH))));
    another(2, a, 65002, them, THEIRS, n -> n).originate(THEIR_PREFIX);
    another(3, b, 65003, them, THEIRS, n -> n).originate(THEIR_PREFIX);
    eventually().until(() -> ours.routes(THEIR_PREFIX).size() == 2);
    assertThat(ours.routes(THEIR_PREFIX))
        .extracting(view -> view.route().attributes().asPath().toString())
        .containsExactlyInAnyOrder("65001 65002", "65001 65003");
    ours.originate(OUR_PREFIX);
    eventually().until(() -> peer.knows(OUR_PREFIX));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theyTakeTwoPathsFromUs(Kind kind) throws Exception {
    var a = LiveSpeaker.freeAddress("127.9.0.2");
    var b = LiveSpeaker.freeAddress("127.9.0.3");
    var peer = start(kind, setup(THEIRS, OURS).withAddPath());
    var ours =
        closed(
            LiveSpeaker.start(
                us,
                OUR_ID,
                OURS,
                x -> x,
                LiveSpeaker.neighbor("theirs", us, them, THEIRS, n -> n.addPath(AddPathMode.BOTH)),
                LiveSpeaker.neighbor("a", us, a, 65002, n -> n),
                LiveSpeaker.neighbor("b", us, b, 65003, n -> n)));
    var first = another(2, a, 65002, us, OURS, n -> n);
    var second = another(3, b, 65003, us, OURS, n -> n);
    first.originate(OUR_PREFIX);
    second.originate(OUR_PREFIX);
    eventually()
        .untilAsserted(
            () -> assertThat(peer.show(OUR_PREFIX)).contains("65000 65002", "65000 65003"));
    first.withdraw(OUR_PREFIX);
    eventually()
        .untilAsserted(
            () ->
                assertThat(peer.show(OUR_PREFIX))
                    .contains("65000 65003")
                    .doesNotContain("65000 65002"));
    assertThat(ours.isUp("theirs")).isTrue();
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void passwordsMustBeEqual(Kind kind) throws Exception {
    start(kind, setup(THEIRS, OURS).originating(THEIR_PREFIX).withPassword("right"));
    var ours = ours(OURS, THEIRS, n -> n.password("wrong"));
    // A wrong password shows as silence: nothing to wait for but time.
    await()
        .during(Duration.ofSeconds(3))
        .atMost(Duration.ofSeconds(10))
        .until(() -> !ours.isUp("theirs"));
    ours.call(
        () -> {
          ours.speaker()
              .change(LiveSpeaker.neighbor("theirs", us, them, THEIRS, n -> n.password("right")));
          return true;
        });
    eventually().until(() -> ours.isUp("theirs") && ours.has(THEIR_PREFIX));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void asNumbersOfFourOctets(Kind kind) throws Exception {
    long wideOurs = 4_200_000_001L;
    long wideTheirs = 4_200_000_002L;
    var peer = start(kind, setup(wideTheirs, wideOurs).originating(THEIR_PREFIX));
    var ours = ours(wideOurs, wideTheirs, n -> n);
    ours.originate(OUR_PREFIX);
    eventually().until(() -> ours.has(THEIR_PREFIX) && peer.knows(OUR_PREFIX));
    assertThat(ours.routes(THEIR_PREFIX).getFirst().route().attributes().asPath().toString())
        .isEqualTo("4200000002");
    assertThat(peer.show(OUR_PREFIX)).contains("4200000001");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void theySpeakToUsAsToAnOldPeer(Kind kind) throws Exception {
    var peer = start(kind, setup(4_200_000_002L, OURS).originating(THEIR_PREFIX));
    // As BIRD 2.0.12 does, we know it by the AS of its capability, which we do not offer ourselves.
    var ours = ours(OURS, 4_200_000_002L, n -> n.fourOctetAs(false));
    ours.originate(OUR_PREFIX);
    eventually().until(() -> ours.has(THEIR_PREFIX) && peer.knows(OUR_PREFIX));
    // AS_PATH says 23456; AS4_PATH is merged into it (RFC 6793 §4.2.3).
    assertThat(ours.routes(THEIR_PREFIX).getFirst().route().attributes().asPath().toString())
        .isEqualTo("4200000002");
    assertThat(peer.show(OUR_PREFIX)).contains("65000");
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"BIRD_16"}) // the only one that can be old beside a wide AS
  void anOldPeerSeesAsTrans(Kind kind) throws Exception {
    long wide = 4_200_000_001L;
    var peer = start(kind, setup(THEIRS, 23456).originating(THEIR_PREFIX).old());
    var ours = ours(wide, THEIRS, n -> n);
    ours.originate(OUR_PREFIX);
    eventually().until(() -> ours.has(THEIR_PREFIX) && peer.knows(OUR_PREFIX));
    assertThat(peer.show(OUR_PREFIX)).containsAnyOf("23456", "4200000001");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void communitiesAreKept(Kind kind) throws Exception {
    var told = setup(THEIRS, OURS).originating(THEIR_PREFIX).withCommunities("65001:7");
    var peer = start(kind, told);
    var ours = ours(OURS, THEIRS, n -> n);
    ours.originate(
        OUR_PREFIX,
        new PathAttribute.Communities(List.of(Community.parse("65000:77").orElseThrow())),
        new PathAttribute.LargeCommunities(
            List.of(LargeCommunity.parse("65000:4000000000:5").orElseThrow())));
    eventually().until(() -> ours.has(THEIR_PREFIX) && peer.knows(OUR_PREFIX));
    assertThat(ours.routes(THEIR_PREFIX).getFirst().route().attributes().communities())
        .containsExactly(Community.parse("65001:7").orElseThrow());
    var shown = peer.show(OUR_PREFIX).replaceAll(", *", ":");
    assertThat(shown).contains("65000:77").contains("65000:4000000000:5");
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void unknownAttributesPassThrough(Kind kind) throws Exception {
    var there = LiveSpeaker.freeAddress("127.9.0.2");
    var told =
        PeerSetup.of(
            them,
            THEIR_ID,
            THEIRS,
            new PeerSetup.Neighbor("ours", us, OURS),
            new PeerSetup.Neighbor("fellow", there, 65002));
    var peer = start(kind, told);
    var ours = ours(OURS, THEIRS, n -> n);
    var other = another(2, there, 65002, them, THEIRS, n -> n);
    var unknown = new PathAttribute.Unrecognized(213, 0xc0, Octets.of(new byte[] {1, 2, 3, 4}));
    ours.originate(OUR_PREFIX, unknown);
    eventually().until(() -> peer.knows(OUR_PREFIX) && other.has(OUR_PREFIX));
    assertThat(other.routes(OUR_PREFIX).getFirst().route().attributes().all())
        .anySatisfy(
            attribute ->
                assertThat(attribute)
                    .isInstanceOfSatisfying(
                        PathAttribute.Unrecognized.class,
                        kept -> {
                          assertThat(kept.code()).isEqualTo(213);
                          assertThat(kept.value()).isEqualTo(unknown.value());
                          // RFC 4271 §5: partial; BIRD 1.6.8 and GoBGP do not set it.
                          boolean partial = kind == Kind.BIRD_20 || kind == Kind.FRR;
                          assertThat(kept.flags()).isEqualTo(partial ? 0xe0 : 0xc0);
                        }));
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void aPeerThatStandsStillIsGivenUp(Kind kind) throws Exception {
    var peer = start(kind, setup(THEIRS, OURS).originating(THEIR_PREFIX).holding(3));
    var ours = ours(OURS, THEIRS, n -> n);
    eventually().until(() -> ours.has(THEIR_PREFIX));
    assertThat(ours.neighbor("theirs").holdTime()).isEqualTo(Duration.ofSeconds(3));
    peer.freeze(true);
    eventually()
        .untilAsserted(
            () ->
                assertThat(ours.events())
                    .anySatisfy(
                        event ->
                            assertThat(event)
                                .isInstanceOfSatisfying(
                                    SessionFailed.class,
                                    failed ->
                                        assertThat(failed.reason())
                                            .contains("Hold timer expired"))));
    assertThat(ours.has(THEIR_PREFIX)).isFalse();
    peer.freeze(false);
    eventually().until(() -> ours.isUp("theirs") && ours.has(THEIR_PREFIX));
  }

  @ParameterizedTest
  @EnumSource(
      value = Kind.class,
      names = {"BIRD_16", "BIRD_20"})
  void aHundredThousandRoutesAreEqualOnBothSides(Kind kind) throws Exception {
    var prefixes = new ArrayList<String>();
    for (int i = 0; i < 100_000; i++) {
      prefixes.add("%d.%d.%d.0/24".formatted(20 + i / 65536, i / 256 % 256, i % 256));
    }
    var peer = start(kind, setup(THEIRS, OURS).withPrefixes(prefixes));
    var ours = ours(OURS, THEIRS, n -> n.nextHop(NextHopRule.SELF));
    eventually().until(() -> ours.neighbor("theirs").imported() == 100_000);
    var held =
        ours.view().routes(dev.aviary.bgp.route.AfiSafi.IPV4_UNICAST).stream()
            .map(view -> view.route().prefix().toString())
            .sorted()
            .toList();
    assertThat(held).isEqualTo(prefixes.stream().sorted().toList());
    assertThat(peer.count()).isEqualTo(100_000);
    assertThat(
            ours.routes(prefixes.getFirst())
                .getFirst()
                .route()
                .attributes()
                .has(AttributeType.NEXT_HOP))
        .isTrue();
  }
}
