package dev.aviary.kubeproxy;

import dev.aviary.kubeproxy.PortRules.Line;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A service with its slices, its ports and their rules: what is kept from one change to the next,
 * so that a service that is the same as before costs nothing.
 */
record ServiceUnit(
    Service service, List<EndpointSlice> slices, List<ServicePort> ports, List<PortRules> rules) {

  /** One whose rules are still to be made. */
  static ServiceUnit of(Service service, List<EndpointSlice> slices, List<ServicePort> ports) {
    return new ServiceUnit(service, slices, ports, List.of());
  }

  /** True for a unit that {@link #of} made, unless it has no ports and so needs none. */
  boolean isWithoutRules() {
    return rules.size() < ports.size();
  }

  /** True if this unit stands for the same inputs. */
  boolean isOf(Service service, List<EndpointSlice> slices) {
    return this.service.equals(service) && this.slices.equals(slices);
  }

  int endpointCount() {
    int count = 0;
    for (var port : ports) {
      count += port.endpoints().size();
    }
    return count;
  }

  ServiceUnit withRules(ServiceRules.Setting setting) {
    return new ServiceUnit(
        service, slices, ports, ports.stream().map(p -> ServiceRules.of(p, setting)).toList());
  }

  /** The rules in the service's own chains, chain by chain; a chain may be without rules. */
  Map<String, List<Line>> ownChains() {
    var chains = new LinkedHashMap<String, List<Line>>();
    for (var port : rules) {
      port.chains().forEach(chain -> chains.put(chain, new ArrayList<>()));
      for (var line : port.nat()) {
        var own = chains.get(line.chain());
        if (own != null) {
          own.add(line);
        }
      }
    }
    return chains;
  }

  /** What it adds to chains that all services share: of the nat table, or of the filter table. */
  List<Line> shared(boolean nat) {
    var lines = new ArrayList<Line>();
    for (var port : rules) {
      if (!nat) {
        lines.addAll(port.filter());
        continue;
      }
      Set<String> own = new HashSet<>(port.chains());
      for (var line : port.nat()) {
        if (!own.contains(line.chain())) {
          lines.add(line);
        }
      }
    }
    return lines;
  }
}
