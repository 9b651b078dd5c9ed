package dev.aviary.bgp;

import static dev.aviary.bgp.PeerScript.P;
import static dev.aviary.bgp.PeerScript.R2;
import static dev.aviary.bgp.PeerScript.R3;
import static dev.aviary.bgp.PeerScript.announce;
import static dev.aviary.bgp.PeerScript.hop;
import static dev.aviary.bgp.PeerScript.lab;
import static dev.aviary.bgp.PeerScript.path;
import static dev.aviary.bgp.PeerScript.set;
import static dev.aviary.bgp.PeerScript.up;
import static dev.aviary.bgp.PeerScript.updates;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.bgp.message.NotificationMessage;
import dev.aviary.bgp.message.RouteRefreshMessage;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.Community;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.transport.RawPeer;
import dev.aviary.net.Ipv4Address;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is wrong in other ways than the vectors have it (RFC 4271, 7313, 7606, 9494). */
class UpdateErrorsTest {
  private static final String UNREACH = "0c000201" + "4020010db800010001";

  private final SpeakerLab lab = lab();

  private RawPeer peer() {
    lab.neighbor(R2, 65001, n -> n);
    return up(lab, R2, 65001);
  }

  private void say(RawPeer peer, int type, String body) {
    peer.send(
        HexFormat.of()
            .parseHex("ff".repeat(16) + "%04x%02x".formatted(19 + body.length() / 2, type) + body));
    lab.settle();
  }

  private void update(RawPeer peer, String withdrawn, String attributes) {
    say(
        peer,
        2,
        "%04x".formatted(withdrawn.length() / 2)
            + withdrawn
            + "%04x".formatted(attributes.length() / 2)
            + attributes);
  }

  @Test
  void withdrawalsBesideMalformedAttributesResetTheSession() {
    var peer = peer();
    update(peer, "18cb0071", "40010109");
    assertThat(peer.last(NotificationMessage.class).orElseThrow().code()).isEqualTo(3);
  }

  @Test
  void unreachableDestinationsBesideMalformedAttributesDoToo() {
    var peer = peer();
    update(peer, "", "40010109" + "800f" + UNREACH);
    assertThat(peer.last(NotificationMessage.class).orElseThrow().code()).isEqualTo(3);
  }

  @Test
  void theFlagsOfMpUnreachAloneAreNoReset() {
    var peer = peer();
    update(peer, "", "400f" + UNREACH);
    assertThat(peer.last(NotificationMessage.class)).isEmpty();
    assertThat(peer.isOpen()).isTrue();
  }

  @Test
  void withoutEnhancedRefreshItsOctetMeansNothing() {
    lab.neighbor(R3, 65002, n -> n);
    var other = up(lab, R3, 65002);
    var peer = peer();
    announce(lab, other, set(path(65002), hop(R3)), P);
    int before = updates(peer).size();
    peer.send(new RouteRefreshMessage(SpeakerLab.V4, RouteRefreshMessage.BEGIN));
    lab.settle();
    assertThat(updates(peer)).hasSize(before + 1);
  }

  @Test
  void aLongRefreshIsAnsweredWithItself() {
    var peer = peer();
    say(peer, 5, "0001000100");
    var reply = peer.last(NotificationMessage.class).orElseThrow();
    assertThat(reply.code()).isEqualTo(7);
    assertThat(reply.subcode()).isEqualTo(1);
    assertThat(reply.data().toString()).endsWith("0018050001000100");
  }

  @Test
  void whatAnotherRouterMarkedStaleIsForWantOfABetter() {
    var peer = peer();
    lab.neighbor(R3, 65002, n -> n);
    var other = up(lab, R3, 65002);
    var mark = new PathAttribute.Communities(List.of(Community.LLGR_STALE));
    announce(lab, peer, set(path(65001), hop(R2), mark), P);
    announce(lab, other, set(path(65002, 7, 8), hop(R3)), P);
    var best = lab.routes(SpeakerLab.V4).getFirst().route();
    assertThat(best.attributes().has(Community.LLGR_STALE)).isFalse();
  }

  @Test
  void whereWeListenIsNoNextHopEither() {
    var config = SpeakerLab.config(PeerScript.AS, "10.0.0.1", Behavior.RFC);
    var elsewhere = new SpeakerLab(config.ipv4(Ipv4Address.of("192.0.2.1")).build());
    elsewhere.neighbor(R2, 65001, n -> n);
    var peer = up(elsewhere, R2, 65001);
    announce(elsewhere, peer, set(path(65001), hop("10.0.0.1")), P);
    assertThat(elsewhere.has(P)).isFalse();
    announce(elsewhere, peer, set(path(65001), hop(R2)), P);
    assertThat(elsewhere.has(P)).isTrue();
  }
}
