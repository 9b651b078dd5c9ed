package dev.aviary.it.bgp;

import static dev.aviary.it.bgp.RawSession.REFRESH;
import static dev.aviary.it.bgp.RawSession.UPDATE;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;

/** What a refresh looks like (RFC 2918, 7313 §5), and what is told again. */
final class RefreshClauses extends Clauses {
  @Override
  void fill() {
    for (var subtype : List.of("00", "01", "02")) {
      external(
          "7313 5 a refresh of 24 octets, subtype " + subtype,
          p -> {
            var body = "0001" + subtype + "0100";
            p.session().establish("4600").say(REFRESH, body);
            assertThat(p.session().end()).isEqualTo("0701" + RawSession.framed(REFRESH, body));
          });
    }
    external(
        "7313 5 a marker of 22 octets",
        p -> {
          p.session().establish("4600").say(REFRESH, "000101");
          assertThat(p.session().end()).isEqualTo("01020016");
        });
    external(
        "2918 3 the reserved octet means nothing without RFC 7313",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          for (var octet : List.of("01", "02", "ff")) {
            tells(p, "0001" + octet + "01");
          }
          p.alive();
          assertThat(p.outside().has(p.prefix())).isTrue();
        });
    external(
        "2918 the capability's first code",
        p -> {
          var as = "4104%08x".formatted(p.session().as());
          p.session().establishWith("010400010001" + "010400020001" + "8000" + as);
          tells(p, "00010001");
        });
    external(
        "2918 what is told again is not withdrawn",
        p -> {
          // Others may come and go meanwhile; the speaker's own route stays.
          assertThat(p.session().establish("4600").table())
              .anyMatch(told -> told.startsWith("0000") && told.contains("18cb0071"))
              .noneMatch(told -> !told.startsWith("0000") && told.contains("18cb0071"));
        });
    external(
        "7313 IPv6 between its own markers",
        p -> {
          p.session().establish("4600").say(REFRESH, "00020001");
          assertThat(p.session().await(REFRESH).body()).isEqualTo("00020101");
          assertThat(p.session().await(REFRESH).body()).isEqualTo("00020201");
        });
  }

  /** What is said has the IPv4 table told again: the route that the speaker itself originates. */
  private static void tells(Probe p, String body) throws IOException {
    p.session().say(REFRESH, body);
    while (!p.session().await(UPDATE).body().contains("18cb0071")) {
      // another route
    }
  }
}
