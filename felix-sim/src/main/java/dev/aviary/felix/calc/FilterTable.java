package dev.aviary.felix.calc;

import dev.aviary.felix.calc.Action.ClearMark;
import dev.aviary.felix.calc.Action.Goto;
import dev.aviary.felix.calc.Action.Jump;
import dev.aviary.felix.calc.Action.SetMark;
import dev.aviary.felix.calc.Action.Verdict;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The filter table: policy of workloads and host endpoints. */
final class FilterTable {
  /**
   * What a workload may send its host under IPv6 whatever policy says: multicast listener query,
   * report and done, router and neighbor solicitation, neighbor advertisement.
   */
  private static final List<Integer> NEIGHBOR_DISCOVERY = List.of(130, 131, 132, 133, 135, 136);

  private static final String FROM_FORWARD = "cali-from-hep-forward";
  private static final String TO_FORWARD = "cali-to-hep-forward";
  private static final String CIDR_BLOCK = "cali-cidr-block";

  private final Rendering rendering;
  private final FelixConfig config;
  private final MarkBits marks;
  private final EncapsulationRules encapsulation;

  FilterTable(Rendering rendering) {
    this.rendering = rendering;
    this.config = rendering.config();
    this.marks = rendering.marks();
    this.encapsulation = new EncapsulationRules(rendering);
  }

  TableState render() {
    var chains = new ArrayList<Chain>();
    chains.add(input());
    chains.add(forward());
    chains.add(output());
    chains.add(workloadToHost());
    chains.add(cidrBlock());
    chains.addAll(rendering.workloadDispatch(Direction.INGRESS));
    chains.addAll(rendering.workloadDispatch(Direction.EGRESS));
    hostDispatch(chains);
    endpoints(chains);
    chains.addAll(FailsafeChains.of(config, rendering.family(), false));
    chains.addAll(rendering.policyChains());
    chains.addAll(rendering.profileChains(List.of(Direction.values())));
    if (config.ipvs()) {
      chains.addAll(new IpvsChains(rendering).render());
    }
    var accepted =
        Rule.of(
            "Policy explicitly accepted packet.", rendering.accepted(), config.filterAllowAction());
    return TableState.of(
        IptablesTable.FILTER,
        List.of(
            Chain.of("INPUT", Rule.of(new Jump("cali-INPUT"))),
            Chain.of("FORWARD", Rule.of(new Jump("cali-FORWARD"))),
            Chain.of("OUTPUT", Rule.of(new Jump("cali-OUTPUT")))),
        List.of(Chain.appended("FORWARD", List.of(accepted, Rule.of(new SetMark(marks.accept()))))),
        chains);
  }

  private void hostDispatch(List<Chain> chains) {
    chains.addAll(
        rendering.hostDispatch(
            Rendering.FROM_HOST_ENDPOINT, "cali-fh-", Direction.INGRESS, _ -> true, List.of()));
    chains.addAll(
        rendering.hostDispatch(
            Rendering.TO_HOST_ENDPOINT, "cali-th-", Direction.EGRESS, _ -> true, List.of()));
    chains.addAll(
        rendering.hostDispatch(
            FROM_FORWARD, "cali-fhfw-", Direction.INGRESS, _ -> true, List.of()));
    chains.addAll(
        rendering.hostDispatch(TO_FORWARD, "cali-thfw-", Direction.EGRESS, _ -> true, List.of()));
  }

  private void endpoints(List<Chain> chains) {
    var renderer = rendering.endpointChains();
    for (var direction : Direction.values()) {
      for (var workload : rendering.intent().workloads()) {
        chains.add(
            rendering
                .memo()
                .get(
                    new Rendering.ChainKey(workload, direction, false),
                    _ -> renderer.workload(workload, direction)));
      }
      for (var host : rendering.intent().hostEndpoints()) {
        chains.add(renderer.host(host, direction, config.filterAllowAction()));
        chains.add(renderer.hostForward(host, direction));
      }
    }
  }

