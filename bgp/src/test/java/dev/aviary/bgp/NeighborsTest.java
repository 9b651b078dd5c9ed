package dev.aviary.bgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aviary.bgp.message.OpenMessage;
import dev.aviary.bgp.route.Behavior;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** Whom a connection is for. */
class NeighborsTest {
  private static final String THERE = "10.0.0.2";

  private static SpeakerLab lab() {
    return new SpeakerLab(SpeakerLab.config(65000, "10.0.0.1", Behavior.RFC).build());
  }

  private static NeighborConfig at(String name, int port, long as, boolean passive) {
    return NeighborConfig.builder(
            name, dev.aviary.net.IpAddress.of(THERE), dev.aviary.bgp.route.AsNumber.of(as))
        .families(SpeakerLab.V4)
        .dial(new InetSocketAddress(SpeakerLab.inet(THERE), port))
        .passive(passive)
        .build();
  }

  @Test
  void severalAtOneAddressEachTakeAConnection() {
    var lab = lab();
    lab.speaker.add(at("a", 1001, 65001, true));
    lab.speaker.add(at("b", 1002, 65002, true));
    lab.settle();
    lab.connect(THERE, SpeakerLab.open(65001, "10.0.0.21"), true);
    lab.connect(THERE, SpeakerLab.open(65002, "10.0.0.22"), true);
    assertThat(lab.speaker.view().neighbors())
        .extracting(NeighborView::state)
        .containsExactly("Established", "Established");
  }

  @Test
  void oneThatIsTakenOutLeavesTheOthers() {
    var lab = lab();
    lab.speaker.add(at("a", 1001, 65001, true));
    lab.speaker.add(at("b", 1002, 65002, true));
    lab.settle();
    lab.speaker.remove("a");
    lab.settle();
    var peer = lab.connect(THERE, SpeakerLab.open(65002, "10.0.0.22"), true);
    assertThat(peer.last(OpenMessage.class)).isPresent();
    assertThat(lab.speaker.view().neighbor("b").orElseThrow().state()).isEqualTo("Established");
  }

  @Test
  void passwordsOfOneAddressMustBeEqual() {
    var lab = lab();
    lab.speaker.add(at("a", 1001, 65001, true));
    var other =
        NeighborConfig.builder(
                "b", dev.aviary.net.IpAddress.of(THERE), dev.aviary.bgp.route.AsNumber.of(65002))
            .password("secret")
            .build();
    assertThatThrownBy(() -> lab.speaker.add(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("neighbor b: password differs from that of a at the same address");
  }
}
