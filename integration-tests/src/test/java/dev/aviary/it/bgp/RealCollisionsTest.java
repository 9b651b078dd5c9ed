package dev.aviary.it.bgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aviary.it.bgp.RealPeer.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Connections themselves: two at once (RFC 4271 §6.8), and those over IPv6 of BIRD 1.6.8. */
class RealCollisionsTest extends WithRealPeers {
  /** Established, as /proc/net/tcp has it. */
  private static final String ESTABLISHED = " 01 ";

  @ParameterizedTest
  @CsvSource({
    "BIRD_16, 10.0.0.1", "BIRD_16, 10.0.0.200",
    "BIRD_20, 10.0.0.1", "BIRD_20, 10.0.0.200",
    "FRR, 10.0.0.1", "FRR, 10.0.0.200",
    "GOBGP, 10.0.0.1", "GOBGP, 10.0.0.200"
  })
  void oneOfTwoConnectionsStays(Kind kind, String identifier) throws Exception {
    var peer = start(kind, setup(THEIRS, OURS).originating(THEIR_PREFIX));
    // While it stands still its time to dial comes, and its kernel takes our call.
    peer.freeze(true);
    var ours =
        closed(
            LiveSpeaker.start(
                us,
                identifier,
                OURS,
                b -> b,
                LiveSpeaker.neighbor("theirs", us, them, THEIRS, n -> n)));
    ours.originate(OUR_PREFIX);
    await()
        .pollDelay(Duration.ofSeconds(2)) // its retry time is one
        .atMost(Duration.ofSeconds(30))
        .until(() -> ours.neighbor("theirs").state().equals("OpenSent"));
    peer.freeze(false);
    eventually().until(() -> ours.has(THEIR_PREFIX) && peer.knows(OUR_PREFIX));
    eventually().until(() -> connections() == 1);
    assertThat(ours.isUp("theirs")).isTrue();
    assertThat(ours.has(THEIR_PREFIX)).isTrue();
  }

  /** How many connections there are between the two, seen from its side: ours are in tcp6. */
  private long connections() throws IOException {
    var from = hex(them.getAddress().getAddress());
    var to = hex(us.getAddress().getAddress());
    try (var lines = Files.lines(Path.of("/proc/net/tcp"))) {
      return lines
          .filter(line -> line.contains(" " + from + ":") && line.contains(" " + to + ":"))
          .filter(line -> line.indexOf(" " + from) < line.indexOf(" " + to))
          .filter(line -> line.contains(ESTABLISHED))
          .count();
    }
  }

  /** An address as that file has it: in the order of the host. */
  private static String hex(byte[] address) {
    return "%02X%02X%02X%02X".formatted(address[3], address[2], address[1], address[0]);
  }

  @Test
  void routesGoBothWaysWithTheIpv6DaemonOfBird16() throws Exception {
    us = LiveSpeaker.freeAddress("::1");
    them = LiveSpeaker.freeAddress("::1");
    var told = setup(THEIRS, OURS).originating(THEIR_PREFIX6).restartable();
    var peer = start(Kind.BIRD_16, told);
    var ours = ours(OURS, THEIRS, n -> n);
    ours.originate(OUR_PREFIX6);
    eventually().until(() -> ours.has(THEIR_PREFIX6) && peer.knows(OUR_PREFIX6));
    assertThat(peer.show(OUR_PREFIX6)).contains("BGP.next_hop: 2001:db8::1");
    assertThat(ours.routes(THEIR_PREFIX6).getFirst().route().attributes().asPath().toString())
        .isEqualTo(String.valueOf(THEIRS));
    ours.withdraw(OUR_PREFIX6);
    eventually().until(() -> !peer.knows(OUR_PREFIX6));
    peer.crash();
    eventually().until(() -> !ours.isUp("theirs"));
    assertThat(ours.has(THEIR_PREFIX6)).isTrue();
    peer.startAgain(true);
    eventually().until(() -> ours.isUp("theirs") && !ours.neighbor("theirs").restarting());
    assertThat(ours.has(THEIR_PREFIX6)).isTrue();
  }
}