  private Chain input() {
    var rules = new ArrayList<Rule>(encapsulation.input());
    if (config.ipvs()) {
      rules.add(Rule.of(new ClearMark(marks.endpoints())));
      rules.add(Rule.of(new Jump(IpvsChains.FORWARD_CHECK)));
      rules.add(Rule.of(Match.ANY.markNotClear(marks.endpoints()), Verdict.RETURN));
    }
    rules.addAll(rendering.fromWorkloads(new Goto("cali-wl-to-host")));
    rules.add(Rule.of(rendering.accepted(), config.filterAllowAction()));
    rules.add(Rule.of(new ClearMark(marks.all())));
    rules.add(Rule.of(new Jump(Rendering.FROM_HOST_ENDPOINT)));
    rules.add(Rule.of(MangleTable.ACCEPTED, rendering.accepted(), config.filterAllowAction()));
    return Chain.of("cali-INPUT", rules);
  }

  private Chain output() {
    var rules = new ArrayList<Rule>();
    rules.add(Rule.of(rendering.accepted(), config.filterAllowAction()));
    if (config.ipvs()) {
      rules.add(
          Rule.of(
              Match.ANY.markNotClear(marks.endpoints()), new Goto(IpvsChains.FORWARD_ENDPOINT)));
    }
    rules.addAll(rendering.toWorkloads(Verdict.RETURN));
    rules.addAll(encapsulation.output());
    rules.add(Rule.of(new ClearMark(marks.all())));
    rules.add(Rule.of(Match.ANY.notConntrack("DNAT"), new Jump(Rendering.TO_HOST_ENDPOINT)));
    rules.add(Rule.of(MangleTable.ACCEPTED, rendering.accepted(), config.filterAllowAction()));
    return Chain.of("cali-OUTPUT", rules);
  }

  private Chain forward() {
    var rules = new ArrayList<Rule>();
    rules.add(Rule.of(new ClearMark(marks.all() & ~marks.accept())));
    rules.add(Rule.of(Match.ANY.markClear(marks.accept()), new Jump(FROM_FORWARD)));
    for (var prefix : config.interfacePrefixes()) {
      rules.add(Rule.of(Match.ANY.inInterface(prefix + "+"), new Jump("cali-from-wl-dispatch")));
      rules.add(Rule.of(Match.ANY.outInterface(prefix + "+"), new Jump("cali-to-wl-dispatch")));
    }
    rules.add(Rule.of(new Jump(TO_FORWARD)));
    rules.add(Rule.of(new Jump(CIDR_BLOCK)));
    return Chain.of("cali-FORWARD", rules);
  }

  private Chain workloadToHost() {
    var rules = new ArrayList<Rule>();
    if (rendering.family() == IpFamily.IPV6) {
      for (int type : NEIGHBOR_DISCOVERY) {
        rules.add(
            Rule.of(
                Match.ANY.protocol("58").icmpV6(Integer.toString(type)),
                config.filterAllowAction()));
      }
    }
    rules.add(Rule.of(new Jump("cali-from-wl-dispatch")));
    rules.add(Rule.of("Configured DefaultEndpointToHostAction", config.endpointToHostAction()));
    return Chain.of("cali-wl-to-host", rules);
  }

  /** Service addresses that nobody serves would otherwise travel between router and host. */
  private Chain cidrBlock() {
    Optional<Verdict> verdict = config.serviceLoopPrevention();
    if (verdict.isEmpty()) {
      return Chain.of(CIDR_BLOCK);
    }
    return Chain.of(
        CIDR_BLOCK,
        rendering.intent().serviceCidrs().stream()
            .filter(cidr -> cidr.family() == rendering.family())
            .map(Object::toString)
            .sorted()
            .map(cidr -> Rule.of(Match.ANY.destination(cidr), verdict.get()))
            .toList());
  }
}
