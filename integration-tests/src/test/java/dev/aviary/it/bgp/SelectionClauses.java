package dev.aviary.it.bgp;

import static dev.aviary.it.bgp.RawSession.KEEPALIVE;
import static dev.aviary.it.bgp.RawSession.OPEN;
import static dev.aviary.it.bgp.RawSession.UPDATE;
import static dev.aviary.it.bgp.RawSession.path;
import static dev.aviary.it.bgp.RawSession.update;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;

/**
 * Which of two routes is told on (RFC 4271 §9.1.2.2, RFC 4456 §9), whatever the order in which they
 * came. Each route has a community that says whose it is.
 */
final class SelectionClauses extends Clauses {
  private static final Side ANYONE = Side.external("");
  private static final Side FELLOW = Side.fellow("");
  private static final Side OURS = Side.internal("");
  private static final String SET_OF_THREE = "0103" + "00000001" + "00000002" + "00000003";

  /** What a peer says of the clause's prefix. */
  private interface Told {
    String attributes(Probe probe, int index);
  }

  @Override
  void fill() {
    preferred("LOCAL_PREF", OURS, OURS, of("", "400504000000c9"), of("", "400504000000c8"));
    preferred(
        "LOCAL_PREF comes before AS_PATH",
        OURS,
        OURS,
        (p, i) -> IGP + path(64700, 64701) + HOP + "400504000000c9",
        of("", "400504000000c8"));
    preferred(
        "LOCAL_PREF is unsigned", OURS, OURS, of("", "400504ffffffff"), of("", "4005047fffffff"));
    preferred(
        "AS_PATH",
        ANYONE,
        ANYONE,
        (p, i) -> IGP + path(as(p, i), 64701) + HOP,
        (p, i) -> IGP + path(as(p, i), 64702, 64703) + HOP);
    preferred(
        "a set counts as one AS",
        ANYONE,
        ANYONE,
        (p, i) -> IGP + "400214" + "0201%08x".formatted(as(p, i)) + SET_OF_THREE + HOP,
        (p, i) -> IGP + path(as(p, i), 64702, 64703) + HOP);
    preferred(
        "an AS counts as often as it stands there",
        ANYONE,
        ANYONE,
        (p, i) -> IGP + path(as(p, i), 64701, 64702) + HOP,
        (p, i) -> IGP + path(as(p, i), as(p, i), as(p, i), as(p, i)) + HOP);
    preferred("ORIGIN IGP, EGP", ANYONE, ANYONE, origin(0), origin(1));
    preferred("ORIGIN EGP, INCOMPLETE", ANYONE, ANYONE, origin(1), origin(2));
    preferred(
        "AS_PATH comes before ORIGIN",
        ANYONE,
        ANYONE,
        (p, i) -> "40010102" + path(as(p, i)) + HOP,
        (p, i) -> IGP + path(as(p, i), 64702) + HOP);
    preferred("MED of one AS", ANYONE, FELLOW, med("80040400000005"), med("80040400000006"));
    preferred("MED is unsigned", ANYONE, FELLOW, med("8004047fffffff"), med("800404ffffffff"));
    preferred("no MED is the least", ANYONE, FELLOW, med(""), med("80040400000001"));
    preferred(
        "MED comes before the session's kind",
        ANYONE,
        OURS,
        (p, i) -> IGP + path(64711) + HOP + "80040400000001",
        (p, i) -> IGP + path(64711) + HOP + "80040400000002" + PREF);
    preferred(
        "MED of two ASes is not compared",
        ANYONE,
        ANYONE,
        (p, i) -> IGP + path(as(p, i)) + HOP + "80040400000009",
        (p, i) -> IGP + path(as(p, i)) + HOP + "80040400000001");
    preferred(
        "external before internal",
        ANYONE,
        OURS,
        (p, i) -> IGP + path(64712) + HOP,
        (p, i) -> IGP + path(64712) + HOP + PREF);
    preferred("the lower identifier", ANYONE, ANYONE, plain(), plain());
    preferred(
        "ORIGINATOR_ID in the place of the identifier",
        OURS,
        OURS,
        of("", PREF + "80090401000002"),
        of("", PREF + "80090401000003"));
    preferred(
        "the shorter CLUSTER_LIST",
        OURS,
        OURS,
        of("", PREF + "80090401000002" + "800a0401000009"),
        of("", PREF + "80090401000002" + "800a080100000901000008"));
    addresses();
    orderDoesNotMatter();
    losers();
  }

  private static long as(Probe probe, int index) {
    return probe.session(index).as();
  }

  private static Told of(String before, String after) {
    return (p, i) -> before + IGP + p.path(i) + HOP + after;
  }

  private static Told plain() {
    return (p, i) -> IGP + path(as(p, i)) + HOP;
  }

  private static Told origin(int code) {
    return (p, i) -> "400101%02x".formatted(code) + path(as(p, i)) + HOP;
  }

  private static Told med(String med) {
    return (p, i) -> IGP + path(as(p, i)) + HOP + med;
  }

  private static void say(Probe p, int index, Told told) throws IOException {
    var mark = "c00804fde8%04x".formatted(index);
    p.session(index).say(UPDATE, update("", told.attributes(p, index) + mark, p.nlri()));
  }

  /** The speaker has handled all that the peer said so far. */
  private static void settled(Probe p, int index) throws IOException {
    p.session(index).say(UPDATE, update("2011%04x%02x".formatted(p.number(), 200), "", ""));
    p.session(index).table();
  }

  private static boolean isOf(Probe p, int index) {
    return p.outside().text(p.prefix(), 8).contains("65000:" + index);
  }

