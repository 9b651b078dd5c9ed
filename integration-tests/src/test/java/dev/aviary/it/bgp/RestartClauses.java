package dev.aviary.it.bgp;

import static dev.aviary.it.bgp.RawSession.NOTIFICATION;
import static dev.aviary.it.bgp.RawSession.UPDATE;
import static dev.aviary.it.bgp.RawSession.update;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Graceful restart (RFC 4724, 8538) and its long form (RFC 9494). */
final class RestartClauses extends Clauses {
  private static final String ABLE = "40060078" + "00010180";
  private static final String RESTARTED = "40068078" + "00010180";

  @Override
  void fill() {
    gracefully();
    notifications();
    longLived();
  }

  private void gracefully() {
    external(
        "4724 routes stay over a lost connection, and go without End-of-RIB",
        p -> {
          p.session().establish("40060078" + "00010180");
          p.announce(IGP + p.path() + HOP);
          p.session().reset();
          var again = p.reconnected("40068078" + "00010180");
          assertThat(p.outside().has(p.prefix())).isTrue();
          again.say(UPDATE, "00000000");
          p.gone();
          again.close();
        });
    external(
        "4724 routes go if the forwarding state did",
        p -> {
          p.session().establish("40060078" + "00010180");
          p.announce(IGP + p.path() + HOP);
          p.session().reset();
          var again = p.reconnected("40068078" + "00010100");
          p.gone();
          again.close();
        });
    external(
        "4724 3 each family ends with its End-of-RIB",
        p -> {
          p.session().establish(ABLE);
          var ends = new java.util.HashSet<String>();
          while (ends.size() < 2) {
            var body = p.session().await(UPDATE).body();
            if (body.equals("00000000") || body.equals("00000006800f03000201")) {
              ends.add(body);
            }
          }
        });
    external(
        "4724 4.2 routes go when the restart takes too long",
        p -> {
          p.session().establish("40060001" + "00010180");
          p.announce(IGP + p.path() + HOP);
          p.session().reset();
          p.gone();
        });
    external(
        "4724 4.2 routes of a peer that cannot restart go at once",
        p -> {
          p.session().establish("40020078");
          p.announce(IGP + p.path() + HOP);
          p.session().reset();
          p.gone();
        });
    external(
        "4724 4.2 routes go if the family is not there again",
        p -> {
          p.session().establish(ABLE);
          p.announce(IGP + p.path() + HOP);
          p.session().reset();
          p.reconnected("40028078");
          p.gone();
        });
    external(
        "4724 4.2 routes go if the capability is not there again",
        p -> {
          p.session().establish(ABLE);
          p.announce(IGP + p.path() + HOP);
          p.session().reset();
          p.reconnected("");
          p.gone();
        });
    external(
        "4724 4.2 what is told again is not told of again",
        p -> {
          p.session().establish(ABLE);
          p.announce(IGP + p.path() + HOP);
          p.session().reset();
          var again = p.reconnected(RESTARTED);
          again.say(UPDATE, update("", IGP + p.path() + HOP, p.nlri()));
          again.say(UPDATE, "00000000");
          again.say(
              UPDATE, update("", IGP + p.path() + HOP, "2011" + p.nlri().substring(4) + "02"));
          var later = "17.%d.%d.2/32".formatted(p.number() / 256, p.number() % 256);
          p.eventually(() -> p.outside().has(later));
          assertThat(p.outside().has(p.prefix())).isTrue();
          assertThat(p.outside().announcements(p.prefix())).isEqualTo(1);
          again.close();
        });
    external(
        "4724 4.2 a second restart in the middle of the first",
        p -> {
          p.session().establish(ABLE);
          p.announce(IGP + p.path() + HOP);
          p.session().reset();
          p.reconnected(RESTARTED).reset();
          // RFC 4724 §4.2: what is stale already goes when it happens again before End-of-RIB.
          var again = p.reconnected(RESTARTED);
          again.say(UPDATE, "00000000");
          p.gone();
          again.close();
        });
    external(
        "4724 3 reserved bits and unknown families are passed by",
        p -> {
          p.session().establish("400a7078" + "0001ff7f" + "00010180".replace("80", "ff"));
          p.alive();
        });
  }

