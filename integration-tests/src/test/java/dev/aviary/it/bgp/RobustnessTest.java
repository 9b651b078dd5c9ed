package dev.aviary.it.bgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aviary.bgp.NeighborConfig;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.net.Prefix;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.core.ConditionFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** One bad peer never disturbs another. */
class RobustnessTest {
  private static final long AS = 65000;
  private static final String BAD = "127.22.0.2";
  private static final String GOOD = "127.22.0.3";
  private static final String STRANGER = "127.22.0.9";
  private static final String ATTRIBUTES = "40010100" + RawSession.path(65002) + "400304c0000263";

  private final List<AutoCloseable> open = new ArrayList<>();
  private InetSocketAddress at = new InetSocketAddress(0);

  @SuppressWarnings("NullAway.Init") // before each test
  private LiveSpeaker speaker;

  @BeforeEach
  void start() throws Exception {
    at = LiveSpeaker.freeAddress("127.22.0.1");
    speaker =
        LiveSpeaker.start(
            at, "10.0.0.1", AS, b -> b, neighbor("bad", BAD, 65002), neighbor("good", GOOD, 65003));
    open.add(speaker);
  }

  private NeighborConfig neighbor(String name, String host, long as) {
    return LiveSpeaker.neighbor(name, at, new InetSocketAddress(host, 1), as, n -> n.passive(true));
  }

  @AfterEach
  void close() throws Exception {
    for (var each : open.reversed()) {
      each.close();
    }
  }

  private static ConditionFactory eventually() {
    return await().atMost(Duration.ofSeconds(60)).pollInterval(Duration.ofMillis(50));
  }

  private RawSession session(String host, long as) throws IOException {
    var made = new RawSession(InetAddress.getByName(host), at, as);
    open.add(made);
    return made;
  }

  private Watcher watcher() throws IOException {
    var watcher = Watcher.start(session(GOOD, 65003), AS);
    open.add(watcher);
    return watcher;
  }

  /** Routes that each have a set of attributes of their own, so that none share an UPDATE. */
  private void originate(int count) {
    speaker.call(
        () -> {
          for (int i = 0; i < count; i++) {
            speaker
                .speaker()
                .originate(
                    Prefix.of("20.%d.%d.0/24".formatted(i / 256, i % 256)),
                    PathAttributes.of(
                        new PathAttribute.OriginAttribute(Origin.IGP),
                        new PathAttribute.MultiExitDisc(i)));
          }
          return true;
        });
  }

  @Test
  void aPeerThatDoesNotReadStopsNobodyElse() throws Exception {
    var slow = session(BAD, 65002).establish("");
    var watcher = watcher();
    originate(50_000);
    eventually().until(() -> watcher.size() == 50_000);
    assertThat(speaker.isUp("bad")).isTrue();
    // What changed while it did not read it learns once, as it is now.
    speaker.withdraw("20.0.0.0/24");
    eventually().until(() -> watcher.size() == 49_999);
    var caughtUp = new java.util.concurrent.atomic.AtomicInteger();
    var ended = new java.util.concurrent.atomic.AtomicBoolean();
    Thread.ofVirtual()
        .start(
            () -> {
              try {
                slow.follow(
                    body -> {
                      caughtUp.incrementAndGet();
                      ended.compareAndSet(false, body.equals("00000000"));
                    });
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    eventually().until(() -> ended.get() && caughtUp.get() >= 49_999);
    assertThat(speaker.isUp("bad")).isTrue();
  }

  @Test
  void aHundredResetsLeaveNothingBehind() throws Exception {
    var watcher = watcher();
    for (int i = 0; i < 100; i++) {
      eventually().until(() -> speaker.neighbor("bad").state().equals("Active"));
      try (var bad = session(BAD, 65002).establish("")) {
        bad.say(
            RawSession.UPDATE,
            RawSession.update("", ATTRIBUTES, "1814%02x%02x".formatted(i / 256, i % 256)));
        bad.reset();
      }
      speaker.call(
          () -> {
            speaker.speaker().restart("bad", "");
            return true;
          });
    }
    eventually().until(() -> speaker.neighbor("bad").imported() == 0);
    eventually().until(() -> watcher.size() == 0);
    assertThat(speaker.isUp("good")).isTrue();
    assertThat(speaker.view().routes(dev.aviary.bgp.route.AfiSafi.IPV4_UNICAST)).isEmpty();
  }

  @Test
  void tenThousandConnectionsAreRefused() throws Exception {
    var watcher = watcher();
    var known = session(BAD, 65002).establish("");
    for (int i = 0; i < 10_000; i++) {
      var from = i % 2 == 0 ? STRANGER : BAD;
      try (var attempt = new Socket()) {
        attempt.setReuseAddress(true);
        attempt.bind(new InetSocketAddress(from, 0));
        attempt.setSoLinger(true, 0);
        attempt.connect(at, 60_000);
      }
    }
    known.say(RawSession.UPDATE, RawSession.update("", ATTRIBUTES, "18140000"));
    eventually().until(() -> watcher.has("20.0.0.0/24"));
    assertThat(speaker.isUp("bad")).isTrue();
    assertThat(speaker.isUp("good")).isTrue();
  }

  @Test
  void aPeerFromFarAwayIsNotHeard() throws Exception {
    // RFC 5082: our TTL is the system's 64, its least is 255.
    speaker.call(
        () -> {
          speaker
              .speaker()
              .change(
                  LiveSpeaker.neighbor(
                      "bad",
                      at,
                      new InetSocketAddress(BAD, 1),
                      65002,
                      n -> n.passive(true).gtsm(1)));
          return true;
        });
    var far = session(BAD, 65002).connect();
    far.await(RawSession.OPEN); // from now on nothing of a TTL of 64 is heard
    far.say(RawSession.OPEN, far.open(90, far.usualCapabilities()));
    var watcher = watcher();
    originate(10);
    eventually().until(() -> watcher.size() == 10);
    assertThat(speaker.neighbor("bad").state()).isNotIn("OpenConfirm", "Established");
  }
}
