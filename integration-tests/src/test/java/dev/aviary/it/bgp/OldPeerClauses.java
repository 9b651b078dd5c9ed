package dev.aviary.it.bgp;

import static dev.aviary.it.bgp.RawSession.UPDATE;
import static dev.aviary.it.bgp.RawSession.narrowPath;
import static dev.aviary.it.bgp.RawSession.path;
import static dev.aviary.it.bgp.RawSession.update;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;

/** Peers with AS numbers of two octets (RFC 6793), both directions. */
final class OldPeerClauses extends Clauses {
  private static final String OLD = "010400010001" + "0200" + "4600";
  private static final long WIDE = 4_200_000_000L;
  private static final int TRANS = 23456;

  @Override
  void fill() {
    fromOld();
    toOld();
  }

  /** An old peer says {@code attributes}; AS_PATH becomes {@code path}, P being the peer's AS. */
  private void learned(String name, Told attributes, String path) {
    external(
        "6793 4.2.3 " + name,
        p -> {
          p.session().establishWith(OLD);
          var said = IGP + attributes.by((int) p.session().as()) + HOP;
          p.session().say(UPDATE, update("", said, p.nlri()));
          p.arrived();
          assertThat(p.inside().text(p.prefix(), 2))
              .contains(path.replace("P", String.valueOf(p.session().as())));
          assertThat(p.inside().attributes(p.prefix())).doesNotContainKeys(17, 18);
        });
  }

  private interface Told {
    String by(int as);
  }

  private static String as4(long... ases) {
    var wide = path(ases);
    return "c011" + wide.substring(4);
  }

  private void fromOld() {
    learned("no AS4_PATH", as -> narrowPath(as, 7), "P 7");
    learned("AS4_PATH", as -> narrowPath(as, TRANS) + as4(as, WIDE), "P 4200000000");
    learned(
        "AS4_PATH of part of the way",
        as -> narrowPath(as, 8, TRANS) + as4(8, WIDE),
        "P 8 4200000000");
    learned("AS4_PATH longer than AS_PATH", as -> narrowPath(as) + as4(as, 8, 9), "P");
    learned("AS4_PATH cut short", as -> narrowPath(as, 7) + "c011040202" + "0007", "P 7");
    learned("AS4_PATH with an empty segment", as -> narrowPath(as, 7) + "c011020200", "P 7");
    learned(
        "AS4_PATH with a confederation",
        as -> narrowPath(as, TRANS) + "c0110c" + "0301" + "0000fde9" + "0201" + "fa56ea00",
        "P 4200000000");
    learned("AS4_PATH with AS 0", as -> narrowPath(as, TRANS) + as4(as, 0), "P 23456");
    learned(
        "AS4_PATH of all but the first",
        as -> narrowPath(as, TRANS, TRANS) + as4(WIDE, WIDE),
        "P 4200000000 4200000000");
    external(
        "7607 2 AS4_AGGREGATOR with AS 0",
        p -> {
          p.session().establishWith(OLD);
          var said =
              IGP
                  + narrowPath(p.session().as())
                  + HOP
                  + "c007065ba0c0000201"
                  + "c0120800000000c0000202";
          p.session().say(UPDATE, update("", said, p.nlri()));
          p.arrived();
          assertThat(p.inside().text(p.prefix(), 7)).contains("23456").contains("192.0.2.1");
          p.alive(false);
        });
    learned(
        "AGGREGATOR that is no AS_TRANS",
        as ->
            narrowPath(as, TRANS)
                + "c00706"
                + "0007"
                + "c0000201"
                + as4(as, WIDE)
                + "c01208"
                + "fa56ea00"
                + "c0000202",
        "P 23456");
    external(
        "6793 4.2.3 AS4_AGGREGATOR",
        p -> {
          p.session().establishWith(OLD);
          var said =
              IGP
                  + narrowPath(p.session().as())
                  + HOP
                  + "c007065ba0c0000201"
                  + "c01208fa56ea00c0000202";
          p.session().say(UPDATE, update("", said, p.nlri()));
          p.arrived();
          assertThat(p.inside().text(p.prefix(), 7)).contains("4200000000").contains("192.0.2.2");
        });
    external(
        "6793 6 AS4_AGGREGATOR of a wrong length",
        p -> {
          p.session().establishWith(OLD);
          var said =
              IGP
                  + narrowPath(p.session().as())
                  + HOP
                  + "c007065ba0c0000201"
                  + "c01207fa56ea00c00002";
          p.session().say(UPDATE, update("", said, p.nlri()));
          p.arrived();
          p.alive(false);
        });
    external(
        "7606 7.2 AS_PATH with four octets where two were agreed",
        p -> {
          p.session().establishWith(OLD);
          p.session().say(UPDATE, update("", IGP + narrowPath(p.session().as()) + HOP, p.nlri()));
          p.arrived();
          p.session().say(UPDATE, update("", IGP + path(p.session().as()) + HOP, p.nlri()));
          p.gone();
          p.alive(false);
        });
    external(
        "6793 4.2.3 a wide AS in the OPEN's field",
        p -> {
          p.session().connect();
          var capabilities = OLD + "4104fa56ea01";
          p.session().say(RawSession.OPEN, p.session().open(90, capabilities));
          assertThat(p.session().end()).startsWith("0202");
        });
  }

  private void toOld() {
    among(
        "6793 4.2.2 an old peer is told AS_TRANS, and AS4_PATH",
        List.of(Side.external(""), Side.external("")),
        p -> {
          p.session(0).establish("");
          p.session(1).establishWith(OLD);
          p.announce(IGP + path(p.session().as(), WIDE, 7) + HOP);
          var narrow = narrowPath(AS, p.session().as(), TRANS, 7);
          var wide = as4(AS, p.session().as(), WIDE, 7);
          assertThat(p.session(1).table())
              .anyMatch(
                  told -> told.contains(p.nlri()) && told.contains(narrow) && told.contains(wide));
        });
    among(
        "6793 4.2.2 no AS4_PATH where all fit",
        List.of(Side.external(""), Side.external("")),
        p -> {
          p.session(0).establish("");
          p.session(1).establishWith(OLD);
          p.announce(IGP + path(p.session().as(), 7) + HOP);
          var narrow = narrowPath(AS, p.session().as(), 7);
          assertThat(p.session(1).table())
              .anyMatch(
                  told ->
                      told.contains(p.nlri()) && told.contains(narrow) && !told.contains("c0110e"));
        });
    among(
        "6793 4.2.2 AGGREGATOR of a wide AS",
        List.of(Side.external(""), Side.external("")),
        p -> {
          p.session(0).establish("");
          p.session(1).establishWith(OLD);
          p.announce(IGP + path(p.session().as()) + HOP + "c00708fa56ea00c0000201");
          assertThat(p.session(1).table())
              .anyMatch(
                  told ->
                      told.contains(p.nlri())
                          && told.contains("c007065ba0c0000201")
                          && told.contains("c01208fa56ea00c0000201"));
        });
    among(
        "6793 4.1 AS4_PATH and AS4_AGGREGATOR of a wide peer are not passed on",
        List.of(Side.external(""), Side.external("")),
        p -> {
          p.session(0).establish("");
          p.session(1).establishWith(OLD);
          p.announce(IGP + p.path() + HOP + as4(1, 2) + "c01208fa56ea00c0000201");
          assertThat(p.session(1).table())
              .filteredOn(told -> told.contains(p.nlri()))
              .isNotEmpty()
              .noneMatch(told -> told.contains(as4(1, 2)) || told.contains("c01208fa56ea00"));
        });
  }
}
