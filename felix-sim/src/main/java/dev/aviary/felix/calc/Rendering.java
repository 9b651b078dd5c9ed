package dev.aviary.felix.calc;

import dev.aviary.felix.calc.Action.Goto;
import dev.aviary.felix.calc.Action.Verdict;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** What the tables of one family are rendered from, and what they share. */
record Rendering(
    FelixConfig config,
    MarkBits marks,
    IpFamily family,
    Intent intent,
    Memo<ChainKey, Chain> memo) {
  static final String FROM_HOST_ENDPOINT = "cali-from-host-endpoint";
  static final String TO_HOST_ENDPOINT = "cali-to-host-endpoint";
  private static final String UNKNOWN = "Unknown interface";

  /** A chain by all that it is rendered from: {@code source} and, for policies, what kind. */
  record ChainKey(Object source, Direction direction, boolean profile) {}

  EndpointChains endpointChains() {
    return new EndpointChains(config, marks);
  }

  Match accepted() {
    return Match.ANY.markSet(marks.accept());
  }

  String set(String id) {
    return CalicoNames.setName(family, id);
  }

  /** One rule for each prefix of workload interfaces. */
  List<Rule> fromWorkloads(Action action) {
    return config.interfacePrefixes().stream()
        .map(prefix -> Rule.of(Match.ANY.inInterface(prefix + "+"), action))
        .toList();
  }

  List<Rule> toWorkloads(Action action) {
    return config.interfacePrefixes().stream()
        .map(prefix -> Rule.of(Match.ANY.outInterface(prefix + "+"), action))
        .toList();
  }

  /** Every policy's chains and, if asked for, the profiles': what nobody enters falls away. */
  List<Chain> policyChains() {
    var chains = new ArrayList<Chain>();
    var renderer = policyRenderer();
    for (var policy : intent.policies()) {
      for (var direction : Direction.values()) {
        chains.add(
            memo.get(
                new ChainKey(policy, direction, false), _ -> renderer.policy(policy, direction)));
      }
    }
    return chains;
  }

  List<Chain> profileChains(Collection<Direction> directions) {
    var chains = new ArrayList<Chain>();
    var renderer = policyRenderer();
    for (var profile : intent.profiles()) {
      for (var direction : directions) {
        chains.add(
            memo.get(
                new ChainKey(profile, direction, true), _ -> renderer.profile(profile, direction)));
      }
    }
    return chains;
  }

  private PolicyChains policyRenderer() {
    return new PolicyChains(new PolicyRuleRenderer(family, marks, config.logPrefix()));
  }

  /** The tree from an interface to its workload's chain. */
  List<Chain> workloadDispatch(Direction direction) {
    var names = intent.workloads().stream().map(ActiveWorkload::interfaceName).toList();
    var end = List.of(Rule.of(UNKNOWN, Verdict.DROP));
    return direction == Direction.INGRESS
        ? DispatchChains.byOutInterface().of("cali-to-wl-dispatch", "cali-tw-", names, end)
        : DispatchChains.byInInterface().of("cali-from-wl-dispatch", "cali-fw-", names, end);
  }

  /**
   * The tree from an interface to the chain of its host endpoint; what has none goes to the one for
   * all interfaces, after {@code before}, if there is that.
   */
  List<Chain> hostDispatch(
      String root,
      String prefix,
      Direction direction,
      Predicate<ActiveHostEndpoint> governed,
      List<Rule> before) {
    var names = new ArrayList<String>();
    var end = new ArrayList<Rule>();
    for (var host : intent.hostEndpoints()) {
      if (!governed.test(host)) {
        continue;
      }
      if (host.isWildcard()) {
        end.addAll(before);
        end.add(Rule.of(new Goto(CalicoNames.chainName(prefix, host.interfaceName()))));
      } else {
        names.add(host.interfaceName());
      }
    }
    var dispatch =
        direction == Direction.INGRESS
            ? DispatchChains.byInInterface()
            : DispatchChains.byOutInterface();
    return dispatch.of(root, prefix, names, end);
  }

  Optional<Host> ownHost() {
    return intent.hosts().stream().filter(h -> h.name().equals(intent.hostname())).findFirst();
  }
}
