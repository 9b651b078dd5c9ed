package dev.aviary.it.bgp;

import static dev.aviary.it.bgp.RawSession.UPDATE;
import static dev.aviary.it.bgp.RawSession.framed;
import static dev.aviary.it.bgp.RawSession.path;
import static dev.aviary.it.bgp.RawSession.update;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;

/** IPv6 and other families (RFC 4760, 2545), and what is wrong with their attributes. */
final class FamilyClauses extends Clauses {
  private static final String GLOBAL = "20010db8" + "00".repeat(11) + "63";
  private static final String LINK_LOCAL = "fe80" + "00".repeat(13) + "63";

  @Override
  void fill() {
    sound();
    broken();
  }

  /** MP_REACH_NLRI. */
  private static String reach(String family, String nextHop, String reserved, String nlri) {
    var value = family + "%02x".formatted(nextHop.length() / 2) + nextHop + reserved + nlri;
    return "800e%02x".formatted(value.length() / 2) + value;
  }

  private static String reach(String nlri) {
    return reach("000201", GLOBAL, "00", nlri);
  }

  private static String unreach(String nlri) {
    var value = "000201" + nlri;
    return "800f%02x".formatted(value.length() / 2) + value;
  }

  /** The clause's own IPv6 prefix. */
  private static String nlri6(Probe p) {
    return "4020010db8%04x0006".formatted(p.number() + 1);
  }

  private static String prefix6(Probe p) {
    return "2001:db8:%x:6::/64".formatted(p.number() + 1);
  }

  private static void comes(Probe p, String attributes, String nlri) throws IOException {
    p.session().say(UPDATE, update("", attributes, nlri));
    p.eventually(() -> p.outside().has(prefix6(p)));
  }

  /** A route comes with these attributes. */
  private void taken(String name, Said said) {
    external(
        name,
        p -> {
          p.session().establish("");
          comes(p, said.by(p), "");
          p.session().say(UPDATE, update("", unreach(nlri6(p)), ""));
          p.eventually(() -> !p.outside().has(prefix6(p)));
          p.alive();
        });
  }

  private interface Said {
    String by(Probe probe);
  }

