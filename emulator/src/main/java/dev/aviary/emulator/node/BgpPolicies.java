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
import dev.aviary.emulator.resource.Cidr;
import dev.aviary.net.Prefix;
import java.util.List;

/** The filters of Calico's BIRD configuration for one node, as policies. */
final class BgpPolicies {
  /** The highest LOCAL_PREF. */
  private static final int ALL_ONES = -1;

  private final NodeBgp bgp;
  private final FilterConditions filters;

  BgpPolicies(NodeBgp bgp, NextHops nextHops) {
    this.bgp = bgp;
    this.filters = new FilterConditions(bgp, nextHops);
  }

  /** What is taken from {@code peer}. */
  NamedPolicy importsFrom(PlannedPeer peer) {
    var builder = new NamedPolicy.Builder();
    filters.add(peer, Direction.IMPORT, builder);
    if (bgp.version() == CalicoVersion.MASTER) {
      int urgent = NodeBgp.PRIORITY_BASE - bgp.normalPriority() + 1;
      builder.add(
          "urgent: LOCAL_PREF of at least " + Integer.toUnsignedString(urgent),
          new Statement(
              List.of(new LocalPrefWithin(urgent, ALL_ONES)),
              List.of(new Change.PreferAsOwn()),
              Outcome.ACCEPT));
    }
    var built =
        builder.build("calico_import", Policy.Otherwise.ACCEPT, "no filter speaks against it");
    return built.reasons().isEmpty()
        ? new NamedPolicy(Policy.ACCEPT, List.of(), built.otherwise())
        : built;
  }

  /** What {@code peer} is told: its BGPFilters, then calico_export_to_bgp_peers. */
  NamedPolicy exportsTo(PlannedPeer peer) {
    var builder = new NamedPolicy.Builder();
    if (bgp.version() == CalicoVersion.MASTER) {
      // What the node originates has the kernel's metric, turned round.
      builder.add(
          "priority",
          new Statement(
              List.of(new Condition.IsLocal()),
              List.of(new Change.SetLocalPref(NodeBgp.PRIORITY_BASE - bgp.normalPriority())),
              Outcome.NEXT));
    }
    filters.add(peer, Direction.EXPORT, builder);
    for (var pool : bgp.pools()) {
      if (pool.disableBgpExport()) {
        builder.add(
            "pool %s has disableBGPExport".formatted(pool.cidr()),
            Statement.reject(within(pool.cidr())));
      }
    }
    for (var rule : bgp.communities()) {
      var additions = rule.communities().stream().map(BgpPolicies::add).toList();
      builder.add(
          "prefixAdvertisement " + rule.cidr(),
          new Statement(List.of(within(rule.cidr().prefix())), additions, Outcome.NEXT));
    }
    aggregation(builder);
    accept("service prefix", bgp.staticRoutes(), builder);
    accept("serviceLoadBalancerIPs of a route reflector", bgp.reflectedLoadBalancer(), builder);
    accept("serviceExternalIPs of a route reflector", bgp.reflectedExternal(), builder);
    for (var pool : bgp.pools()) {
      if (!pool.disableBgpExport()) {
        builder.add("pool " + pool.cidr(), Statement.accept(within(pool.cidr())));
      }
    }
    return builder.build(
        "calico_export_to_bgp_peers",
        Policy.Otherwise.REJECT,
        "no pool, block or service of Calico has it");
  }

  private static void accept(String what, List<Cidr> cidrs, NamedPolicy.Builder into) {
    for (var cidr : cidrs) {
      into.add(what + " " + cidr, Statement.accept(within(cidr.prefix())));
    }
  }

  /** The block itself goes out, and nothing beneath it; from v3.32 on, but for what is urgent. */
  private void aggregation(NamedPolicy.Builder into) {
    int urgent = NodeBgp.PRIORITY_BASE - bgp.normalPriority() + 1;
    for (var block : bgp.blocks()) {
      if (!block.aggregates()) {
        continue;
      }
      var prefix = block.cidr().prefix();
      into.add(
          "own block " + prefix,
          Statement.accept(new PrefixIn(PrefixList.of(PrefixList.exactly(prefix)))));
      if (bgp.version() == CalicoVersion.MASTER) {
        into.add(
            "urgent inside own block " + prefix,
            Statement.accept(within(prefix), new LocalPrefWithin(urgent, NodeBgp.PRIORITY_BASE)));
      }
      into.add("aggregation: beneath own block " + prefix, Statement.reject(within(prefix)));
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
