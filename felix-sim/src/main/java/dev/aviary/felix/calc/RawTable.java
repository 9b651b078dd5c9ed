package dev.aviary.felix.calc;

import dev.aviary.felix.calc.Action.ClearMark;
import dev.aviary.felix.calc.Action.Jump;
import dev.aviary.felix.calc.Action.SetMark;
import dev.aviary.felix.calc.Action.Verdict;
import java.util.ArrayList;
import java.util.List;

/** The raw table: spoofed sources of workloads, and untracked policy of host endpoints. */
final class RawTable {
  private static final String WIREGUARD_MARK = "cali-wireguard-incoming-mark";

  private final Rendering rendering;
  private final MarkBits marks;

  RawTable(Rendering rendering) {
    this.rendering = rendering;
    this.marks = rendering.marks();
  }

  TableState render() {
    var chains = new ArrayList<Chain>();
    chains.add(prerouting());
    chains.add(
        Chain.of(
            "cali-OUTPUT",
            Rule.of(new ClearMark(marks.all())),
            Rule.of(new Jump(Rendering.TO_HOST_ENDPOINT)),
            Rule.of(rendering.accepted(), Verdict.ACCEPT)));
    if (rendering.config().wireguard()) {
      chains.add(wireguardMark());
    }
    chains.addAll(
        rendering.hostDispatch(
            Rendering.FROM_HOST_ENDPOINT,
            "cali-fh-",
            Direction.INGRESS,
            RawTable::isUntracked,
            List.of()));
    chains.addAll(
        rendering.hostDispatch(
            Rendering.TO_HOST_ENDPOINT,
            "cali-th-",
            Direction.EGRESS,
            RawTable::isUntracked,
            List.of()));
    var endpoints = rendering.endpointChains();
    rendering.intent().hostEndpoints().stream()
        .filter(RawTable::isUntracked)
        .forEach(
            host -> {
              chains.add(endpoints.hostUntracked(host, Direction.INGRESS));
              chains.add(endpoints.hostUntracked(host, Direction.EGRESS));
            });
    chains.addAll(FailsafeChains.of(rendering.config(), rendering.family(), true));
    chains.addAll(rendering.policyChains());
    return TableState.of(
        IptablesTable.RAW,
        List.of(
            Chain.of("PREROUTING", Rule.of(new Jump("cali-PREROUTING"))),
            Chain.of("OUTPUT", Rule.of(new Jump("cali-OUTPUT")))),
        List.of(),
        chains);
  }

  /** Policy for all interfaces can't be untracked: it would catch the workloads' traffic too. */
  private static boolean isUntracked(ActiveHostEndpoint host) {
    return !host.isWildcard() && !host.untracked().isEmpty();
  }

  private Chain prerouting() {
    int fromWorkload = marks.scratch0();
    var rules = new ArrayList<Rule>();
    rules.add(Rule.of(new ClearMark(marks.all())));
    if (rendering.config().wireguard() && rendering.config().wireguardHostEncryption()) {
      rules.add(Rule.of(new Jump(WIREGUARD_MARK)));
    }
    rules.addAll(rendering.fromWorkloads(new SetMark(fromWorkload)));
    rules.add(Rule.of(Match.ANY.markSet(fromWorkload).reversePathFailed(), Verdict.DROP));
    rules.add(Rule.of(Match.ANY.markClear(fromWorkload), new Jump(Rendering.FROM_HOST_ENDPOINT)));
    rules.add(Rule.of(rendering.accepted(), Verdict.ACCEPT));
    return Chain.of("cali-PREROUTING", rules);
  }

  private Chain wireguardMark() {
    var rules = new ArrayList<Rule>();
    rules.add(Rule.of(Match.ANY.inInterface("lo"), Verdict.RETURN));
    rules.add(Rule.of(Match.ANY.inInterface(NatTable.WIREGUARD_DEVICE), Verdict.RETURN));
    rules.addAll(rendering.fromWorkloads(Verdict.RETURN));
    rules.add(Rule.of(new SetMark(marks.wireguard())));
    return Chain.of(WIREGUARD_MARK, rules);
  }
}
