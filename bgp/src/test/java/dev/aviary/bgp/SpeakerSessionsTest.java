package dev.aviary.bgp;

import static dev.aviary.bgp.PeerScript.P;
import static dev.aviary.bgp.PeerScript.R2;
import static dev.aviary.bgp.PeerScript.R3;
import static dev.aviary.bgp.PeerScript.addPath;
import static dev.aviary.bgp.PeerScript.announce;
import static dev.aviary.bgp.PeerScript.endOfRib;
import static dev.aviary.bgp.PeerScript.hop;
import static dev.aviary.bgp.PeerScript.lab;
import static dev.aviary.bgp.PeerScript.path;
import static dev.aviary.bgp.PeerScript.set;
import static dev.aviary.bgp.PeerScript.told;
import static dev.aviary.bgp.PeerScript.up;
import static dev.aviary.bgp.PeerScript.updates;
import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.bgp.NeighborConfig.AddPathMode;
import dev.aviary.bgp.message.Capability;
import dev.aviary.bgp.message.NotificationMessage;
import dev.aviary.bgp.message.RouteRefreshMessage;
import dev.aviary.bgp.policy.Condition;
import dev.aviary.bgp.policy.Policy;
import dev.aviary.bgp.policy.PrefixList;
import dev.aviary.bgp.policy.Statement;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.net.Prefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a speaker does with sessions, seen by peers that do what the test says. */
class SpeakerSessionsTest {
  // ---- refresh

