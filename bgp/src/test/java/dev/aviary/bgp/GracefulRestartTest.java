package dev.aviary.bgp;

import static dev.aviary.bgp.PeerScript.AS;
import static dev.aviary.bgp.PeerScript.P;
import static dev.aviary.bgp.PeerScript.R2;
import static dev.aviary.bgp.PeerScript.R3;
import static dev.aviary.bgp.PeerScript.announce;
import static dev.aviary.bgp.PeerScript.endOfRib;
import static dev.aviary.bgp.PeerScript.hop;
import static dev.aviary.bgp.PeerScript.lab;
import static dev.aviary.bgp.PeerScript.path;
import static dev.aviary.bgp.PeerScript.restart;
import static dev.aviary.bgp.PeerScript.set;
import static dev.aviary.bgp.PeerScript.told;
import static dev.aviary.bgp.PeerScript.up;
import static dev.aviary.bgp.PeerScript.updates;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.bgp.NeighborConfig.GracefulRestartMode;
import dev.aviary.bgp.message.BgpError;
import dev.aviary.bgp.message.Capability;
import dev.aviary.bgp.message.NotificationMessage;
import dev.aviary.bgp.message.OpenMessage;
import dev.aviary.bgp.message.UpdateMessage;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.Community;
import dev.aviary.net.Prefix;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** RFC 4724, 8538 and 9494 from both sides. */
class GracefulRestartTest {
  @Test
  void keepsRoutesWhileAPeerRestarts() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n);
    lab.neighbor(R3, 65002, n -> n);
    var watcher = up(lab, R3, 65002);
    var peer = up(lab, R2, 65001, restart(false, true));
    announce(lab, peer, set(path(65001), hop(R2)), P, "198.51.100.0/24");
    peer.close();
    lab.settle();
    assertThat(lab.has(P)).isTrue();
    assertThat(told(watcher, P)).isTrue();
    int before = updates(watcher).size();
    var back = up(lab, R2, 65001, restart(true, true));
    announce(lab, back, set(path(65001), hop(R2)), P);
    assertThat(lab.has("198.51.100.0/24")).isTrue();
    back.send(endOfRib());
    lab.settle();
    assertThat(lab.has(P)).isTrue();
    assertThat(lab.has("198.51.100.0/24")).isFalse();
    assertThat(updates(watcher)).hasSize(before + 1);
    back.close();
    lab.advance(Duration.ofSeconds(61));
    assertThat(lab.has(P)).isFalse();
  }

  @Test
  void aPeerThatIsBackHasAllTheTimeItNeeds() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n);
    var peer = up(lab, R2, 65001, restart(false, true));
    announce(lab, peer, set(path(65001), hop(R2)), P);
    peer.close();
    lab.settle();
    var back = up(lab, R2, 65001, restart(true, true));
    lab.advance(Duration.ofSeconds(70)); // longer than the restart may take, shorter than its hold
    assertThat(lab.has(P)).isTrue();
    back.send(endOfRib());
    lab.settle();
    assertThat(lab.has(P)).isFalse();
  }

  @Test
  void dropsRoutesOfAPeerThatComesBackWithout() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n);
    var peer = up(lab, R2, 65001, restart(false, true));
    announce(lab, peer, set(path(65001), hop(R2)), P);
    peer.close();
    lab.settle();
    assertThat(lab.has(P)).isTrue();
    up(lab, R2, 65001, restart(true, false));
    assertThat(lab.has(P)).isFalse();
  }

  @Test
  void keepsRoutesLongIfThatIsAgreed() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n.longLived(true, Duration.ZERO, Duration.ofHours(1)));
    var peer =
        up(
            lab,
            R2,
            65001,
            restart(false, true),
            new Capability.LongLivedGracefulRestart(
                List.of(
                    new Capability.LongLivedGracefulRestart.LongLivedFamily(
                        SpeakerLab.V4, true, 600))));
    announce(lab, peer, set(path(65001), hop(R2)), P);
    peer.close();
    lab.advance(Duration.ofSeconds(61));
    assertThat(lab.routes(SpeakerLab.V4).getFirst().route().attributes().has(Community.LLGR_STALE))
        .isTrue();
    lab.advance(Duration.ofSeconds(601));
    assertThat(lab.has(P)).isFalse();
  }

  @Test
  void waitsForOthersWhenItRestarts() {
    var lab =
        new SpeakerLab(SpeakerLab.config(AS, "10.0.0.1", Behavior.RFC).restarting(true).build());
    lab.neighbor(R2, 65001, n -> n.gracefulRestart(GracefulRestartMode.ABLE));
    lab.speaker.originate(Prefix.of(P), set(path()));
    var peer = up(lab, R2, 65001, restart(false, true));
    var theirs = peer.last(OpenMessage.class).orElseThrow();
    assertThat(theirs.find(Capability.GracefulRestart.class).orElseThrow().restarting()).isTrue();
    assertThat(peer.last(UpdateMessage.class)).isEmpty();
    peer.send(endOfRib());
    lab.settle();
    assertThat(told(peer, P)).isTrue();
  }

  @Test
  void aNotificationKeepsRoutesOnlyIfBothSaySo() {
    var both =
        new Capability.GracefulRestart(
            false,
            true,
            60,
            List.of(new Capability.GracefulRestart.RestartFamily(SpeakerLab.V4, true)));
    for (boolean ours : List.of(true, false)) {
      var lab = lab();
      lab.neighbor(R2, 65001, n -> n.notificationRestart(ours));
      var peer = up(lab, R2, 65001, both);
      announce(lab, peer, set(path(65001), hop(R2)), P);
      peer.send(NotificationMessage.of(BgpError.ADMINISTRATIVE_RESET));
      peer.close();
      lab.settle();
      assertThat(lab.has(P)).as("RFC 8538 §4 with ours %s", ours).isEqualTo(ours);
    }
  }

  @Test
  void aHardResetKeepsNothing() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n.notificationRestart(true));
    var peer =
        up(
            lab,
            R2,
            65001,
            new Capability.GracefulRestart(
                false,
                true,
                60,
                List.of(new Capability.GracefulRestart.RestartFamily(SpeakerLab.V4, true))));
    announce(lab, peer, set(path(65001), hop(R2)), P);
    peer.send(NotificationMessage.of(BgpError.HARD_RESET));
    peer.close();
    lab.settle();
    assertThat(lab.has(P)).isFalse();
  }

  @Test
  void aHoldTimerKeepsRoutesIfNotificationsDo() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n.notificationRestart(true));
    var peer =
        up(
            lab,
            R2,
            65001,
            new Capability.GracefulRestart(
                false,
                true,
                120,
                List.of(new Capability.GracefulRestart.RestartFamily(SpeakerLab.V4, true))));
    announce(lab, peer, set(path(65001), hop(R2)), P);
    lab.advance(Duration.ofSeconds(91));
    assertThat(lab.speaker.view().neighbor("n" + R2).orElseThrow().state())
        .isNotEqualTo("Established");
    assertThat(lab.has(P)).isTrue();
    lab.advance(Duration.ofSeconds(121));
    assertThat(lab.has(P)).isFalse();
  }

  @Test
  void aSecondRestartBeforeTheEndDropsWhatWasStale() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n);
    var peer = up(lab, R2, 65001, restart(false, true));
    announce(lab, peer, set(path(65001), hop(R2)), P, "198.51.100.0/24");
    peer.close();
    lab.settle();
    var back = up(lab, R2, 65001, restart(true, true));
    announce(lab, back, set(path(65001), hop(R2)), P);
    back.close();
    lab.settle();
    assertThat(lab.has(P)).isTrue();
    assertThat(lab.has("198.51.100.0/24")).isFalse();
  }
}