  private void sound() {
    taken("4760 3 MP_REACH_NLRI first", p -> reach(nlri6(p)) + IGP + p.path());
    taken("4760 3 MP_REACH_NLRI last", p -> IGP + p.path() + reach(nlri6(p)));
    taken(
        "4760 3 the reserved octet means nothing",
        p -> IGP + p.path() + reach("000201", GLOBAL, "ff", nlri6(p)));
    taken(
        "2545 3 a link-local next hop beside the global one",
        p -> IGP + p.path() + reach("000201", GLOBAL + LINK_LOCAL, "00", nlri6(p)));
    taken("4760 3 NEXT_HOP beside it means nothing", p -> IGP + p.path() + HOP + reach(nlri6(p)));
    taken(
        "4271 4.3 bits past the length of an IPv6 prefix",
        p -> IGP + p.path() + reach("3f" + nlri6(p).substring(2, 16) + "07" + nlri6(p)));
    external(
        "4760 4 MP_UNREACH_NLRI alone",
        p -> {
          p.session().establish("");
          comes(p, IGP + p.path() + reach(nlri6(p)), "");
          p.session().say(UPDATE, update("", unreach(nlri6(p)), ""));
          p.eventually(() -> !p.outside().has(prefix6(p)));
        });
    external(
        "4760 both families in one UPDATE",
        p -> {
          p.session().establish("");
          comes(p, IGP + p.path() + HOP + reach(nlri6(p)), p.nlri());
          p.arrived();
          p.session().say(UPDATE, update(p.nlri(), unreach(nlri6(p)), ""));
          p.gone();
          p.eventually(() -> !p.outside().has(prefix6(p)));
        });
    external(
        "4760 5 IPv4 in MP_REACH_NLRI",
        p -> {
          p.session().establish("");
          var said = IGP + p.path() + reach("000101", "c0000263", "00", p.nlri());
          p.session().say(UPDATE, update("", said, ""));
          p.arrived();
          p.session().say(UPDATE, update(p.nlri(), "", ""));
          p.gone();
        });
    external(
        "4760 8 IPv6 of a peer that did not offer it",
        p -> {
          p.session().establishWith("010400010001" + "4104%08x".formatted(p.session().as()));
          p.session().say(UPDATE, update("", IGP + p.path() + reach(nlri6(p)), ""));
          p.alive();
          assertThat(p.outside().has(prefix6(p))).isFalse();
        });
    external(
        "4760 8 IPv4 of a peer that offered IPv6 only",
        p -> {
          p.session().establishWith("010400020001" + "4104%08x".formatted(p.session().as()));
          p.session().say(UPDATE, update("", IGP + p.path() + HOP, p.nlri()));
          comes(p, IGP + p.path() + reach(nlri6(p)), "");
          assertThat(p.outside().has(p.prefix())).isFalse();
        });
    external(
        "2545 what an internal peer is told",
        p -> {
          p.session().establish("");
          comes(p, IGP + p.path() + reach(nlri6(p)), "");
          p.eventually(() -> p.inside().has(prefix6(p)));
          assertThat(p.inside().text(prefix6(p), 14)).contains("2001:db8::63");
        });
    external(
        "2545 what an external peer is told",
        p -> {
          p.session().establish("");
          comes(p, IGP + p.path() + reach(nlri6(p)), "");
          assertThat(p.outside().text(prefix6(p), 14)).contains("2001:db8::1");
        });
    external(
        "4760 a family that nobody knows",
        p -> {
          p.session().establish("");
          p.session()
              .say(
                  UPDATE, update("", IGP + p.path() + reach("400285", "", "00", "0102030405"), ""));
          p.alive();
        });
  }

  /** The routes of the session's IPv6 are gone, or the session is. */
  private void disables(String name, Said said) {
    external(
        name,
        p -> {
          p.session().establish("");
          comes(p, IGP + p.path() + reach(nlri6(p)), "");
          p.session().say(UPDATE, update("", said.by(p), ""));
          p.eventually(() -> !p.outside().has(prefix6(p)));
        });
  }

