package dev.aviary.felix.calc;

import dev.aviary.felix.calc.Action.ClearMark;
import dev.aviary.felix.calc.Action.Jump;
import dev.aviary.felix.calc.Action.SetMark;
import dev.aviary.felix.calc.Action.Verdict;
import java.util.ArrayList;
import java.util.List;

/**
 * The chain of one endpoint in one direction: connections that are known, then failsafes, then
 * policies, then profiles, then nothing more is allowed.
 */
final class EndpointChains {
  /** Conntrack's states of a connection that was allowed when it began. */
  static final String KNOWN = "RELATED,ESTABLISHED";

  private static final String IPIP = "4";
  private static final String UDP = "17";

  private final FelixConfig config;
  private final MarkBits marks;

  EndpointChains(FelixConfig config, MarkBits marks) {
    this.config = config;
    this.marks = marks;
  }

  /** What the chain is for decides which sections it has. */
  enum Kind {
    NORMAL,
    FORWARD,
    PRE_DNAT,
    UNTRACKED
  }

  /** The chain of a workload. */
  Chain workload(ActiveWorkload workload, Direction direction) {
    var name =
        CalicoNames.chainName(
            direction == Direction.INGRESS ? "cali-tw-" : "cali-fw-", workload.interfaceName());
    if (!workload.adminUp()) {
      return Chain.of(name, Rule.of("Endpoint admin disabled", Verdict.DROP));
    }
    var rules = new ArrayList<Rule>();
    conntrack(rules, config.filterAllowAction());
    rules.add(Rule.of(new ClearMark(marks.accept())));
    if (direction == Direction.EGRESS) {
      encapsulated(rules);
    }
    policies(rules, Kind.NORMAL, workload.policies().of(direction), direction);
    profiles(rules, workload.profiles(), direction);
    return Chain.of(name, rules);
  }

  /** The chain of a host endpoint in the filter table or, for egress, in the mangle table. */
  Chain host(ActiveHostEndpoint host, Direction direction, Verdict allow) {
    var rules = new ArrayList<Rule>();
    conntrack(rules, allow);
    failsafes(rules, direction);
    rules.add(Rule.of(new ClearMark(marks.accept())));
    policies(rules, Kind.NORMAL, host.normal().of(direction), direction);
    profiles(rules, host.profiles(), direction);
    return Chain.of(hostChain(host, direction, ""), rules);
  }

  Chain hostForward(ActiveHostEndpoint host, Direction direction) {
    var rules = new ArrayList<Rule>();
    conntrack(rules, config.filterAllowAction());
    rules.add(Rule.of(new ClearMark(marks.accept())));
    policies(rules, Kind.FORWARD, host.forward().of(direction), direction);
    return Chain.of(hostChain(host, direction, "fw"), rules);
  }

  Chain hostPreDnat(ActiveHostEndpoint host) {
    var rules = new ArrayList<Rule>();
    conntrack(rules, config.mangleAllowAction());
    failsafes(rules, Direction.INGRESS);
    rules.add(Rule.of(new ClearMark(marks.accept())));
    policies(rules, Kind.PRE_DNAT, host.preDnat().ingress(), Direction.INGRESS);
    return Chain.of(hostChain(host, Direction.INGRESS, ""), rules);
  }

  Chain hostUntracked(ActiveHostEndpoint host, Direction direction) {
    var rules = new ArrayList<Rule>();
    failsafes(rules, direction);
    rules.add(Rule.of(new ClearMark(marks.accept())));
    policies(rules, Kind.UNTRACKED, host.untracked().of(direction), direction);
    return Chain.of(hostChain(host, direction, ""), rules);
  }

  /** Traffic to a host endpoint comes from outside ("from"), traffic from it goes out ("to"). */
  private static String hostChain(ActiveHostEndpoint host, Direction direction, String suffix) {
    var prefix = direction == Direction.INGRESS ? "cali-fh" : "cali-th";
    return CalicoNames.chainName(prefix + suffix + "-", host.interfaceName());
  }

  private void conntrack(List<Rule> rules, Verdict allow) {
    if (allow != Verdict.ACCEPT) {
      // What only returns must leave a mark that it was allowed.
      rules.add(Rule.of(Match.ANY.conntrack(KNOWN), new SetMark(marks.accept())));
    }
    rules.add(Rule.of(Match.ANY.conntrack(KNOWN), allow));
    if (!config.disableConntrackInvalidCheck()) {
      rules.add(Rule.of(Match.ANY.conntrack("INVALID"), Verdict.DROP));
    }
  }

  private static void failsafes(List<Rule> rules, Direction direction) {
    rules.add(
        Rule.of(
            new Jump(
                direction == Direction.INGRESS
                    ? FailsafeChains.INBOUND
                    : FailsafeChains.OUTBOUND)));
  }

  private void encapsulated(List<Rule> rules) {
    var encapsulation = config.encapsulation();
    if (!encapsulation.allowVxlanFromWorkloads()) {
      rules.add(
          Rule.of(
              "Drop VXLAN encapped packets originating in workloads",
              Match.ANY.protocol(UDP).destinationPorts(Integer.toString(encapsulation.vxlanPort())),
              Verdict.DROP));
    }
    if (!encapsulation.allowIpipFromWorkloads()) {
      rules.add(
          Rule.of(
              "Drop IPinIP encapped packets originating in workloads",
              Match.ANY.protocol(IPIP),
              Verdict.DROP));
    }
  }

  private void policies(List<Rule> rules, Kind kind, List<String> policies, Direction direction) {
    if (policies.isEmpty()) {
      if (kind == Kind.FORWARD) {
        rules.add(Rule.of("Allow forwarded traffic by default", new SetMark(marks.accept())));
        rules.add(Rule.of("Return for accepted forward traffic", Verdict.RETURN));
      }
      return;
    }
    rules.add(Rule.of("Start of policies", new ClearMark(marks.pass())));
    for (var policy : policies) {
      rules.add(
          Rule.of(
              Match.ANY.markClear(marks.pass()),
              new Jump(CalicoNames.policyChain(direction, policy))));
      if (kind == Kind.UNTRACKED) {
        rules.add(Rule.of(accepted(), Verdict.NOTRACK));
      }
      rules.add(Rule.of("Return if policy accepted", accepted(), Verdict.RETURN));
    }
    if (kind == Kind.NORMAL || kind == Kind.FORWARD) {
      rules.add(
          Rule.of(
              "Drop if no policies passed packet",
              Match.ANY.markClear(marks.pass()),
              Verdict.DROP));
    }
  }

  private void profiles(List<Rule> rules, List<String> profiles, Direction direction) {
    for (var profile : profiles) {
      rules.add(Rule.of(new Jump(CalicoNames.profileChain(direction, profile))));
      rules.add(Rule.of("Return if profile accepted", accepted(), Verdict.RETURN));
    }
    rules.add(Rule.of("Drop if no profiles matched", Verdict.DROP));
  }

  private Match accepted() {
    return Match.ANY.markSet(marks.accept());
  }
}
