package dev.aviary.felix.calc;

import dev.aviary.felix.calc.Action.ClearMark;
import dev.aviary.felix.calc.Action.Jump;
import dev.aviary.felix.calc.Action.Verdict;
import java.util.ArrayList;
import java.util.List;

/** The mangle table: policy of host endpoints before DNAT, and egress policy after it. */
final class MangleTable {
  static final String ACCEPTED = "Host endpoint policy accepted packet.";

  private final Rendering rendering;

  MangleTable(Rendering rendering) {
    this.rendering = rendering;
  }

  TableState render() {
    var chains = new ArrayList<Chain>();
    chains.add(prerouting());
    chains.add(postrouting());
    chains.addAll(
        rendering.hostDispatch(
            Rendering.FROM_HOST_ENDPOINT,
            "cali-fh-",
            Direction.INGRESS,
            host -> !host.preDnat().isEmpty(),
            List.of()));
    var skipped =
        rendering.config().interfacePrefixes().stream()
            .map(
                prefix ->
                    Rule.of(
                        "Skip egress WHEP policy for traffic to local workload",
                        Match.ANY.outInterface(prefix + "+"),
                        Verdict.RETURN))
            .toList();
    chains.addAll(
        rendering.hostDispatch(
            Rendering.TO_HOST_ENDPOINT, "cali-th-", Direction.EGRESS, _ -> true, skipped));
    var endpoints = rendering.endpointChains();
    for (var host : rendering.intent().hostEndpoints()) {
      chains.add(endpoints.host(host, Direction.EGRESS, Verdict.RETURN));
      if (!host.preDnat().isEmpty()) {
        chains.add(endpoints.hostPreDnat(host));
      }
    }
    chains.addAll(FailsafeChains.of(rendering.config(), rendering.family(), false));
    chains.addAll(rendering.policyChains());
    chains.addAll(rendering.profileChains(List.of(Direction.EGRESS)));
    return TableState.of(
        IptablesTable.MANGLE,
        List.of(
            Chain.of("PREROUTING", Rule.of(new Jump("cali-PREROUTING"))),
            Chain.of("POSTROUTING", Rule.of(new Jump("cali-POSTROUTING")))),
        List.of(),
        chains);
  }

  private Chain prerouting() {
    var allow = rendering.config().mangleAllowAction();
    return Chain.of(
        "cali-PREROUTING",
        Rule.of(Match.ANY.conntrack(EndpointChains.KNOWN), allow),
        Rule.of(rendering.accepted(), allow),
        Rule.of(new Jump(Rendering.FROM_HOST_ENDPOINT)),
        Rule.of(ACCEPTED, rendering.accepted(), allow));
  }

  private Chain postrouting() {
    var marks = rendering.marks();
    var rules = new ArrayList<Rule>();
    rules.add(Rule.of(rendering.accepted(), Verdict.RETURN));
    if (rendering.config().ipvs()) {
      // A packet that carries an endpoint's mark was judged on its way through IPVS.
      rules.add(Rule.of(Match.ANY.markNotClear(marks.endpoints()), Verdict.RETURN));
    }
    rules.add(Rule.of(new ClearMark(marks.all())));
    rules.add(Rule.of(Match.ANY.conntrack("DNAT"), new Jump(Rendering.TO_HOST_ENDPOINT)));
    rules.add(Rule.of(ACCEPTED, rendering.accepted(), Verdict.RETURN));
    return Chain.of("cali-POSTROUTING", rules);
  }
}