  private void broken() {
    for (int length : new int[] {0, 4, 15, 17, 24, 31, 33}) {
      disables(
          "7606 7.11 next hop of " + length,
          p -> IGP + p.path() + reach("000201", "20".repeat(length), "00", nlri6(p)));
    }
    disables(
        "7606 5.3 IPv6 prefix of 129 bits", p -> IGP + p.path() + reach("81" + "20".repeat(17)));
    disables("7606 5.3 IPv6 prefix cut short", p -> IGP + p.path() + reach("4020010db8"));
    disables("7606 5.3 withdrawn IPv6 prefix cut short", p -> unreach("4020010db8"));
    disables("7606 7.11 MP_REACH_NLRI of 3 octets", p -> IGP + p.path() + "800e03000201");
    disables("7606 7.11 MP_REACH_NLRI of 1 octet", p -> IGP + p.path() + "800e0100");
    disables("7606 7.12 MP_UNREACH_NLRI of 2 octets", p -> "800f020002");
    disables(
        "7606 7.11 a next hop that overruns", p -> IGP + p.path() + "800e05" + "000201" + "1020");
    disables(
        "7606 3.c flags of MP_REACH_NLRI",
        p -> IGP + p.path() + "40" + reach(nlri6(p)).substring(2));
    disables("7606 3.d MP_REACH_NLRI without ORIGIN", p -> p.path() + reach(nlri6(p)));
    disables("7606 3.d MP_REACH_NLRI without AS_PATH", p -> IGP + reach(nlri6(p)));
    disables("7606 7.1 ORIGIN beside MP_REACH_NLRI", p -> "40010109" + p.path() + reach(nlri6(p)));
    disables(
        "4271 6.3 an unspecified IPv6 next hop",
        p -> IGP + p.path() + reach("000201", "00".repeat(16), "00", nlri6(p)));
    disables(
        "4271 6.3 a multicast IPv6 next hop",
        p -> IGP + p.path() + reach("000201", "ff02" + "00".repeat(13) + "01", "00", nlri6(p)));
    disables(
        "4271 6.3 our own IPv6 next hop",
        p -> IGP + p.path() + reach("000201", "20010db8" + "00".repeat(11) + "01", "00", nlri6(p)));
    external(
        "7606 3.c flags of MP_REACH_NLRI are no reset",
        p -> {
          p.session().establish("");
          comes(p, IGP + p.path() + reach(nlri6(p)), "");
          p.session()
              .say(UPDATE, update("", IGP + p.path() + "40" + reach(nlri6(p)).substring(2), ""));
          p.eventually(() -> !p.outside().has(prefix6(p)));
          p.alive();
          comes(p, IGP + p.path() + reach(nlri6(p)), "");
        });
    external(
        "7606 3.c flags of MP_UNREACH_NLRI are no reset",
        p -> {
          p.session().establish("");
          comes(p, IGP + p.path() + reach(nlri6(p)), "");
          p.session().say(UPDATE, update("", "40" + unreach(nlri6(p)).substring(2), ""));
          p.eventually(() -> !p.outside().has(prefix6(p)));
          p.alive();
        });
    external(
        "7606 2 both families go",
        p -> {
          p.session().establish("");
          comes(p, IGP + p.path() + HOP + reach(nlri6(p)), p.nlri());
          p.arrived();
          var broken = "40010109" + p.path() + HOP + reach(nlri6(p));
          p.session().say(UPDATE, update("", broken, p.nlri()));
          p.gone();
          p.eventually(() -> !p.outside().has(prefix6(p)));
          p.alive();
        });
    external(
        "4760 withdrawn and announced at once",
        p -> {
          p.session().establish("");
          comes(p, unreach(nlri6(p)) + IGP + p.path() + reach(nlri6(p)), "");
          comes(p, IGP + p.path() + reach(nlri6(p)) + unreach(nlri6(p)), "");
          p.alive();
          assertThat(p.outside().has(prefix6(p))).isTrue();
        });
    external(
        "4760 4 IPv4 in MP_UNREACH_NLRI",
        p -> {
          p.session().establish("");
          p.announce(IGP + p.path() + HOP);
          var value = "000101" + p.nlri();
          p.session().say(UPDATE, update("", "800f%02x".formatted(value.length() / 2) + value, ""));
          p.gone();
          p.alive();
        });
    add(
        new Clause(
            "7911 IPv6 paths apart by identifier",
            false,
            "addPath: both",
            p -> {
              p.session().establish("4504" + "00020103");
              comes(p, IGP + p.path() + reach("00000001" + nlri6(p) + "00000002" + nlri6(p)), "");
              p.session().say(UPDATE, update("", unreach("00000001" + nlri6(p)), ""));
              p.alive();
              assertThat(p.outside().has(prefix6(p))).isTrue();
              p.session().say(UPDATE, update("", unreach("00000002" + nlri6(p)), ""));
              p.eventually(() -> !p.outside().has(prefix6(p)));
            }));
    refused(
        "7606 5.2 malformed attributes beside MP_UNREACH_NLRI",
        framed(UPDATE, update("", "40010109" + unreach("4020010db800010001"), "")),
        "03");
    refused(
        "7606 3.g MP_UNREACH_NLRI twice",
        framed(
            UPDATE, update("", unreach("4020010db800010001") + unreach("4020010db800010002"), "")),
        "0301");
    refused(
        "7606 5.2 malformed attributes and no routes at all",
        framed(UPDATE, update("", "40010109" + path(65001), "")),
        "03");
  }
}
