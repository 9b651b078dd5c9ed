package dev.aviary.it.bgp;

import static dev.aviary.it.bgp.RawSession.NOTIFICATION;
import static dev.aviary.it.bgp.RawSession.UPDATE;
import static dev.aviary.it.bgp.RawSession.path;
import static dev.aviary.it.bgp.RawSession.update;
import static org.assertj.core.api.Assertions.assertThat;

/** What is told on to whom. */
final class RouteClauses extends Clauses {
  @Override
  void fill() {
    propagation();
    limits();
  }

  private void limits() {
    external(
        "4486 maximum of prefixes, as many as are allowed",
        "maximumPrefixes: {limit: 2, action: disable}",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          p.alive();
          p.eventually(() -> p.counted() == 2);
        });
    external(
        "4486 maximum of prefixes, and the peer may come back",
        "maximumPrefixes: {limit: 2, action: restart, restartAfter: 1s}",
        p -> {
          p.session().establish("");
          var many =
              p.nlri() + "20" + p.nlri().substring(2) + "01" + "20" + p.nlri().substring(2) + "02";
          p.session().say(UPDATE, update("", IGP + p.path() + HOP, many));
          assertThat(p.session().end()).isEqualTo("0601" + "00010100000002");
          p.gone();
          p.reconnected("").say(UPDATE, update("", IGP + p.path() + HOP, p.nlri()));
          p.arrived();
        });
    external(
        "8950 an IPv6 next hop for IPv4 that was not agreed on",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          var reach = "000101" + "10" + "20010db8" + "00".repeat(11) + "63" + "00" + p.nlri();
          var said = IGP + p.path() + "800e%02x".formatted(reach.length() / 2) + reach;
          p.session().say(UPDATE, update("", said, ""));
          p.gone();
        });
    external(
        "8950 two IPv6 next hops",
        "extendedNextHop: true",
        p -> {
          p.session().establish("0506" + "000100010002");
          var hops = "20010db8" + "00".repeat(11) + "63" + "fe80" + "00".repeat(13) + "63";
          var reach = "000101" + "20" + hops + "00" + p.nlri();
          var said = IGP + p.path() + "800e%02x".formatted(reach.length() / 2) + reach;
          p.session().say(UPDATE, update("", said, ""));
          p.eventually(() -> p.outside().has(p.prefix()));
          p.alive();
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
}
