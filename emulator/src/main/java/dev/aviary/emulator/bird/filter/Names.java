package dev.aviary.emulator.bird.filter;

import java.util.HashSet;
import java.util.Set;

/** What names mean where an expression stands: the configuration's functions, and variables. */
public final class Names {
  static final Set<String> ATTRIBUTES =
      Set.of(
          """
          net from gw source proto scope cast dest ifname ifindex preference weight bgp_path
          bgp_origin bgp_next_hop bgp_med bgp_local_pref bgp_atomic_aggr bgp_aggregator bgp_community
          bgp_ext_community bgp_large_community bgp_originator_id bgp_cluster_list krt_source
          krt_metric krt_tunnel krt_prefsrc krt_realm krt_scope\
          """
              .split("\\s+", -1));

  private final Set<String> functions;
  private final Set<String> variables = new HashSet<>();

  /** The functions and the constants that a configuration defines. */
  public Names(Set<String> functions, Set<String> constants) {
    this.functions = Set.copyOf(functions);
    this.variables.addAll(constants);
  }

  /** What a name is. */
  enum Meaning {
    VARIABLE,
    FUNCTION,
    NONE
  }

  void declare(String variable) {
    variables.add(variable);
  }

  Meaning find(String name) {
    if (variables.contains(name)) {
      return Meaning.VARIABLE;
    }
    return functions.contains(name) ? Meaning.FUNCTION : Meaning.NONE;
  }
}