  private void preferred(String name, Side better, Side worse, Told best, Told other) {
    among(
        "4271 9.1.2.2 " + name,
        List.of(better, worse),
        p -> {
          p.session(0).establish("4600");
          p.session(1).establish("4600");
          say(p, 1, other);
          p.eventually(() -> isOf(p, 1));
          say(p, 0, best);
          p.eventually(() -> isOf(p, 0));
          say(p, 1, other);
          settled(p, 1);
          assertThat(isOf(p, 0)).isTrue();
          p.session(0).say(UPDATE, update(p.nlri(), "", ""));
          p.eventually(() -> isOf(p, 1));
          p.session(1).say(UPDATE, update(p.nlri(), "", ""));
          p.gone();
          say(p, 0, best);
          p.eventually(() -> isOf(p, 0));
          say(p, 1, other);
          settled(p, 1);
          assertThat(isOf(p, 0)).isTrue();
        });
  }

  private void addresses() {
    among(
        "4271 9.1.2.2 g the lower address, if all else is equal",
        List.of(ANYONE, ANYONE),
        p -> {
          for (int i = 0; i < 2; i++) {
            var session = p.session(i).identifier("0a0b0c0d").connect();
            session.say(OPEN, session.open(90, session.usualCapabilities() + "4600"));
            session.await(OPEN);
            session.say(KEEPALIVE, "");
            session.await(KEEPALIVE);
          }
          say(p, 1, plain());
          p.eventually(() -> isOf(p, 1));
          say(p, 0, plain());
          p.eventually(() -> isOf(p, 0));
        });
  }

  /**
   * Two routes of one AS and one of another, no two of which decide what the third does: pair by
   * pair the winner would depend on the order.
   */
  private void orderDoesNotMatter() {
    // The highest identifier has the better MED of its AS; the one between them is of another AS.
    Told[] said = {med("80040400000009"), med("80040400000005"), med("80040400000001")};
    int[][] orders = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    for (int[] order : orders) {
      among(
          "4271 9.1.2.2 MED by groups, in the order %d%d%d".formatted(order[0], order[1], order[2]),
          List.of(ANYONE, ANYONE, FELLOW),
          p -> {
            for (int i = 0; i < 3; i++) {
              p.session(i).establish("4600");
            }
            for (int index : order) {
              say(p, index, said[index]);
              settled(p, index);
            }
            // The first is out by MED; of the others the second has the lower identifier.
            p.eventually(() -> isOf(p, 1));
          });
    }
  }

  private void losers() {
    among(
        "4271 9.2 a route that lost is not told of",
        List.of(ANYONE, ANYONE),
        p -> {
          p.session(0).establish("4600");
          p.session(1).establish("4600");
          say(p, 0, plain());
          p.eventually(() -> isOf(p, 0));
          int before = p.outside().announcements(p.prefix());
          say(p, 1, of("", "80040400000001"));
          settled(p, 1);
          p.session(1).say(UPDATE, update(p.nlri(), "", ""));
          settled(p, 1);
          p.alive();
          assertThat(p.outside().announcements(p.prefix())).isEqualTo(before);
        });
    among(
        "9494 4.3 what another router marked stale is the last choice",
        List.of(OURS, OURS),
        p -> {
          p.session(0).establish("4600");
          p.session(1).establish("4600");
          var stale = "400504000000c8" + "c00808" + "fde90001" + "ffff0006";
          p.session(1).say(UPDATE, update("", IGP + p.path() + HOP + stale, p.nlri()));
          settled(p, 1);
          // Nobody else knows the mark, so nobody is told.
          assertThat(p.outside().has(p.prefix())).isFalse();
          say(p, 0, of("", PREF));
          p.eventually(() -> isOf(p, 0));
        });
    among(
        "4271 9.2 the best route is one that may not be told",
        List.of(ANYONE, OURS),
        p -> {
          p.session(0).establish("4600");
          p.session(1).establish("4600");
          say(p, 0, plain());
          p.arrived();
          say(p, 1, of("", "400504000000c8"));
          p.eventually(() -> !p.inside().has(p.prefix()) && isOf(p, 1));
          p.session(1).say(UPDATE, update(p.nlri(), "", ""));
          p.eventually(() -> p.inside().has(p.prefix()) && isOf(p, 0));
        });
    among(
        "4271 9.2 the best route came from the peer itself",
        List.of(ANYONE, ANYONE),
        p -> {
          p.session(0).establish("4600");
          p.session(1).establish("4600");
          say(p, 0, (q, i) -> IGP + path(as(q, i), 64701, 64702) + HOP);
          p.arrived();
          assertThat(p.session(1).table()).anyMatch(told -> told.contains(p.nlri()));
          say(p, 1, plain());
          p.eventually(() -> isOf(p, 1));
          assertThat(p.session(1).table()).noneMatch(told -> told.contains(p.nlri()));
        });
    external(
        "4271 9.2 what is said twice is told once",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          for (int i = 0; i < 3; i++) {
            p.session().say(UPDATE, update("", IGP + p.path() + HOP, p.nlri()));
          }
          p.alive();
          assertThat(p.outside().announcements(p.prefix())).isEqualTo(1);
        });
    external(
        "4271 3.1 a route that comes again takes the place of the old one",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          p.session().say(UPDATE, update("", "40010101" + p.path() + HOP, p.nlri()));
          p.eventually(() -> p.outside().text(p.prefix(), 1).contains("EGP"));
        });
    external(
        "4271 4.3 what nobody told of is withdrawn",
        p -> {
          p.session().establish("").say(UPDATE, update(p.nlri(), "", ""));
          p.alive();
        });
  }
}
