package dev.aviary.it.bgp;

import static dev.aviary.it.bgp.RawSession.KEEPALIVE;
import static dev.aviary.it.bgp.RawSession.NOTIFICATION;
import static dev.aviary.it.bgp.RawSession.OPEN;
import static dev.aviary.it.bgp.RawSession.REFRESH;
import static dev.aviary.it.bgp.RawSession.UPDATE;
import static dev.aviary.it.bgp.RawSession.framed;
import static dev.aviary.it.bgp.RawSession.path;
import static dev.aviary.it.bgp.RawSession.update;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;

/** The cells of RFC 4271's state machine, and collisions (§6.8). */
final class StateClauses extends Clauses {
  private static final int PORT = 18179;

  @Override
  void fill() {
    openSent();
    openConfirm();
    established();
    time();
    comingBack();
    collisions();
  }

  /** The speaker has sent its OPEN and waits for ours. */
  private void openSent(String name, String octets, String reply) {
    external(
        "4271 8.2.2 OpenSent: " + name,
        p -> {
          p.session().connect().await(OPEN);
          p.session().octets(octets);
          assertThat(p.session().end()).startsWith(reply);
          p.reconnected("").close();
        });
  }

  private void openSent() {
    openSent("REFRESH", framed(REFRESH, "00010001"), "0501");
    openSent("KEEPALIVE", framed(KEEPALIVE, ""), "050104");
    openSent("UPDATE", framed(UPDATE, "00000000"), "050102");
    openSent("marker", "00".repeat(16) + "001304", "0101");
    openSent("length", "ff".repeat(16) + "ffff01", "0102ffff");
    openSent("type", framed(77, ""), "01034d");
    openSent("OPEN cut short", framed(OPEN, "04fde8"), "01020016");
    external(
        "4271 8.2.2 OpenSent: NOTIFICATION",
        p -> {
          p.session().connect().await(OPEN);
          p.session().say(NOTIFICATION, "0603");
          assertThat(p.session().end()).isEmpty();
          p.reconnected("").close();
        });
    external(
        "4271 8.2.2 OpenSent: the connection is lost",
        p -> {
          p.session().connect().await(OPEN);
          p.session().reset();
          p.reconnected("").close();
        });
  }

  private static RawSession confirming(RawSession session) throws IOException {
    session.connect();
    session.say(OPEN, session.open(90, session.usualCapabilities()));
    session.await(OPEN);
    session.await(KEEPALIVE);
    return session;
  }

  /** The speaker has our OPEN and waits for our KEEPALIVE. */
  private void openConfirm(String name, String octets, String reply) {
    external(
        "4271 8.2.2 OpenConfirm: " + name,
        p -> {
          confirming(p.session()).octets(octets);
          assertThat(p.session().end()).startsWith(reply);
          p.reconnected("").close();
        });
  }

  private void openConfirm() {
    openConfirm("REFRESH", framed(REFRESH, "00010001"), "050205");
    openConfirm("UPDATE", framed(UPDATE, "00000000"), "050202");
    openConfirm("marker", "ff".repeat(15) + "fe001304", "0101");
    openConfirm("type", framed(6, ""), "010306");
    external(
        "4271 8.2.2 OpenConfirm: OPEN",
        p -> {
          var session = confirming(p.session());
          session.say(OPEN, session.open(90, session.usualCapabilities()));
          assertThat(session.end()).isEqualTo("050201");
        });
    external(
        "4271 8.2.2 OpenConfirm: NOTIFICATION",
        p -> {
          confirming(p.session()).say(NOTIFICATION, "0605");
          assertThat(p.session().end()).isEmpty();
          p.reconnected("").close();
        });
    external(
        "4271 8.2.2 OpenConfirm: the connection is lost",
        p -> {
          confirming(p.session()).reset();
          p.reconnected("").close();
        });
    external(
        "4271 6.5 OpenConfirm: hold timer",
        p -> {
          p.session().connect().say(OPEN, p.session().open(3, p.session().usualCapabilities()));
          p.session().await(OPEN);
          assertThat(p.session().end()).startsWith("0400");
        });
    external(
        "4271 8.2.2 OpenConfirm: KEEPALIVEs go on",
        p -> {
          p.session().connect().say(OPEN, p.session().open(3, p.session().usualCapabilities()));
          p.session().await(OPEN);
          p.session().await(KEEPALIVE);
          p.session().await(KEEPALIVE);
        });
  }

  private void established() {
    refused("4271 6.1 Established: OPEN cut short", framed(OPEN, "04"), "01020014");
    refused("4271 6.1 Established: REFRESH of 22", framed(REFRESH, "000100"), "0102");
    refused("4271 6.1 Established: length of 0", "ff".repeat(16) + "000004", "01020000");
    refused("4271 6.1 Established: marker of zeros", "00".repeat(16) + "001304", "0101");
    refused("4271 6.1 Established: type 255", framed(255, "00".repeat(64)), "0103ff");
    external(
        "4271 6.5 an UPDATE restarts the hold timer",
        p -> {
          p.session().connect().say(OPEN, p.session().open(3, p.session().usualCapabilities()));
          p.session().await(OPEN);
          p.session().say(KEEPALIVE, "");
          for (int i = 0; i < 6; i++) {
            p.session().await(KEEPALIVE); // one a second
            p.session().say(UPDATE, "00000000");
          }
          p.alive();
        });
    external(
        "4271 4.2 the smaller of two hold times counts",
        p -> {
          p.session().connect().say(OPEN, p.session().open(6, p.session().usualCapabilities()));
          p.session().await(OPEN);
          p.session().say(KEEPALIVE, "");
          for (int i = 0; i < 3; i++) {
            p.session().await(KEEPALIVE);
            p.session().say(KEEPALIVE, "");
          }
        });
    external(
        "4271 8.2.2 Established: many KEEPALIVEs at once",
        p -> {
          p.session().establish("").octets(framed(KEEPALIVE, "").repeat(500));
          p.alive();
        });
  }

