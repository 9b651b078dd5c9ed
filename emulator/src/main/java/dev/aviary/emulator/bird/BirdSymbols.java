package dev.aviary.emulator.bird;

import java.util.ArrayList;
import java.util.List;

/** What Calico's configuration of a node defines, as {@code show symbols} lists it. */
record BirdSymbols(String name, Kind kind) {

  /** Classes of symbols. */
  enum Kind {
    TABLE("routing table", "table"),
    FILTER("filter", "filter"),
    FUNCTION("function", "function"),
    PROTOCOL("protocol", "protocol"),
    TEMPLATE("protocol template", "template");

    private final String title;
    private final String word;

    Kind(String title, String word) {
      this.title = title;
      this.word = word;
    }

    boolean answersTo(String asked) {
      return word.equals(asked);
    }
  }

  static List<BirdSymbols> of(BirdDaemon daemon) {
    var all = new ArrayList<BirdSymbols>();
    all.add(new BirdSymbols("master", Kind.TABLE));
    for (var name : List.of("apply_communities", "calico_aggr", "reject_disabled_pools")) {
      all.add(new BirdSymbols(name, Kind.FUNCTION));
    }
    for (var name : List.of("calico_export_to_bgp_peers", "calico_kernel_programming")) {
      all.add(new BirdSymbols(name, Kind.FILTER));
    }
    all.add(new BirdSymbols("bgp_template", Kind.TEMPLATE));
    daemon.protocols().forEach(p -> all.add(new BirdSymbols(p.name(), Kind.PROTOCOL)));
    return all;
  }

  String line() {
    return "%-8s\t%s".formatted(name, kind.title);
  }
}
