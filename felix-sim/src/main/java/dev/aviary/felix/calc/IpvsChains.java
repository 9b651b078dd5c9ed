package dev.aviary.felix.calc;

import dev.aviary.felix.calc.Action.ClearMark;
import dev.aviary.felix.calc.Action.Goto;
import dev.aviary.felix.calc.Action.Jump;
import dev.aviary.felix.calc.Action.SetMaskedMark;
import dev.aviary.felix.calc.Action.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Beside IPVS a forwarded packet passes INPUT and OUTPUT instead of FORWARD: marks remember the
 * endpoint that it came from until policy can be applied on its way out.
 */
final class IpvsChains {
  static final String FORWARD_CHECK = "cali-forward-check";
  static final String FORWARD_ENDPOINT = "cali-forward-endpoint-mark";
  private static final String SET_MARK = "cali-set-endpoint-mark";
  private static final String FROM_MARK = "cali-from-endpoint-mark";

  private final Rendering rendering;
  private final MarkBits marks;
  private final List<String> workloads;
  private final List<String> hosts;
  private final Map<String, Integer> endpointMarks;

  IpvsChains(Rendering rendering) {
    this.rendering = rendering;
    this.marks = rendering.marks();
    workloads =
        rendering.intent().workloads().stream()
            .map(ActiveWorkload::interfaceName)
            .sorted()
            .toList();
    hosts =
        rendering.intent().hostEndpoints().stream()
            .filter(host -> !host.isWildcard())
            .map(ActiveHostEndpoint::interfaceName)
            .sorted()
            .toList();
    var all = new ArrayList<>(workloads);
    all.addAll(hosts);
    endpointMarks = EndpointMarks.of(marks, all);
  }

  List<Chain> render() {
    var chains = new ArrayList<Chain>();
    chains.add(forwardCheck());
    chains.add(forwardEndpoint());
    chains.addAll(setMark());
    chains.add(fromMark());
    for (var name : endpointMarks.keySet()) {
      chains.add(
          Chain.of(
              CalicoNames.chainName("cali-sm-", name),
              Rule.of(new SetMaskedMark(mark(name), marks.endpoints()))));
    }
    return chains;
  }

  private int mark(String name) {
    return endpointMarks.getOrDefault(name, marks.nonCalicoEndpoint());
  }

  private Chain forwardCheck() {
    var rules = new ArrayList<Rule>();
    var thisHost = rendering.set(IpSetNames.THIS_HOST);
    rules.add(Rule.of(Match.ANY.conntrack(EndpointChains.KNOWN), Verdict.RETURN));
    for (var group : PortRange.split(rendering.config().nodePortRanges())) {
      for (var protocol : List.of(Protocol.TCP, Protocol.UDP)) {
        rules.add(
            Rule.of(
                "To kubernetes NodePort service",
                Match.ANY
                    .protocol(protocol.text())
                    .destinationPorts(group)
                    .destinationSet(thisHost),
                new Goto(SET_MARK)));
      }
    }
    rules.add(
        Rule.of(
            "To kubernetes service", Match.ANY.notDestinationSet(thisHost), new Jump(SET_MARK)));
    return Chain.of(FORWARD_CHECK, rules);
  }

  private Chain forwardEndpoint() {
    var rules = new ArrayList<Rule>();
    rules.add(
        Rule.of(
            Match.ANY.notMarkMatches(marks.nonCalicoEndpoint(), marks.endpoints()),
            new Jump(FROM_MARK)));
    rules.addAll(rendering.toWorkloads(new Jump("cali-to-wl-dispatch")));
    rules.add(Rule.of(new Jump("cali-to-hep-forward")));
    rules.add(Rule.of(new ClearMark(marks.endpoints())));
    rules.add(
        Rule.of(
            "Policy explicitly accepted packet.",
            rendering.accepted(),
            rendering.config().filterAllowAction()));
    return Chain.of(FORWARD_ENDPOINT, rules);
  }

  /** One tree for workloads and one for host endpoints, side by side in one root. */
  private List<Chain> setMark() {
    var chains = new ArrayList<Chain>();
    var root = new ArrayList<Rule>();
    for (var names : List.of(workloads, hosts)) {
      var tree = DispatchChains.byInInterface().of(SET_MARK, "cali-sm-", names, List.<Rule>of());
      root.addAll(tree.getLast().rules());
      chains.addAll(tree.subList(0, tree.size() - 1));
    }
    for (var prefix : rendering.config().interfacePrefixes()) {
      root.add(Rule.of("Unknown endpoint", Match.ANY.inInterface(prefix + "+"), Verdict.DROP));
    }
    root.add(
        Rule.of(
            "Non-Cali endpoint mark",
            new SetMaskedMark(marks.nonCalicoEndpoint(), marks.endpoints())));
    chains.add(Chain.of(SET_MARK, root));
    return chains;
  }

  private Chain fromMark() {
    var rules = new ArrayList<Rule>();
    workloads.forEach(name -> rules.add(fromMark(name, "cali-fw-")));
    hosts.forEach(name -> rules.add(fromMark(name, "cali-fhfw-")));
    rules.add(Rule.of("Unknown interface", Verdict.DROP));
    return Chain.of(FROM_MARK, rules);
  }

  private Rule fromMark(String name, String prefix) {
    return Rule.of(
        Match.ANY.markMatches(mark(name), marks.endpoints()),
        new Goto(CalicoNames.chainName(prefix, name)));
  }
}