  /** Up with a hold time of so many seconds. */
  private static void brief(RawSession session, int seconds, String more) throws IOException {
    session.connect().say(OPEN, session.open(seconds, session.usualCapabilities() + more));
    session.await(OPEN);
    session.say(KEEPALIVE, "");
    session.await(KEEPALIVE);
  }

  private void time() {
    among(
        "4271 4.4 a hold time of 0 means no KEEPALIVEs",
        List.of(Side.external(""), Side.external("")),
        p -> {
          brief(p.session(0), 0, "4600");
          brief(p.session(1), 3, "");
          for (int i = 0; i < 4; i++) {
            p.session(1).await(KEEPALIVE); // one a second
            p.session(1).say(KEEPALIVE, "");
          }
          p.session(0).say(REFRESH, "00010001");
          for (var heard = p.session(0).next(); !heard.body().equals("00010201"); ) {
            assertThat(heard.type()).isIn(UPDATE, REFRESH);
            heard = p.session(0).next();
          }
        });
    external(
        "4724 4 routes go with the hold timer, since it says a NOTIFICATION",
        p -> {
          brief(p.session(), 3, "40060078" + "00010180");
          p.announce(IGP + p.path() + HOP);
          assertThat(p.session().end()).isEqualTo("0400");
          p.gone();
        });
    external(
        "6793 4.1 an AS of ours that does not fit",
        "localAs: 4200000777",
        p -> {
          p.session().connect();
          assertThat(p.session().await(OPEN).body()).startsWith("045ba0").contains("4104fa56ed09");
        });
  }

  private void comingBack() {
    external(
        "4271 8.2.2 after an error the peer may come back",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          p.session().octets(framed(9, ""));
          assertThat(p.session().end()).startsWith("0103");
          p.gone();
          var again = p.reconnected("");
          again.say(UPDATE, update("", IGP + p.path() + HOP, p.nlri()));
          p.arrived();
          again.close();
        });
    external(
        "5492 a peer without capabilities is offered none",
        p -> {
          p.session().connect().await(OPEN);
          p.session().say(NOTIFICATION, "0204");
          assertThat(p.session().end()).isEmpty();
          p.eventually(
              () -> {
                try (var again = p.another().connect()) {
                  return again.await(OPEN).body().endsWith("00");
                } catch (IOException _) {
                  return false; // it may still be waiting after the error
                }
              });
        });
    external(
        "4271 8 DelayOpen: the peer is first",
        "openDelay: 30s",
        p -> {
          var session = p.session().connect();
          session.say(OPEN, session.open(90, session.usualCapabilities()));
          session.await(OPEN);
          session.await(KEEPALIVE);
          session.say(KEEPALIVE, "");
          p.alive();
        });
    external(
        "4271 8 DelayOpen: it ends",
        "openDelay: 1s",
        p -> {
          p.session().connect().await(OPEN);
        });
  }

  private void collisions() {
    collision("theirs is larger: theirs stays", "f0000001", false);
    collision("ours is larger: ours stays", "01000001", true);
    collision("equal, their AS is smaller: ours stays", "0a000001", true);
    external(
        "4271 6.8 a session is kept when another connection comes",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          try (var second = p.another().connect()) {
            second.say(OPEN, second.open(90, second.usualCapabilities()));
            assertThat(second.end()).isIn("", "0607", "0605");
          }
          p.alive();
          assertThat(p.outside().has(p.prefix())).isTrue();
        });
    external(
        "4271 6.8 a second connection that says nothing harms nobody",
        p -> {
          try (var second = p.another().connect()) {
            p.session().establish("");
            p.announce(IGP + path(p.session().as()) + HOP);
            assertThat(second.end()).isIn("", "0607", "0605");
          }
          p.alive();
        });
  }

  /**
   * Both sides have dialled, and both connections have seen OPENs; who has the higher identifier
   * keeps its own.
   */
  private void collision(String name, String identifier, boolean speakersStays) {
    external(
        "4271 6.8 collision, " + name,
        "passive: false, port: %d, connectDelay: 0s, connectRetry: 1s".formatted(PORT),
        p -> {
          var dialled = p.session().identifier(identifier);
          var ours = p.another().identifier(identifier);
          try (var server = dialled.listen(PORT);
              ours) {
            dialled.accept(server).await(OPEN);
            ours.connect();
            ours.await(OPEN);
            var open = dialled.open(90, dialled.usualCapabilities());
            dialled.say(OPEN, open);
            dialled.await(KEEPALIVE);
            ours.say(OPEN, open);
            var stays = speakersStays ? dialled : ours;
            var goes = speakersStays ? ours : dialled;
            assertThat(goes.end()).isEqualTo("0607");
            stays.say(KEEPALIVE, "");
            stays.say(UPDATE, update("", IGP + p.path() + HOP, p.nlri()));
            p.arrived();
            for (var each : List.of(stays)) {
              each.say(KEEPALIVE, "");
            }
          }
        });
  }
}