  @Test
  void sendsEverythingAgainBetweenMarkers() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n);
    lab.speaker.originate(Prefix.of(P), set(path()));
    var peer = up(lab, R2, 65001, new Capability.EnhancedRefresh());
    assertThat(updates(peer)).hasSize(1);
    peer.send(new RouteRefreshMessage(SpeakerLab.V4, RouteRefreshMessage.REQUEST));
    lab.settle();
    assertThat(updates(peer)).hasSize(2);
    assertThat(peer.last(RouteRefreshMessage.class).orElseThrow().subtype())
        .isEqualTo(RouteRefreshMessage.END);
    assertThat(lab.speaker.refresh("n" + R2)).isTrue();
    lab.settle();
    announce(lab, peer, set(path(65001), hop(R2)), "10.1.0.0/16", "10.2.0.0/16");
    peer.send(new RouteRefreshMessage(SpeakerLab.V4, RouteRefreshMessage.BEGIN));
    announce(lab, peer, set(path(65001), hop(R2)), "10.1.0.0/16");
    peer.send(new RouteRefreshMessage(SpeakerLab.V4, RouteRefreshMessage.END));
    lab.settle();
    assertThat(lab.has("10.1.0.0/16")).isTrue();
    assertThat(lab.has("10.2.0.0/16")).isFalse();
  }

  // ---- collision

  @Test
  void oneOfTwoConnectionsSurvives() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n);
    var first = lab.connect(R2, SpeakerLab.open(65001, R2), false);
    var second = lab.connect(R2);
    second.send(SpeakerLab.open(65001, R2));
    lab.settle();
    var loser = first.isOpen() ? second : first;
    var cease = loser.last(NotificationMessage.class).orElseThrow();
    assertThat(cease.code() + "/" + cease.subcode()).isEqualTo("6/7");
    assertThat(first.isOpen() || second.isOpen()).isTrue();
  }

  // ---- dynamic neighbors

  @Test
  void takesNeighborsFromARange() {
    var lab = lab();
    lab.speaker.addDynamic(
        Prefix.of("10.9.0.0/24"),
        NeighborConfig.builder("dyn", dev.aviary.net.IpAddress.of("10.9.0.0"), AsNumber.of(65009))
            .build());
    var peer = up(lab, "10.9.0.7", 65009);
    announce(lab, peer, set(path(65009), hop("10.9.0.7")), P);
    assertThat(lab.has(P)).isTrue();
    assertThat(lab.speaker.view().neighbor("dyn1")).isPresent();
    peer.close();
    lab.settle();
    assertThat(lab.speaker.view().neighbors()).isEmpty();
    assertThat(lab.connect("10.8.0.1").isOpen()).isFalse();
  }

  // ---- neighbors come and go

  @Test
  void otherNeighborsAreNotTouched() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n);
    lab.neighbor(R3, 65002, n -> n);
    var one = up(lab, R2, 65001);
    var two = up(lab, R3, 65002);
    announce(lab, one, set(path(65001), hop(R2)), P);
    lab.speaker.remove("n" + R2);
    lab.settle();
    var cease = one.last(NotificationMessage.class).orElseThrow();
    assertThat(cease.code() + "/" + cease.subcode()).isEqualTo("6/3");
    assertThat(told(two, P)).isFalse();
    assertThat(two.isOpen()).isTrue();
    lab.speaker.disable("n" + R3, "maintenance");
    lab.settle();
    assertThat(two.last(NotificationMessage.class).orElseThrow().text()).contains("maintenance");
    lab.speaker.enable("n" + R3);
    assertThat(up(lab, R3, 65002).isOpen()).isTrue();
  }

  private static Policy within(String prefix) {
    return new Policy(
        "within " + prefix,
        List.of(
            Statement.accept(
                new Condition.PrefixIn(PrefixList.of(PrefixList.within(Prefix.of(prefix)))))),
        Policy.Otherwise.REJECT);
  }

  @Test
  void policiesChangeWithoutANewSession() {
    for (var mode : List.of(AddPathMode.OFF, AddPathMode.BOTH)) {
      var lab = lab();
      lab.neighbor(R2, 65001, n -> n.addPath(mode));
      lab.neighbor(R3, 65002, n -> n);
      lab.speaker.originate(Prefix.of("10.1.0.0/16"), set(path()));
      lab.speaker.originate(Prefix.of("10.2.0.0/16"), set(path()));
      var peer = up(lab, R2, 65001, addPath(3));
      var other = up(lab, R3, 65002);
      assertThat(told(peer, "10.2.0.0/16")).isTrue();
      int before = updates(other).size();
      lab.speaker.change(
          NeighborConfig.builder("n" + R2, dev.aviary.net.IpAddress.of(R2), AsNumber.of(65001))
              .families(SpeakerLab.V4, SpeakerLab.V6)
              .addPath(mode)
              .exportPolicy(within("10.1.0.0/16"))
              .importPolicy(Policy.REJECT)
              .build());
      lab.settle();
      assertThat(peer.isOpen()).isTrue();
      assertThat(told(peer, "10.1.0.0/16")).isTrue();
      assertThat(told(peer, "10.2.0.0/16")).isFalse();
      assertThat(peer.last(RouteRefreshMessage.class)).isPresent();
      assertThat(updates(other)).hasSize(before);
      lab.speaker.originate(Prefix.of("10.1.1.0/24"), set(path()));
      lab.speaker.originate(Prefix.of("10.3.0.0/16"), set(path()));
      lab.settle();
      assertThat(told(peer, "10.1.1.0/24")).isTrue();
      assertThat(told(peer, "10.3.0.0/16")).isFalse();
    }
  }

  @Test
  void mistakesNameTheNeighborAndTheField() {
    var builder = NeighborConfig.builder("tor", dev.aviary.net.IpAddress.of(R2), AsNumber.of(0));
    org.assertj.core.api.Assertions.assertThatIllegalArgumentException()
        .isThrownBy(builder::build)
        .withMessage("neighbor tor: as is 0 (RFC 7607)");
  }

  @Test
  void eventsTellTheStoryOfASession() {
    var lab = lab();
    var events = new ArrayList<String>();
    lab.speaker.watcher(event -> events.add(event.toString().replaceAll(", at=[^,\\]]*", "")));
    lab.neighbor(R2, 65001, n -> n);
    var peer = up(lab, R2, 65001);
    peer.send(endOfRib());
    lab.settle();
    peer.close();
    lab.settle();
    assertThat(events)
        .containsExactly(
            "StateChanged[neighbor=n10.0.0.2, before=Idle, after=Active]",
            "StateChanged[neighbor=n10.0.0.2, before=Active, after=OpenSent]",
            "StateChanged[neighbor=n10.0.0.2, before=OpenSent, after=OpenConfirm]",
            "StateChanged[neighbor=n10.0.0.2, before=OpenConfirm, after=Established]",
            "EndOfRib[neighbor=n10.0.0.2, family=1/1]",
            "SessionFailed[neighbor=n10.0.0.2, reason=Socket: Connection closed]",
            "StateChanged[neighbor=n10.0.0.2, before=Established, after=Idle]",
            "StateChanged[neighbor=n10.0.0.2, before=Idle, after=Active]");
  }

  @Test
  void holdTimerEndsASilentSession() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n);
    var peer = up(lab, R2, 65001);
    lab.advance(Duration.ofSeconds(89));
    assertThat(peer.isOpen()).isTrue();
    lab.advance(Duration.ofSeconds(2));
    assertThat(peer.last(NotificationMessage.class).orElseThrow().code()).isEqualTo(4);
    assertThat(lab.speaker.view().neighbors().getFirst().lastError())
        .isEqualTo("BGP Error: Hold timer expired");
  }

  @Test
  void passwordsCountWithoutSocketsToo() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n.password("secret"));
    var peer = lab.connect(R2);
    lab.advance(Duration.ofSeconds(30));
    assertThat(peer.received()).isEmpty();
    assertThat(lab.speaker.view().neighbors().getFirst().state()).isEqualTo("Active");
  }

  /** RFC 5082: the peer's packets have Linux's TTL of 64 and may have come from anywhere. */
  @Test
  void timesToLiveCountWithoutSocketsToo() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n.gtsm(1));
    var peer = lab.connect(R2);
    peer.send(SpeakerLab.open(65001, R2));
    lab.advance(Duration.ofSeconds(30));
    assertThat(lab.speaker.view().neighbors().getFirst().state()).isEqualTo("OpenSent");
    lab.advance(Duration.ofMinutes(4));
    assertThat(lab.speaker.view().neighbors().getFirst().lastError())
        .isEqualTo("BGP Error: Hold timer expired");
  }

  @Test
  void aConnectionThatSaysNothingIsClosed() {
    var lab = lab();
    lab.neighbor(R2, 65001, n -> n);
    var peer = lab.connect(R2);
    lab.advance(Duration.ofMinutes(4).plusSeconds(1));
    // RFC 4271 §8.2.2: a large hold time runs until the OPEN comes.
    assertThat(peer.last(NotificationMessage.class).orElseThrow().code()).isEqualTo(4);
    assertThat(peer.isOpen()).isFalse();
  }
}
