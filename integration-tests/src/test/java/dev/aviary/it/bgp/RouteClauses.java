package dev.aviary.it.bgp;

import static dev.aviary.it.bgp.RawSession.NOTIFICATION;
import static dev.aviary.it.bgp.RawSession.OPEN;
import static dev.aviary.it.bgp.RawSession.REFRESH;
import static dev.aviary.it.bgp.RawSession.UPDATE;
import static dev.aviary.it.bgp.RawSession.path;
import static dev.aviary.it.bgp.RawSession.update;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What is told on, and what was agreed on beyond RFC 4271. */
final class RouteClauses extends Clauses {
  @Override
  void fill() {
    propagation();
    extensions();
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
    add(
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
