package dev.aviary.emulator.bird;

import java.util.List;

/** What a name of a configuration is, as {@code show symbols} lists it. */
record BirdSymbol(String name, Kind kind) {

  /** What the files of iproute2 define, which the daemon reads. */
  static final List<BirdSymbol> SYSTEM =
      List.of(
              """
              ips_global ips_nowhere ips_host ips_link ips_site ipt_default ipt_main ipt_local
              ipt_unspec ipr_cosmos ipp_unspec ipp_redirect ipp_kernel ipp_boot ipp_static ipp_gated
              ipp_ra ipp_mrt ipp_zebra ipp_bird ipp_dnrouted ipp_xorp ipp_ntk ipp_dhcp
              ipp_keepalived ipp_babel ipp_openr ipp_bgp ipp_isis ipp_ospf ipp_rip ipp_eigrp\
              """
                  .split("\\s+", -1))
          .stream()
          .map(name -> new BirdSymbol(name, Kind.CONSTANT))
          .toList();

  /** Classes of symbols, and the words that ask for one. */
  enum Kind {
    TABLE("routing table", "table"),
    FILTER("filter", "filter"),
    FUNCTION("function", "function"),
    PROTOCOL("protocol", "protocol"),
    TEMPLATE("protocol template", "template"),
    CONSTANT("constant", ""),
    UNDEFINED("undefined", "");

    private final String title;
    private final String word;

    Kind(String title, String word) {
      this.title = title;
      this.word = word;
    }

    boolean answersTo(String asked) {
      return !word.isEmpty() && word.equals(asked);
    }
  }

  String line() {
    return "%-8s\t%s".formatted(name, kind.title);
  }
}
