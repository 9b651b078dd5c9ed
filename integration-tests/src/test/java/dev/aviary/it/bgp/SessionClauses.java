package dev.aviary.it.bgp;

import static dev.aviary.it.bgp.RawSession.KEEPALIVE;
import static dev.aviary.it.bgp.RawSession.NOTIFICATION;
import static dev.aviary.it.bgp.RawSession.OPEN;
import static dev.aviary.it.bgp.RawSession.UPDATE;
import static dev.aviary.it.bgp.RawSession.framed;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Messages, OPENs and the state machine. */
final class SessionClauses extends Clauses {
  @Override
  void fill() {
    headers();
    opens();
    states();
  }

  private void headers() {
    refused("4271 6.1 marker", "fe" + framed(KEEPALIVE, "").substring(2), "0101");
    refused("4271 6.1 length of 18", "ff".repeat(16) + "001204", "01020012");
    refused("4271 6.1 length of 4097", "ff".repeat(16) + "100102", "01021001");
    refused("4271 6.1 KEEPALIVE of 20", framed(KEEPALIVE, "00"), "01020014");
    refused("4271 6.1 UPDATE of 22", framed(UPDATE, "000000"), "01020016");
    refused("4271 6.1 OPEN of 28", framed(OPEN, "00".repeat(9)), "0102001c");
    refused("4271 6.1 type 0", framed(0, ""), "010300");
    refused("4271 6.1 type 9", framed(9, "00"), "010309");
    external(
        "4271 6.1 NOTIFICATION of 20",
        p -> {
          p.session().establish("").say(NOTIFICATION, "06");
          assertThat(p.session().end()).isIn("", "01020014");
        });
  }

  /** The first message is refused. */
  private void openRefused(String name, boolean internal, String reply, OpenOf open) {
    add(
        new Clause(
            name,
            internal,
            "",
            p -> {
              p.session().connect().say(OPEN, open.of(p.session()));
              assertThat(p.session().end()).isEqualTo(reply); // and no data
            }));
  }

  private interface OpenOf {
    String of(RawSession s);
  }

  private void openTaken(String name, OpenOf open) {
    external(
        name,
        p -> {
          var said = open.of(p.session());
          p.session().connect().say(OPEN, said);
          p.session().await(OPEN);
          p.session().say(KEEPALIVE, "");
          p.session().await(KEEPALIVE);
          p.alive(said.contains("4104"));
        });
  }

  private static String parameter(String capabilities) {
    return "02%02x".formatted(capabilities.length() / 2) + capabilities;
  }

  private void opens() {
    openRefused(
        "4271 6.2 version", false, "02010004", s -> s.open(3, s.as(), 90, s.identifier(), ""));
    openRefused("4271 6.2 AS", false, "0202", s -> s.open(4, 77, 90, s.identifier(), ""));
    openRefused("7607 AS 0", false, "0202", s -> s.open(4, 0, 90, s.identifier(), ""));
    openRefused("6286 identifier 0", false, "0203", s -> s.open(4, s.as(), 90, "00000000", ""));
    openRefused(
        "6286 our identifier inside", true, "0203", s -> s.open(4, s.as(), 90, "0a000001", ""));
    for (int hold = 1; hold < 3; hold++) {
      int seconds = hold;
      openRefused(
          "4271 6.2 hold time " + hold,
          false,
          "0206",
          s -> s.open(4, s.as(), seconds, s.identifier(), ""));
    }
    openRefused(
        "4271 6.2 optional parameter",
        false,
        "0204",
        s -> s.open(4, s.as(), 90, s.identifier(), "fe0100"));
    openRefused(
        "5492 parameter overruns",
        false,
        "0200",
        s -> s.open(4, s.as(), 90, s.identifier(), "020a4104"));
    openRefused(
        "6793 4.1 another AS in the capability",
        false,
        "0202",
        s -> s.open(4, s.as(), 90, s.identifier(), parameter("4104" + "0000fc77")));
    openRefused(
        "5492 4 a capability overruns its parameter",
        false,
        "0200",
        s -> s.open(4, s.as(), 90, s.identifier(), "02044106" + "0000"));
    openRefused(
        "4271 6.2 the deprecated authentication",
        false,
        "0204",
        s -> s.open(4, s.as(), 90, s.identifier(), "010100"));
    openTaken(
        "6793 4.1 AS_TRANS beside an AS that would fit",
        s -> s.open(4, 23456, 90, s.identifier(), parameter(s.usualCapabilities())));
    openTaken("6286 our identifier outside", s -> s.open(4, s.as(), 90, "0a000001", ""));
    openTaken("6286 identifier of class E", s -> s.open(4, s.as(), 90, "f0010203", ""));
    openTaken("5492 unknown capability", s -> s.open(90, s.usualCapabilities() + "c803010203"));
    openTaken("5492 twice the same", s -> s.open(90, s.usualCapabilities() + "0200"));
    openTaken(
        "5492 one parameter each",
        s ->
            s.open(
                4,
                s.as(),
                90,
                s.identifier(),
                parameter("010400010001") + parameter("0200") + parameter("46004600")));
    openTaken("4760 no capability is IPv4", s -> s.open(90, ""));
    openTaken(
        "9072 long parameters",
        s -> {
          var inner = parameter(s.usualCapabilities());
          var wide = inner.substring(0, 2) + "00" + inner.substring(2);
          return "04%04x005a".formatted(s.as())
              + s.identifier()
              + "ffff%04x".formatted(wide.length() / 2)
              + wide;
        });
    external(
        "4271 4.4 hold time 0: no keepalives",
        p -> {
          p.session().connect().say(OPEN, p.session().open(0, p.session().usualCapabilities()));
          p.session().await(OPEN);
          p.session().say(KEEPALIVE, "");
          p.session().await(KEEPALIVE);
          p.alive();
        });
  }

  private void states() {
    for (int type : List.of(KEEPALIVE, UPDATE)) {
      external(
          "6608 first message is of type " + type,
          p -> {
            p.session().connect().say(type, type == UPDATE ? "00000000" : "");
            assertThat(p.session().end()).startsWith("0501");
          });
    }
    external(
        "4271 8.2.2 a NOTIFICATION is not answered",
        p -> {
          p.session().establish("").say(NOTIFICATION, "0602");
          assertThat(p.session().end()).isEmpty();
        });
    refused("6608 OPEN in a session", framed(OPEN, "04fde8005a0a00000900"), "0503");
    external(
        "4271 6.5 hold timer",
        p -> {
          p.session().connect().say(OPEN, p.session().open(3, p.session().usualCapabilities()));
          p.session().await(OPEN);
          p.session().say(KEEPALIVE, "");
          assertThat(p.session().end()).startsWith("0400");
        });
    external(
        "4271 4.4 keepalives come in a third of the hold time",
        p -> {
          p.session().connect().say(OPEN, p.session().open(3, p.session().usualCapabilities()));
          for (int i = 0; i < 5; i++) {
            p.session().say(KEEPALIVE, "");
            p.session().await(KEEPALIVE);
          }
        });
    external(
        "9003 a shutdown text with a false length",
        p -> {
          p.session().establish("").say(NOTIFICATION, "0602ff6162");
          assertThat(p.session().end()).isEmpty();
        });
    external(
        "9003 a shutdown text that is no UTF-8",
        p -> {
          p.session().establish("").say(NOTIFICATION, "060204fffefdfc");
          assertThat(p.session().end()).isEmpty();
        });
  }
}
