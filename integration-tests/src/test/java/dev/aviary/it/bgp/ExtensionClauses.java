package dev.aviary.it.bgp;

import static dev.aviary.it.bgp.RawSession.OPEN;
import static dev.aviary.it.bgp.RawSession.REFRESH;
import static dev.aviary.it.bgp.RawSession.UPDATE;
import static dev.aviary.it.bgp.RawSession.path;
import static dev.aviary.it.bgp.RawSession.update;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** What is agreed on beyond RFC 4271. */
final class ExtensionClauses extends Clauses {
  @Override
  void fill() {
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
        "8654 a route of 3700 octets is told where messages are short",
        p -> {
          p.session().establish("");
          var communities = new StringBuilder();
          for (int i = 0; i < 900; i++) {
            communities.append("fde9%04x".formatted(i));
          }
          p.announce(IGP + p.path() + HOP + "d0080e10" + communities);
          assertThat(p.outside().text(p.prefix(), 8)).contains("65001:899");
        });
    external(
        "7911 a path that comes again takes the place of the old one",
        "addPath: both",
        p -> {
          p.session().establish("4504" + "00010103");
          var one = "00000007" + p.nlri();
          p.session().say(UPDATE, update("", IGP + p.path() + HOP, one));
          p.arrived();
          p.session().say(UPDATE, update("", "40010101" + p.path() + HOP, one));
          p.eventually(() -> p.outside().text(p.prefix(), 1).contains("EGP"));
          p.session().say(UPDATE, update("00000008" + p.nlri(), "", ""));
          p.session()
              .say(
                  UPDATE,
                  update("", IGP + p.path() + HOP, "00000001" + "180b" + p.nlri().substring(4)));
          p.eventually(() -> p.outside().has(p.prefix().replaceFirst("10", "11")));
          assertThat(p.outside().has(p.prefix())).isTrue();
          p.session().say(UPDATE, update(one, "", ""));
          p.gone();
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
        "8212 nothing without a policy",
        "requirePolicy: true, import: accept",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          p.session().say(REFRESH, "00010001");
          // Nothing but the ends of both families.
          assertThat(p.session().await(UPDATE).body()).isIn("00000000", "00000006800f03000201");
        });
    external(
        "2918 told again, what is there stays",
        p -> {
          p.session().establish("4600");
          p.announce(IGP + p.path() + HOP);
          p.session().table();
          p.session().table();
          assertThat(p.outside().has(p.prefix())).isTrue();
          assertThat(p.outside().announcements(p.prefix())).isEqualTo(1);
        });
    external(
        "7313 routes go only when all have been told again",
        p -> {
          p.session().establish("4600");
          p.announce(IGP + p.path() + HOP);
          var other = "18" + "0b" + p.nlri().substring(4);
          p.session().say(UPDATE, update("", IGP + p.path() + HOP, other));
          p.session().say(REFRESH, "00010101");
          p.session().say(UPDATE, update("", IGP + p.path() + HOP, p.nlri()));
          p.alive();
          assertThat(p.outside().has(p.prefix().replaceFirst("10", "11"))).isTrue();
          p.session().say(REFRESH, "00010201");
          p.eventually(() -> !p.outside().has(p.prefix().replaceFirst("10", "11")));
          assertThat(p.outside().has(p.prefix())).isTrue();
        });
    external(
        "7313 an end without a beginning",
        p -> {
          p.session().establish("4600");
          p.announce(IGP + p.path() + HOP);
          p.session().say(REFRESH, "00010201");
          p.alive();
          assertThat(p.outside().has(p.prefix())).isTrue();
        });
    among(
        "9234 what comes from a provider goes to customers only",
        List.of(Side.external("role: customer"), Side.external("role: customer")),
        p -> {
          p.session(0).establish("090100");
          p.session(1).establish("4600" + "090100");
          p.announce(IGP + p.path() + HOP);
          assertThat(p.outside().text(p.prefix(), 35)).contains("" + p.session().as());
          assertThat(p.session(1).table()).noneMatch(told -> told.contains(p.nlri()));
        });
    among(
        "9234 what comes from a customer goes to providers",
        List.of(Side.external("role: provider"), Side.external("role: customer")),
        p -> {
          p.session(0).establish("090103");
          p.session(1).establish("4600" + "090100");
          p.announce(IGP + p.path() + HOP);
          assertThat(p.session(1).table()).anyMatch(told -> told.contains(p.nlri()));
        });
    external(
        "9234 a peer's own mark is kept",
        "role: peer",
        p -> {
          p.session().establish("090104");
          p.announce(IGP + p.path() + HOP + "c02304%08x".formatted(p.session().as()));
          assertThat(p.outside().text(p.prefix(), 35)).contains("" + p.session().as());
        });
    external(
        "9234 a mark of another AS from a peer is a leak",
        "role: peer",
        p -> {
          p.session().establish("090104");
          p.announce(IGP + p.path() + HOP);
          p.session()
              .say(UPDATE, update("", IGP + p.path() + HOP + "c02304" + "0000004d", p.nlri()));
          p.gone();
          p.alive();
        });
    external(
        "9234 a mark of a wrong length",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          p.session().say(UPDATE, update("", IGP + p.path() + HOP + "c02303000000", p.nlri()));
          p.gone();
          p.alive();
        });
    external(
        "9234 a strict peer must have a role",
        "role: provider, strictRole: true",
        p -> {
          p.session().connect();
          p.session().say(OPEN, p.session().open(90, p.session().usualCapabilities()));
          assertThat(p.session().end()).startsWith("020b");
        });
    external(
        "9234 two roles that differ",
        "role: provider",
        p -> {
          p.session().connect();
          var two = p.session().usualCapabilities() + "090103" + "090104";
          p.session().say(OPEN, p.session().open(90, two));
          assertThat(p.session().end()).startsWith("020b");
        });
    external(
        "8654 what does not fit a peer's messages is withdrawn from it",
        "extendedMessage: true",
        p -> {
          p.session().establish("0600");
          p.announce(IGP + p.path() + HOP);
          var communities = new StringBuilder();
          for (int i = 0; i < 1500; i++) {
            communities.append("fde9%04x".formatted(i));
          }
          p.session()
              .say(UPDATE, update("", IGP + p.path() + HOP + "d0081770" + communities, p.nlri()));
          p.gone();
          p.alive();
        });
    external(
        "8654 a message of 65535 octets",
        "extendedMessage: true",
        p -> {
          p.session().establish("0600");
          var head = IGP + p.path() + HOP;
          int room = 65535 - 19 - 4 - head.length() / 2;
          var destinations = new StringBuilder();
          for (int i = 0; i < room / 5; i++) {
            destinations.append("20%02x%02x%04x".formatted(21, p.number() % 256, i));
          }
          p.session().say(UPDATE, update("", head, destinations.toString()));
          p.eventually(() -> p.counted() == room / 5);
          p.session().say(UPDATE, update(destinations.toString(), "", ""));
          p.eventually(() -> p.counted() == 0);
        });
    external(
        "8654 a long message where it was not agreed",
        p -> {
          p.session().establish("0600").octets("ff".repeat(16) + "100102" + "00".repeat(4078));
          assertThat(p.session().end()).startsWith("01021001");
        });
    external(
        "8654 a long OPEN",
        "extendedMessage: true",
        p -> {
          p.session().connect().octets("ff".repeat(16) + "100101" + "00".repeat(4078));
          assertThat(p.session().end()).startsWith("01021001");
        });
    among(
        "7911 all paths are sent to those who take them",
        List.of(Side.external(""), Side.external(""), Side.external("addPath: send")),
        p -> {
          p.session(0).establish("");
          p.session(1).establish("");
          p.session(2).establish("4600" + "4504" + "00010101");
          for (int i = 0; i < 2; i++) {
            p.session(i).say(UPDATE, update("", IGP + p.path(i) + HOP, p.nlri()));
          }
          p.arrived();
          var with = new java.util.TreeSet<String>();
          for (var told : p.session(2).table()) {
            for (int at = told.indexOf(p.nlri()); at >= 8; at = told.indexOf(p.nlri(), at + 1)) {
              with.add(told.substring(at - 8, at));
            }
          }
          assertThat(with).hasSize(2);
          p.session(0).say(UPDATE, update(p.nlri(), "", ""));
          for (boolean gone = false; !gone; ) {
            var body = p.session(2).await(UPDATE).body();
            gone =
                with.stream().anyMatch(id -> body.contains(id + p.nlri())) && body.endsWith("0000");
          }
        });
    external(
        "7911 destinations without identifiers where they were agreed",
        "addPath: both",
        p -> {
          p.session().establish("4504" + "00010103");
          p.session().say(UPDATE, update("", IGP + p.path() + HOP, "18c633"));
          assertThat(p.session().end()).startsWith("03");
        });
    external(
        "7911 a mode that does not exist",
        "addPath: both",
        p -> {
          p.session().establish("4504" + "00010107");
          p.announce(IGP + p.path() + HOP);
        });
    external(
        "8950 IPv4 over an IPv6 next hop",
        "extendedNextHop: true",
        p -> {
          p.session().establish("0506" + "000100010002");
          var reach = "000101" + "10" + "20010db8" + "00".repeat(11) + "63" + "00" + p.nlri();
          p.session()
              .say(
                  UPDATE,
                  update(
                      "", IGP + p.path() + "800e%02x".formatted(reach.length() / 2) + reach, ""));
          p.eventually(() -> p.outside().has(p.prefix()));
          assertThat(p.outside().text(p.prefix(), 3)).contains("192.0.2.1");
        });
    external(
        "4486 maximum of prefixes, a warning",
        "maximumPrefixes: {limit: 2, action: warn}",
        p -> {
          p.session().establish("");
          p.session()
              .say(
                  UPDATE, update("", IGP + p.path() + HOP, "200a650001" + "200a650002" + p.nlri()));
          p.arrived();
          p.alive();
        });
    external(
        "4486 maximum of prefixes, what is replaced counts once",
        "maximumPrefixes: {limit: 2, action: disable}",
        p -> {
          p.session().establish("");
          for (int i = 0; i < 6; i++) {
            p.session().say(UPDATE, update("", "4001010" + i % 3 + p.path() + HOP, p.nlri()));
          }
          p.arrived();
          p.alive();
        });
    external(
        "8326 graceful shutdown",
        "import: graceful-shutdown",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP + "c00804ffff0000");
          assertThat(p.inside().text(p.prefix(), 5)).contains("preference=0");
        });
    among(
        "6996 private ASes are taken out, the others keep their order",
        List.of(Side.external(""), Side.external("export: no-private")),
        p -> {
          p.session(0).establish("");
          p.session(1).establish("4600");
          p.announce(IGP + path(p.session().as(), 64800, 7, 4_200_000_001L, 5) + HOP);
          var told = path(AS, p.session().as(), 7, 5);
          // Our own AS is of private use too, and is put in front afterwards.
          assertThat(p.session(1).table())
              .anyMatch(body -> body.contains(told) && body.contains(p.nlri()));
        });
    among(
        "4271 9.1.1 a policy on MED",
        List.of(Side.external("import: low-only")),
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP + "8004040000000a");
          p.session().say(UPDATE, update("", IGP + p.path() + HOP + "8004040000000b", p.nlri()));
          p.gone();
        });
    among(
        "4271 5.1.4 a MED that our policy sets is sent to others",
        List.of(Side.external(""), Side.external("export: metric")),
        p -> {
          p.session(0).establish("");
          p.session(1).establish("4600");
          p.announce(IGP + p.path() + HOP);
          assertThat(p.session(1).table())
              .anyMatch(told -> told.contains(p.nlri()) && told.contains("8004040000004d"));
        });
  }
}
