package dev.aviary.bgp.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.bgp.message.BgpError;
import dev.aviary.bgp.message.Capability;
import dev.aviary.bgp.message.KeepaliveMessage;
import dev.aviary.bgp.message.MessageCodec;
import dev.aviary.bgp.message.NotificationMessage;
import dev.aviary.bgp.message.OpenMessage;
import dev.aviary.bgp.message.RouteRefreshMessage;
import dev.aviary.bgp.message.SessionOptions;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.Octets;
import dev.aviary.net.Golden;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Every state times every event; the golden file is the state table. */
class SessionFsmTest {
  private static final AsNumber OURS = AsNumber.of(64512);
  private static final AsNumber THEIRS = AsNumber.of(65001);

  private static SessionConfig config(boolean passive, boolean delay) {
    return new SessionConfig(
        Behavior.RFC,
        OURS,
        THEIRS,
        open(OURS, "10.0.0.1"),
        Set.of(AfiSafi.IPV4_UNICAST),
        passive,
        Duration.ofSeconds(2),
        Duration.ofSeconds(5),
        delay ? Duration.ofSeconds(3) : Duration.ZERO,
        Duration.ZERO,
        Duration.ofSeconds(5),
        Duration.ofSeconds(30),
        Duration.ofMinutes(5),
        OptionalInt.empty(),
        false);
  }

  private static OpenMessage open(AsNumber as, String identifier) {
    return OpenMessage.of(
        as,
        90,
        BgpIdentifier.of(identifier),
        List.of(
            new Capability.Multiprotocol(AfiSafi.IPV4_UNICAST), new Capability.FourOctetAs(as)));
  }

  private static SessionEvent update() {
    var octets = Octets.ofHex("ffffffffffffffffffffffffffffffff00170200000000").toArray();
    var whole =
        (MessageCodec.Whole)
            MessageCodec.decode(
                octets, 0, octets.length, SessionOptions.before(Behavior.RFC, OURS));
    return new SessionEvent.Received(whole.message());
  }

  private static Map<String, SessionEvent> events() {
    var events = new LinkedHashMap<String, SessionEvent>();
    events.put("Start", new SessionEvent.Start());
    events.put(
        "Stop", new SessionEvent.Stop(NotificationMessage.of(BgpError.ADMINISTRATIVE_SHUTDOWN)));
    for (var timer : SessionTimer.values()) {
      events.put("Expired " + timer, new SessionEvent.Expired(timer));
    }
    events.put("Connected", new SessionEvent.Connected());
    events.put("Disconnected", new SessionEvent.Disconnected("Connection refused"));
    events.put("OPEN", new SessionEvent.Received(open(THEIRS, "10.0.0.2")));
    events.put("OPEN of another AS", new SessionEvent.Received(open(OURS, "10.0.0.2")));
    events.put("KEEPALIVE", new SessionEvent.Received(new KeepaliveMessage()));
    events.put("UPDATE", update());
    events.put(
        "NOTIFICATION", new SessionEvent.Received(NotificationMessage.of(BgpError.HOLD_TIMER)));
    events.put(
        "ROUTE-REFRESH",
        new SessionEvent.Received(new RouteRefreshMessage(AfiSafi.IPV4_UNICAST, 0)));
    events.put(
        "DecodeFailed",
        new SessionEvent.DecodeFailed(
            Optional.of(NotificationMessage.of(BgpError.NOT_SYNCHRONIZED)), "marker"));
    events.put("DecodeFailed silently", new SessionEvent.DecodeFailed(Optional.empty(), "short"));
    events.put("CollisionLost", new SessionEvent.CollisionLost());
    events.put("Abandoned", new SessionEvent.Abandoned());
    return events;
  }

  private static List<SessionState> states(SessionConfig config) {
    var agreed =
        ((Negotiation.Agreed) Negotiation.between(config.open(), open(THEIRS, "10.0.0.2"), config))
            .options();
    return List.of(
        new SessionState.Idle(),
        new SessionState.Connect(false),
        new SessionState.Connect(true),
        new SessionState.Active(false),
        new SessionState.Active(true),
        new SessionState.OpenSent(config.open()),
        new SessionState.OpenConfirm(agreed),
        new SessionState.Established(agreed));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dials", "passive", "delays"})
  void everyStateAnswersEveryEvent(String kind) {
    var config = config(kind.equals("passive"), kind.equals("delays"));
    var fsm = new SessionFsm(config);
    var lines = new ArrayList<String>();
    for (var state : states(config)) {
      events()
          .forEach(
              (name, event) -> {
                var transition = fsm.on(event, state);
                lines.add(
                    "%-18s %-24s -> %-18s %s"
                        .formatted(
                            print(state), name, print(transition.next()), transition.actions()));
              });
      lines.add("");
    }
    var text = String.join("\n", lines).replaceAll("SessionOptions\\[[^]]*\\]*", "options");
    text = text.replaceAll("UpdateMessage\\[[^\\n]*?\\]\\]", "UPDATE]");
    assertThat(text).contains("Established");
    Golden.check("session-fsm-" + kind + ".txt", text);
  }

  private static String print(SessionState state) {
    return switch (state) {
      case SessionState.Connect(boolean connected) -> connected ? "Connect (up)" : "Connect";
      case SessionState.Active(boolean connected) -> connected ? "Active (up)" : "Active";
      case SessionState.Idle _,
          SessionState.OpenSent _,
          SessionState.OpenConfirm _,
          SessionState.Established _ ->
          state.title();
    };
  }
}
