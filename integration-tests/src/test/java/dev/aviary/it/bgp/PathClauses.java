package dev.aviary.it.bgp;

import static dev.aviary.it.bgp.RawSession.UPDATE;
import static dev.aviary.it.bgp.RawSession.path;
import static dev.aviary.it.bgp.RawSession.update;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What becomes of single attributes on their way (RFC 4271 §5, RFC 4456 §8). */
final class PathClauses extends Clauses {
  @Override
  void fill() {
    asPaths();
    nextHops();
    others();
    reflection();
    options();
  }

  /** What an external peer says of AS_PATH and what another is told. */
  private void passed(String name, Told said, Told told) {
    among(
        "4271 5.1.2 " + name,
        List.of(Side.external(""), Side.external("")),
        p -> {
          p.session(0).establish("");
          p.session(1).establish("4600");
          p.announce(IGP + said.by(p.session().as()) + HOP);
          assertThat(p.session(1).table())
              .anyMatch(
                  body -> body.contains(p.nlri()) && body.contains(told.by(p.session().as())));
        });
  }

  private interface Told {
    String by(long as);
  }

  private static long[] ases(long first, int count) {
    var ases = new long[count];
    for (int i = 0; i < count; i++) {
      ases[i] = i == 0 ? first : 1000 + i;
    }
    return ases;
  }

  private static String wide(String value) {
    return "5002%04x".formatted(value.length() / 2) + value;
  }

  private void asPaths() {
    passed("our AS is put in front", as -> path(as, 7), as -> path(AS, as, 7));
    passed(
        "a full segment gets one in front of it",
        as -> wide(segment(ases(as, 255))),
        as -> wide("0201%08x".formatted(AS) + segment(ases(as, 255))));
    passed(
        "a segment of 254 is filled",
        as -> wide(segment(ases(as, 254))),
        as -> "02ff%08x%08x".formatted(AS, as));
    passed(
        "a set gets a sequence in front of it",
        as -> "40020a" + "0102" + "%08x".formatted(as) + "00000007",
        as -> "400210" + "0201%08x".formatted(AS) + "0102");
    passed("an AS may stand there often", as -> path(as, as, as), as -> path(AS, as, as, as));
  }

  private static String segment(long... ases) {
    var text = new StringBuilder("02%02x".formatted(ases.length));
    for (long as : ases) {
      text.append("%08x".formatted(as));
    }
    return text.toString();
  }

