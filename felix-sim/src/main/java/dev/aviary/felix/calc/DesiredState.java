package dev.aviary.felix.calc;

import dev.aviary.net.IpFamily;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The routes, sets and chains of one family that should be. */
public record DesiredState(
    IpFamily family, List<TableState> tables, List<IpSet> ipSets, List<Route> routes) {
  public DesiredState {
    tables = List.copyOf(tables);
    ipSets = List.copyOf(ipSets);
    routes = List.copyOf(routes);
  }

  /** Renders {@code intent} for {@code family}, this once. */
  public static DesiredState of(
      FelixConfig config, IpFamily family, Intent intent, HostState host) {
    return new DesiredStateRenderer(config, family).render(intent, host);
  }

  /** The table {@code table}. */
  public TableState table(IptablesTable table) {
    return tables.stream()
        .filter(t -> t.table() == table)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no table " + table));
  }

  /** The set with this id, if it should be. */
  public Optional<IpSet> ipSet(String id) {
    return ipSets.stream().filter(set -> Objects.equals(set.id(), id)).findFirst();
  }
}
