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

import java.util.ArrayList;
import java.util.List;

/** What the RFCs ask of a speaker, clause by clause: what a peer says and what must come of it. */
final class Clauses {
  static final long AS = 65000;
  private static final String IGP = "40010100";
  private static final String HOP = "400304c0000263";
  private static final String PREF = "40050400000064";

  private final List<Clause> all = new ArrayList<>();

  /** What a clause's peer does. */
  interface Script {
    void run(Probe probe) throws Exception;
  }

  /**
   * One clause.
   *
   * @param options of its neighbor in the speaker's file
   * @param internal its peer is in the speaker's AS
   */
  record Clause(String name, boolean internal, String options, Script script) {}

  private Clauses() {}

  static List<Clause> all() {
    var clauses = new Clauses();
    clauses.headers();
    clauses.opens();
    clauses.states();
    clauses.attributes();
    clauses.framing();
    clauses.propagation();
    clauses.extensions();
    return clauses.all;
  }

  private void external(String name, Script script) {
    all.add(new Clause(name, false, "", script));
  }

  private void internal(String name, Script script) {
    all.add(new Clause(name, true, "", script));
  }

  private void external(String name, String options, Script script) {
    all.add(new Clause(name, false, options, script));
  }

  /** In a session, {@code octets} end it with a NOTIFICATION that begins with {@code reply}. */
  private void refused(String name, String octets, String reply) {
    external(
        name,
        p -> {
          p.session().establish("");
          p.session().octets(octets);
          assertThat(p.session().end()).startsWith(reply);
        });
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
    all.add(
        new Clause(
            name,
            internal,
            "",
            p -> {
              p.session().connect().say(OPEN, open.of(p.session()));
              assertThat(p.session().end()).startsWith(reply);
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

  /** A route that was there goes, and the session stays. */
  private void withdraws(String name, String attributes) {
    external(
        name,
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          p.session().say(UPDATE, update("", attributes.replace("P", p.path()), p.nlri()));
          p.gone();
          p.alive();
        });
  }

  /** A route comes, without the attribute of this code. */
  private void discards(String name, String attributes, int code) {
    external(
        name,
        p -> {
          p.session().establish("");
          p.announce(attributes.replace("P", p.path()));
          assertThat(p.inside().attributes(p.prefix())).doesNotContainKey(code);
          p.alive();
        });
  }

  private void attributes() {
    withdraws("7606 3.c flags of ORIGIN", "c0010100" + "P" + HOP);
    withdraws("7606 7.1 length of ORIGIN", "4001020000" + "P" + HOP);
    withdraws("7606 7.1 value of ORIGIN", "40010103" + "P" + HOP);
    withdraws("7606 7.2 type of segment", IGP + "4002060501" + "0000fde9" + HOP);
    withdraws("7606 7.2 empty segment", IGP + "40020202 00".replace(" ", "") + HOP);
    withdraws("7606 7.2 segment overruns", IGP + "4002060203" + "0000fde9" + HOP);
    withdraws("5065 confederation from outside", IGP + "4002060301" + "0000fde9" + HOP);
    withdraws("7606 7.3 length of NEXT_HOP", IGP + "P" + "400305c000026300");
    withdraws("7606 7.4 length of MED", IGP + "P" + HOP + "800403000000");
    withdraws("7606 3.d no ORIGIN", "P" + HOP);
    withdraws("7606 3.d no AS_PATH", IGP + HOP);
    withdraws("7606 3.d no NEXT_HOP", IGP + "P");
    withdraws("7606 7.8 empty COMMUNITIES", IGP + "P" + HOP + "c00800");
    withdraws("7606 7.8 length of COMMUNITIES", IGP + "P" + HOP + "c008030000fd");
    withdraws(
        "7606 7.14 length of EXTENDED COMMUNITIES", IGP + "P" + HOP + "c01007" + "00".repeat(7));
    withdraws("8092 5 length of LARGE_COMMUNITY", IGP + "P" + HOP + "c0200b" + "00".repeat(11));
    withdraws("7607 AS 0 in AS_PATH", IGP + "40020602010000" + "0000" + HOP);
    withdraws("7606 4 an attribute overruns", IGP + "P" + HOP + "c008ff00");
    discards("7606 7.6 length of ATOMIC_AGGREGATE", IGP + "P" + HOP + "40060100", 6);
    discards("7606 7.7 length of AGGREGATOR", IGP + "P" + HOP + "c00707" + "00".repeat(7), 7);
    discards("7607 AS 0 in AGGREGATOR", IGP + "P" + HOP + "c0070800000000c0000201", 7);
    discards("7606 7.9 ORIGINATOR_ID from outside", IGP + "P" + HOP + "8009040a000063", 9);
    discards("7606 7.10 CLUSTER_LIST from outside", IGP + "P" + HOP + "800a040a000063", 10);
    discards("6793 6 AS4_PATH from a wide peer", IGP + "P" + HOP + "c011060201000000" + "4d", 17);
    discards("4271 5 unknown non-transitive", IGP + "P" + HOP + "80d50401020304", 213);
    external(
        "7606 7.5 LOCAL_PREF from outside",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP + "400504000003e7");
          assertThat(p.inside().text(p.prefix(), 5)).contains("100");
        });
    external(
        "7606 3.g the first of two counts",
        p -> {
          p.session().establish("");
          p.announce(IGP + "40010102" + p.path() + HOP);
          assertThat(p.inside().text(p.prefix(), 1)).contains("IGP");
          p.alive();
        });
    external(
        "4271 5 unknown transitive is passed on as partial",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP + "c0d50401020304");
          assertThat(p.inside().flags(p.prefix(), 213)).isEqualTo(0xe0);
        });
    internal(
        "7606 7.9 length of ORIGINATOR_ID inside",
        p -> {
          p.session().establish("");
          p.announce(IGP + "400200" + HOP + PREF);
          p.session()
              .say(UPDATE, update("", IGP + "400200" + HOP + PREF + "8009030a0000", p.nlri()));
          p.gone();
          p.alive();
        });
  }

  private void framing() {
    refused("4271 6.3 withdrawn length", framed(UPDATE, "00ff0000"), "0301");
    refused("4271 6.3 attribute length", framed(UPDATE, "000000ff"), "0301");
    refused(
        "7606 5.3 prefix of 33 bits",
        framed(UPDATE, update("", IGP + path(65001) + HOP, "21c633640000")),
        "030a");
    refused(
        "7606 5.3 prefix cut short",
        framed(UPDATE, update("", IGP + path(65001) + HOP, "18c633")),
        "030a");
    refused(
        "7606 5.3 withdrawn prefix of 40 bits",
        framed(UPDATE, update("28c633640000", "", "")),
        "030a");
    var reach =
        "800e1e" + "000201" + "10" + "20010db8".repeat(4) + "00" + "40" + "20010db800000000";
    refused("7606 3.g MP_REACH_NLRI twice", framed(UPDATE, update("", reach + reach, "")), "0301");
    external(
        "4271 4.3 withdrawn and announced at once",
        p -> {
          p.session().establish("");
          p.session().say(UPDATE, update(p.nlri(), IGP + p.path() + HOP, p.nlri()));
          p.arrived();
        });
    external(
        "4271 4.3 bits past the length",
        p -> {
          p.session().establish("");
          var host = p.nlri().substring(0, 8);
          p.session()
              .say(UPDATE, update("", IGP + p.path() + HOP, "19" + host.substring(2) + "7f"));
          p.eventually(() -> p.outside().has(p.prefix().replace("/24", "/25")));
        });
    external(
        "4271 4.3 extended length on a short attribute",
        p -> {
          p.session().establish("");
          p.announce("5001000100" + p.path() + HOP);
        });
    external(
        "4271 4.1 a message in many pieces",
        p -> {
          p.session().establish("");
          var whole = framed(UPDATE, update("", IGP + p.path() + HOP, p.nlri()));
          for (int at = 0; at < whole.length(); at += 2) {
            p.session().octets(whole.substring(at, at + 2));
          }
          p.arrived();
        });
  }

  private void propagation() {
    external(
        "4271 5.1 what an internal peer is told",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP + "80040400000007");
          var told = p.inside().attributes(p.prefix());
          assertThat(told.keySet()).containsExactly(1, 2, 3, 4, 5);
          assertThat(p.inside().text(p.prefix(), 2)).contains(String.valueOf(p.session().as()));
        });
    external(
        "4271 5.1 what an external peer is told",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP + "80040400000007");
          var told = p.outside().attributes(p.prefix());
          assertThat(told.keySet()).containsExactly(1, 2, 3);
          assertThat(p.outside().text(p.prefix(), 2))
              .contains("65000")
              .contains(String.valueOf(p.session().as()));
          assertThat(p.outside().text(p.prefix(), 3)).contains("192.0.2.1");
        });
    external(
        "4271 9.1.2 our AS in the path",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          p.session().say(UPDATE, update("", IGP + path(p.session().as(), AS) + HOP, p.nlri()));
          p.gone();
          p.alive();
        });
    internal(
        "4271 9.2.1 internal routes are not told inside",
        p -> {
          p.session().establish("");
          p.session().say(UPDATE, update("", IGP + "400200" + HOP + PREF, p.nlri()));
          p.eventually(() -> p.outside().has(p.prefix()));
          assertThat(p.inside().has(p.prefix())).isFalse();
        });
    internal(
        "4456 8 our identifier as ORIGINATOR_ID",
        p -> {
          p.session().establish("");
          p.session().say(UPDATE, update("", IGP + "400200" + HOP + PREF, p.nlri()));
          p.eventually(() -> p.outside().has(p.prefix()));
          var own = "8009040a000001";
          p.session().say(UPDATE, update("", IGP + "400200" + HOP + PREF + own, p.nlri()));
          p.eventually(() -> !p.outside().has(p.prefix()));
        });
    internal(
        "4456 8 our cluster in CLUSTER_LIST",
        p -> {
          p.session().establish("");
          p.session().say(UPDATE, update("", IGP + "400200" + HOP + PREF, p.nlri()));
          p.eventually(() -> p.outside().has(p.prefix()));
          var own = "800a080a0000630a000001";
          p.session().say(UPDATE, update("", IGP + "400200" + HOP + PREF + own, p.nlri()));
          p.eventually(() -> !p.outside().has(p.prefix()));
        });
    all.add(
        new Clause(
            "4456 8 a client's route is reflected",
            true,
            "reflectorClient: true",
            p -> {
              p.session().establish("");
              p.session().say(UPDATE, update("", IGP + "400200" + HOP + PREF, p.nlri()));
              p.eventually(() -> p.inside().has(p.prefix()));
              assertThat(p.inside().attributes(p.prefix()).keySet()).contains(9, 10);
              p.eventually(() -> p.outside().has(p.prefix()));
              assertThat(p.outside().attributes(p.prefix()).keySet()).doesNotContain(9, 10);
            }));
    external(
        "1997 NO_EXPORT",
        p -> {
          p.session().establish("");
          p.session().say(UPDATE, update("", IGP + p.path() + HOP + "c00804ffffff01", p.nlri()));
          p.eventually(() -> p.inside().has(p.prefix()));
          p.alive();
          assertThat(p.outside().has(p.prefix())).isFalse();
        });
    external(
        "1997 NO_ADVERTISE",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          p.session().say(UPDATE, update("", IGP + p.path() + HOP + "c00804ffffff02", p.nlri()));
          p.gone();
        });
    external(
        "4360 6 a non-transitive extended community stays inside",
        p -> {
          p.session().establish("");
          var two = "c01010" + "0002fde900000064" + "4004fde900000001";
          p.announce(IGP + p.path() + HOP + two);
          assertThat(p.outside().text(p.prefix(), 16)).doesNotContain("4004fde9");
        });
    external(
        "8092 4 large communities go through",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP + "c0200c" + "ffffffff00000000ffffffff");
          assertThat(p.outside().text(p.prefix(), 32)).contains("4294967295:0:4294967295");
        });
    external(
        "4271 4.3 withdrawn",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          p.session().say(UPDATE, update(p.nlri(), "", ""));
          p.gone();
        });
    external(
        "4271 8.2.2 routes go with the session",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          p.session().say(NOTIFICATION, "0602");
          p.gone();
        });
    external(
        "4271 8.2.2 routes go with the connection",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          p.session().reset();
          p.gone();
        });
  }

  private void extensions() {
    external(
        "2918 routes are told again",
        p -> {
          p.session().establish("").await(UPDATE);
          p.session().say(REFRESH, "00010001");
          p.session().await(UPDATE);
          p.alive();
        });
    external(
        "7313 routes are told again between markers",
        p -> {
          p.session().establish("4600").await(UPDATE);
          p.session().say(REFRESH, "00010001");
          assertThat(p.session().await(REFRESH).body()).isEqualTo("00010101");
          assertThat(p.session().await(REFRESH).body()).isEqualTo("00010201");
        });
    external(
        "7313 what was not told again goes",
        p -> {
          p.session().establish("4600");
          p.announce(IGP + p.path() + HOP);
          p.session().say(REFRESH, "00010101");
          p.session().say(REFRESH, "00010201");
          p.gone();
          p.alive();
        });
    external(
        "7313 5 length of a refresh",
        p -> {
          p.session().establish("4600").say(REFRESH, "0001010100");
          assertThat(p.session().end()).startsWith("0701");
        });
    external(
        "7313 5 unknown subtype",
        p -> {
          p.session().establish("4600").say(REFRESH, "00017701");
          p.alive();
        });
    external(
        "2918 a family that was not agreed on",
        p -> {
          p.session().establish("").say(REFRESH, "00020080");
          p.alive();
        });
    external(
        "4760 a family that was not agreed on",
        p -> {
          p.session().establish("");
          var vpn = "800f06" + "000180" + "000000";
          p.session().say(UPDATE, update("", vpn, ""));
          p.alive();
        });
    external(
        "4760 IPv6 over an IPv4 session",
        p -> {
          p.session().establish("");
          var six = "20010db8%s0001".formatted(p.nlri().substring(4, 8));
          var reach = "000201" + "10" + "20010db8" + "00".repeat(11) + "63" + "00" + "40" + six;
          p.session()
              .say(
                  UPDATE,
                  update(
                      "", IGP + p.path() + "800e%02x".formatted(reach.length() / 2) + reach, ""));
          var prefix =
              "2001:db8:%s:1::/64"
                  .formatted(Integer.toHexString(Integer.parseInt(p.nlri().substring(4, 8), 16)));
          p.eventually(() -> p.outside().has(prefix) && p.inside().has(prefix));
          p.alive();
        });
    external(
        "4486 maximum of prefixes",
        "maximumPrefixes: {limit: 2, action: restart, restartAfter: 1h}",
        p -> {
          p.session().establish("");
          p.session()
              .say(
                  UPDATE,
                  update("", IGP + p.path() + HOP, "200a640001" + "200a640002" + "200a640003"));
          assertThat(p.session().end()).isEqualTo("0601" + "00010100000002");
        });
    external(
        "9234 roles that do not fit",
        "role: provider",
        p -> {
          p.session().connect();
          p.session().say(OPEN, p.session().open(90, p.session().usualCapabilities() + "090100"));
          assertThat(p.session().end()).startsWith("020b");
        });
    external(
        "9234 a leak is not used",
        "role: provider",
        p -> {
          p.session().establish("090103");
          p.announce(IGP + p.path() + HOP);
          p.session()
              .say(UPDATE, update("", IGP + p.path() + HOP + "c02304" + "0000004d", p.nlri()));
          p.gone();
          p.alive();
        });
    external(
        "8654 a long message where agreed",
        "extendedMessage: true",
        p -> {
          p.session().establish("0600");
          var communities = new StringBuilder();
          for (int i = 0; i < 1500; i++) {
            communities.append("fde9%04x".formatted(i));
          }
          p.session()
              .say(UPDATE, update("", IGP + p.path() + HOP + "d0081770" + communities, p.nlri()));
          p.eventually(() -> p.counted() > 0);
          p.alive();
        });
    external(
        "7911 paths apart by identifier",
        "addPath: both",
        p -> {
          p.session().establish("4504" + "00010103");
          p.session()
              .say(
                  UPDATE,
                  update("", IGP + p.path() + HOP, "00000001" + p.nlri() + "00000002" + p.nlri()));
          p.arrived();
          p.session().say(UPDATE, update("00000001" + p.nlri(), "", ""));
          p.session().say(REFRESH, "00010001");
          assertThat(p.outside().has(p.prefix())).isTrue();
          p.session().say(UPDATE, update("00000002" + p.nlri(), "", ""));
          p.gone();
        });
    external(
        "4724 routes stay over a lost connection, and go without End-of-RIB",
        p -> {
          p.session().establish("40060078" + "00010180");
          p.announce(IGP + p.path() + HOP);
          p.session().reset();
          var again = p.another();
          again.establish("40068078" + "00010180");
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
          var again = p.another();
          again.establish("40068078" + "00010100");
          p.gone();
          again.close();
        });
    external(
        "4271 6.8 one of two connections",
        p -> {
          var second = p.another();
          p.session().connect();
          second.connect();
          for (var each : List.of(p.session(), second)) {
            each.say(OPEN, each.open(90, each.usualCapabilities()));
          }
          assertThat(List.of(p.session(), second))
              .anySatisfy(s -> assertThat(s.end()).isEqualTo("0607"));
          second.close();
        });
    external(
        "8212 nothing without a policy",
        "requirePolicy: true, import: accept",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          p.session().say(REFRESH, "00010001");
          // Nothing but the ends of both families.
          assertThat(p.session().await(UPDATE).body()).isIn("00000000", "00000006800f03000201");
        });
  }
}