  private void notifications() {
    external(
        "4724 4 our own NOTIFICATION ends it",
        p -> {
          p.session().establish(ABLE);
          p.announce(IGP + p.path() + HOP);
          p.session().octets(RawSession.framed(9, ""));
          assertThat(p.session().end()).isEqualTo("010309");
          p.gone();
        });
    external(
        "4724 4.2 a new connection takes the old one's place",
        p -> {
          p.session().establish(ABLE);
          p.announce(IGP + p.path() + HOP);
          var again = p.reconnected(RESTARTED);
          assertThat(p.session().end()).isEmpty();
          assertThat(p.outside().has(p.prefix())).isTrue();
          assertThat(p.outside().announcements(p.prefix())).isEqualTo(1);
          again.say(UPDATE, "00000000");
          p.gone();
          again.close();
        });
    external(
        "4724 4 a NOTIFICATION ends it",
        p -> {
          p.session().establish(ABLE);
          p.announce(IGP + p.path() + HOP);
          p.session().say(NOTIFICATION, "0604");
          p.gone();
        });
    external(
        "8538 4 a NOTIFICATION does not end it if both have the N bit",
        "notificationRestart: true",
        p -> {
          p.session().establish("40064078" + "00010180");
          p.announce(IGP + p.path() + HOP);
          p.session().say(NOTIFICATION, "0604");
          var again = p.reconnected("4006c078" + "00010180");
          assertThat(p.outside().has(p.prefix())).isTrue();
          assertThat(p.outside().announcements(p.prefix())).isEqualTo(1);
          again.say(UPDATE, "00000000");
          p.gone();
          again.close();
        });
    external(
        "8538 4 our own NOTIFICATION does not end it either",
        "notificationRestart: true",
        p -> {
          p.session().establish("40064078" + "00010180");
          p.announce(IGP + p.path() + HOP);
          p.session().octets(RawSession.framed(9, ""));
          assertThat(p.session().end()).isEqualTo("010309");
          var again = p.reconnected("4006c078" + "00010180");
          assertThat(p.outside().has(p.prefix())).isTrue();
          assertThat(p.outside().announcements(p.prefix())).isEqualTo(1);
          again.say(UPDATE, "00000000");
          p.gone();
          again.close();
        });
    external(
        "8538 3 the N bit is said",
        "notificationRestart: true",
        p -> {
          p.session().connect();
          assertThat(p.session().await(RawSession.OPEN).body()).contains("40024078");
        });
    external(
        "8538 4 a NOTIFICATION ends it if only we have the N bit",
        "notificationRestart: true",
        p -> {
          p.session().establish(ABLE);
          p.announce(IGP + p.path() + HOP);
          p.session().say(NOTIFICATION, "0604");
          p.gone();
        });
    external(
        "8538 5 a hard reset ends it",
        "notificationRestart: true",
        p -> {
          p.session().establish("40064078" + "00010180");
          p.announce(IGP + p.path() + HOP);
          p.session().say(NOTIFICATION, "06090602");
          p.gone();
        });
  }

  private void longLived() {
    var option = "longLived: {keepTime: 1h}, restartTime: 1s";
    among(
        "9494 4.2 routes stay long, marked, for those who know the mark",
        List.of(Side.external(option), Side.external(option)),
        p -> {
          p.session(0).establish("40060001" + "00010180" + "4707" + "00010180000e10");
          p.session(1).establish("4600" + "40060078" + "00010180" + "4707" + "00010180000e10");
          p.announce(IGP + p.path() + HOP);
          p.session(0).reset();
          // LLGR_STALE, as a community of its own.
          p.eventually(
              () ->
                  p.session(1).table().stream()
                      .anyMatch(
                          told -> told.contains(p.nlri()) && told.contains("c00804ffff0006")));
        });
    external(
        "9494 4.3 a route with NO_LLGR does not stay",
        option,
        p -> {
          p.session().establish("40060001" + "00010180" + "4707" + "00010180000e10");
          p.announce(IGP + p.path() + HOP + "c00804ffff0007");
          p.session().reset();
          p.gone();
        });
    external(
        "9494 4.2 the long time ends too",
        option,
        p -> {
          p.session().establish("40060001" + "00010180" + "4707" + "00010180000001");
          p.announce(IGP + p.path() + HOP);
          p.session().reset();
          p.gone();
        });
    external(
        "9494 3 it means nothing without graceful restart",
        option,
        p -> {
          p.session().establish("4707" + "00010180000e10");
          p.announce(IGP + p.path() + HOP);
          p.session().reset();
          p.gone();
        });
  }
}