  /** A route with this next hop takes the place of a good one, and is of no use. */
  private void leadsNowhere(String name, String nextHop) {
    external(
        "4271 5.1.3 next hop " + name,
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          p.session().say(UPDATE, update("", IGP + p.path() + "400304" + nextHop, p.nlri()));
          p.gone();
          p.alive();
        });
  }

  private void nextHops() {
    leadsNowhere("0.0.0.0", "00000000");
    leadsNowhere("0.1.2.3", "00010203");
    leadsNowhere("of class D", "e0000005");
    leadsNowhere("of class E", "f0000001");
    leadsNowhere("255.255.255.255", "ffffffff");
    leadsNowhere("our own", "c0000201");
    leadsNowhere("our end of the session", "7f140001");
    external(
        "4271 5.1.3 an internal peer is told the next hop as it came",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + "400304c0000242");
          assertThat(p.inside().text(p.prefix(), 3)).contains("192.0.2.66");
        });
    among(
        "4271 5.1.3 next hop kept",
        List.of(Side.external(""), Side.external("nextHop: keep")),
        p -> {
          p.session(0).establish("");
          p.session(1).establish("4600");
          p.announce(IGP + p.path() + "400304c0000242");
          assertThat(p.session(1).table())
              .anyMatch(told -> told.contains(p.nlri()) && told.contains("400304c0000242"));
        });
    among(
        "4271 5.1.3 next hop self inside",
        List.of(Side.external(""), Side.internal("nextHop: self")),
        p -> {
          p.session(0).establish("");
          p.session(1).establish("4600");
          p.announce(IGP + p.path() + "400304c0000242");
          assertThat(p.session(1).table())
              .anyMatch(told -> told.contains(p.nlri()) && told.contains("400304c0000201"));
        });
  }

  /** An attribute that an external peer says and another hears as it was. */
  private void kept(String name, String attribute, int code, String said) {
    external(
        name,
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP + attribute);
          assertThat(p.outside().text(p.prefix(), code)).contains(said);
          assertThat(p.inside().text(p.prefix(), code)).contains(said);
        });
  }

  private void others() {
    kept("4271 5.1.1 ORIGIN is kept", "", 1, "IGP");
    kept("4271 5.1.6 ATOMIC_AGGREGATE is kept", "400600", 6, "AtomicAggregate");
    kept("4271 5.1.7 AGGREGATOR is kept", "c007080000fde9c0000205", 7, "192.0.2.5");
    kept("1997 communities are kept", "c00808fde90001fde90002", 8, "65001:2");
    kept("4360 a route target is kept", "c010080002fde900000064", 16, "2fde900000064");
    kept("8092 unsigned extremes", "c0200c00000000ffffffff00000000", 32, "0:4294967295:0");
    external(
        "8092 5 what stands there twice is told once",
        p -> {
          p.session().establish("");
          var one = "0000fde90000000100000002";
          p.announce(IGP + p.path() + HOP + "c02018" + one + one);
          assertThat(p.outside().text(p.prefix(), 32).split("65001:1:2", -1)).hasSize(2);
        });
    external(
        "4271 5 an unknown attribute that is partial stays so",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP + "e0d50401020304");
          assertThat(p.outside().flags(p.prefix(), 213)).isEqualTo(0xe0);
        });
    external(
        "4271 6.3 an unknown well-known attribute",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          p.session().say(UPDATE, update("", IGP + p.path() + HOP + "40d50101", p.nlri()));
          p.gone();
        });
    external(
        "4271 4.3 the low bits of the flags mean nothing",
        p -> {
          p.session().establish("");
          p.announce("4f010100" + "4f" + p.path().substring(2) + "4f0304c0000263");
        });
    external(
        "4271 5 attributes in any order",
        p -> {
          p.session().establish("");
          p.announce(HOP + p.path() + IGP);
        });
    external(
        "1997 NO_EXPORT_SUBCONFED",
        p -> {
          p.session().establish("");
          p.session().say(UPDATE, update("", IGP + p.path() + HOP + "c00804ffffff03", p.nlri()));
          p.eventually(() -> p.inside().has(p.prefix()) || p.counted() > 0);
          p.alive();
          assertThat(p.outside().has(p.prefix())).isFalse();
        });
    external(
        "1997 NO_EXPORT among others",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          p.session()
              .say(
                  UPDATE,
                  update("", IGP + p.path() + HOP + "c0080cfde90001ffffff01fde90002", p.nlri()));
          p.eventually(() -> !p.outside().has(p.prefix()));
          assertThat(p.inside().has(p.prefix())).isTrue();
        });
    external(
        "4271 4.3 a hundred prefixes in one UPDATE",
        p -> {
          p.session().establish("");
          var many = new StringBuilder();
          for (int i = 0; i < 100; i++) {
            many.append("2016%04x%02x".formatted(p.number(), i));
          }
          p.session().say(UPDATE, update("", IGP + p.path() + HOP, many.toString()));
          for (int i = 0; i < 100; i++) {
            var host = "22.%d.%d.%d/32".formatted(p.number() / 256, p.number() % 256, i);
            p.eventually(() -> p.outside().has(host));
          }
          p.session().say(UPDATE, update(many.toString(), "", ""));
          p.eventually(() -> p.counted() == 0);
        });
  }

  private void reflection() {
    var client = Side.internal("reflectorClient: true");
    var other = Side.internal("");
    var attributes = IGP + "400200" + HOP + "80040400000009" + PREF;
    for (var sides :
        List.of(List.of(client, client), List.of(client, other), List.of(other, client))) {
      var name = sides.stream().map(s -> s.options().isEmpty() ? "other" : "client").toList();
      among(
          "4456 8 from %s to %s".formatted(name.get(0), name.get(1)),
          sides,
          p -> {
            p.session(0).establish("");
            p.session(1).establish("4600");
            p.session().say(UPDATE, update("", attributes, p.nlri()));
            p.eventually(() -> p.outside().has(p.prefix()));
            // All as it was, with who originated it and our cluster.
            var told = attributes + "800904" + p.session().identifier() + "800a040a000001";
            assertThat(p.session(1).table())
                .anyMatch(body -> body.contains(told) && body.contains(p.nlri()));
          });
    }
    among(
        "4456 8 ORIGINATOR_ID stays, CLUSTER_LIST grows",
        List.of(client, client),
        p -> {
          p.session(0).establish("");
          p.session(1).establish("4600");
          p.session()
              .say(UPDATE, update("", attributes + "8009040a0000c8" + "800a040a0000c9", p.nlri()));
          p.eventually(() -> p.outside().has(p.prefix()));
          assertThat(p.session(1).table())
              .anyMatch(
                  told ->
                      told.contains(p.nlri())
                          && told.contains("8009040a0000c8" + "800a080a0000010a0000c9"));
        });
    among(
        "4456 8 a withdrawal is reflected",
        List.of(client, client),
        p -> {
          p.session(0).establish("");
          p.session(1).establish("4600");
          p.session().say(UPDATE, update("", attributes, p.nlri()));
          p.eventually(() -> p.outside().has(p.prefix()));
          p.session().say(UPDATE, update(p.nlri(), "", ""));
          p.eventually(() -> !p.outside().has(p.prefix()));
          assertThat(p.session(1).table()).noneMatch(told -> told.contains(p.nlri()));
        });
    among(
        "4456 8 a cluster of its own",
        List.of(
            Side.internal("reflectorClient: true, clusterId: 10.9.9.9"),
            Side.internal("reflectorClient: true, clusterId: 10.9.9.9")),
        p -> {
          p.session(0).establish("");
          p.session(1).establish("4600");
          p.session().say(UPDATE, update("", attributes, p.nlri()));
          p.eventually(() -> p.outside().has(p.prefix()));
          assertThat(p.session(1).table())
              .anyMatch(told -> told.contains(p.nlri()) && told.contains("800a040a090909"));
        });
    among(
        "4456 8 what is learned outside is not marked inside",
        List.of(Side.external(""), client),
        p -> {
          p.session(0).establish("");
          p.session(1).establish("4600");
          p.announce(IGP + p.path() + HOP);
          assertThat(p.session(1).table())
              .filteredOn(told -> told.contains(p.nlri()))
              .isNotEmpty()
              .noneMatch(told -> told.contains("800904") || told.contains("800a04"));
        });
  }

  private void options() {
    external(
        "4271 9.1.2 our AS in the path, as often as allowed",
        "allowOwnAs: 1",
        p -> {
          p.session().establish("");
          p.announce(IGP + path(p.session().as(), AS) + HOP);
          p.session().say(UPDATE, update("", IGP + path(p.session().as(), AS, AS) + HOP, p.nlri()));
          p.gone();
        });
    external(
        "another AS of ours towards a peer",
        "localAs: 64777",
        p -> {
          p.session().connect();
          p.session().say(RawSession.OPEN, p.session().open(90, p.session().usualCapabilities()));
          assertThat(p.session().await(RawSession.OPEN).body()).startsWith("04fd09");
          p.session().say(RawSession.KEEPALIVE, "");
          p.alive();
        });
    external(
        "nothing is taken",
        "import: reject",
        p -> {
          p.session().establish("4600").say(UPDATE, update("", IGP + p.path() + HOP, p.nlri()));
          p.session().table();
          assertThat(p.outside().has(p.prefix())).isFalse();
        });
    external(
        "nothing is told",
        "export: reject",
        p -> {
          p.session().establish("4600");
          assertThat(p.session().table()).allMatch(told -> told.startsWith("0000"));
          p.alive();
        });
    external(
        "a filter by prefix",
        "export: not-these",
        p -> {
          p.session().establish("4600");
          p.announce(IGP + p.path() + HOP);
          // 203.0.113.0/24 is told, what peers said is not.
          assertThat(p.session().table())
              .anyMatch(told -> told.contains("18cb0071"))
              .noneMatch(told -> told.contains(p.nlri()));
        });
    external(
        "4271 9.2 a default route",
        p -> {
          p.session().establish("").say(UPDATE, update("", IGP + p.path() + HOP, "00"));
          p.eventually(() -> p.outside().has("0.0.0.0/0"));
        });
  }
}
