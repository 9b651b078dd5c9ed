package dev.aviary.emulator.node;

import dev.aviary.bgp.policy.Condition.PrefixIn;
import dev.aviary.bgp.policy.Policy;
import dev.aviary.bgp.policy.PrefixList;
import dev.aviary.bgp.policy.Statement;
import dev.aviary.emulator.resource.IpPoolResource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** The filter {@code calico_export_to_bgp_peers} of one node, as a policy. */
final class ExportPolicy {
  private ExportPolicy() {}

  /**
   * @param blocks the node's confirmed blocks
   * @param services the prefixes of services that the node announces
   */
  static Policy of(
      Resources resources, IpFamily family, List<Prefix> blocks, List<Prefix> services) {
    var pools =
        resources.of(IpPoolResource.class).stream()
            .filter(pool -> pool.cidr().family() == family)
            .sorted(Comparator.comparing(pool -> pool.cidr().toString()))
            .toList();
    var statements = new ArrayList<Statement>();
    for (var pool : pools) {
      if (pool.disableBgpExport()) {
        statements.add(Statement.reject(within(pool.cidr())));
      }
    }
    for (var block : sorted(blocks, family)) {
      statements.add(Statement.accept(new PrefixIn(PrefixList.of(PrefixList.exactly(block)))));
      statements.add(Statement.reject(within(block)));
    }
    for (var service : sorted(services, family)) {
      statements.add(Statement.accept(within(service)));
    }
    for (var pool : pools) {
      if (!pool.disableBgpExport()) {
        statements.add(Statement.accept(within(pool.cidr())));
      }
    }
    return new Policy("calico_export_to_bgp_peers", statements, Policy.Otherwise.REJECT);
  }

  private static PrefixIn within(Prefix prefix) {
    return new PrefixIn(PrefixList.of(PrefixList.within(prefix)));
  }

  private static List<Prefix> sorted(List<Prefix> prefixes, IpFamily family) {
    return prefixes.stream()
        .filter(prefix -> prefix.family() == family)
        .sorted(Comparator.comparing(Prefix::toString))
        .toList();
  }
}
