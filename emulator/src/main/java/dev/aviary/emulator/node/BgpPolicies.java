package dev.aviary.emulator.node;

import dev.aviary.bgp.policy.Change;
import dev.aviary.bgp.policy.Condition;
import dev.aviary.bgp.policy.Condition.LocalPrefWithin;
import dev.aviary.bgp.policy.Condition.PrefixIn;
import dev.aviary.bgp.policy.Policy;
import dev.aviary.bgp.policy.PrefixList;
import dev.aviary.bgp.policy.Statement;
import dev.aviary.bgp.policy.Statement.Outcome;
import dev.aviary.bgp.route.Community;
import dev.aviary.bgp.route.LargeCommunity;
import dev.aviary.emulator.node.PeeringPlan.PlannedPeer;
import dev.aviary.emulator.resource.BgpCommunity;
import dev.aviary.emulator.resource.BgpFilterResource.Direction;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;

/** The filters of Calico's BIRD configuration for one node, as policies. */
final class BgpPolicies {
  private final NodeBgp bgp;
  private final FilterConditions filters;

  BgpPolicies(NodeBgp bgp, NextHops nextHops) {
    this.bgp = bgp;
    this.filters = new FilterConditions(bgp, nextHops);
  }

  /** What is taken from {@code peer}. */
  Policy importsFrom(PlannedPeer peer) {
    var statements = filters.of(peer, Direction.IMPORT);
    return statements.isEmpty()
        ? Policy.ACCEPT
        : new Policy("calico_import", statements, Policy.Otherwise.ACCEPT);
  }

  /** What {@code peer} is told: its BGPFilters, then calico_export_to_bgp_peers. */
  Policy exportsTo(PlannedPeer peer) {
    var statements = new ArrayList<Statement>();
    if (bgp.version() == CalicoVersion.MASTER) {
      // What the node originates has the kernel's metric, turned round.
      statements.add(
          new Statement(
              List.of(new Condition.IsLocal()),
              List.of(new Change.SetLocalPref(NodeBgp.PRIORITY_BASE - bgp.normalPriority())),
              Outcome.NEXT));
    }
    statements.addAll(filters.of(peer, Direction.EXPORT));
    for (var pool : bgp.pools()) {
      if (pool.disableBgpExport()) {
        statements.add(Statement.reject(within(pool.cidr())));
      }
    }
    for (var rule : bgp.communities()) {
      var additions = rule.communities().stream().map(BgpPolicies::add).toList();
      statements.add(new Statement(List.of(within(rule.cidr().prefix())), additions, Outcome.NEXT));
    }
    aggregation(statements);
    bgp.staticRoutes().forEach(cidr -> statements.add(Statement.accept(within(cidr.prefix()))));
    bgp.reflectedLoadBalancer()
        .forEach(cidr -> statements.add(Statement.accept(within(cidr.prefix()))));
    bgp.reflectedExternal()
        .forEach(cidr -> statements.add(Statement.accept(within(cidr.prefix()))));
    for (var pool : bgp.pools()) {
      if (!pool.disableBgpExport()) {
        statements.add(Statement.accept(within(pool.cidr())));
      }
    }
    return new Policy("calico_export_to_bgp_peers", statements, Policy.Otherwise.REJECT);
  }

  /** The block itself goes out, and nothing beneath it; from v3.32 on, but for what is urgent. */
  private void aggregation(List<Statement> statements) {
    int urgent = NodeBgp.PRIORITY_BASE - bgp.normalPriority() + 1;
    for (var block : bgp.blocks()) {
      if (!block.aggregates()) {
        continue;
      }
      var prefix = block.cidr().prefix();
      statements.add(Statement.accept(new PrefixIn(PrefixList.of(PrefixList.exactly(prefix)))));
      if (bgp.version() == CalicoVersion.MASTER) {
        statements.add(
            Statement.accept(within(prefix), new LocalPrefWithin(urgent, NodeBgp.PRIORITY_BASE)));
      }
      statements.add(Statement.reject(within(prefix)));
    }
  }

  static PrefixIn within(Prefix prefix) {
    return new PrefixIn(PrefixList.of(PrefixList.within(prefix)));
  }

  static Change add(BgpCommunity community) {
    var parts = community.parts();
    return community.large()
        ? new Change.AddLargeCommunity(large(community))
        : new Change.AddCommunity(new Community((int) (parts.getFirst() << 16 | parts.getLast())));
  }

  static LargeCommunity large(BgpCommunity community) {
    var parts = community.parts();
    return new LargeCommunity(
        parts.get(0).intValue(), parts.get(1).intValue(), parts.get(2).intValue());
  }
}
