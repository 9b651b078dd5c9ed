package dev.aviary.felix.calc;

import dev.aviary.felix.selector.Selector;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * From the cluster to this host's endpoints, the policies that apply to them, and their sets. What
 * it remembers from one calculation to the next only saves time.
 */
public final class PolicyCalculator {
  private final IpSetCalculator ipSets = new IpSetCalculator();
  private final Memo<Policy, Converted> conversions = new Memo<>();
  private final Memo<Policy, Selector> selectors = new Memo<>();

  /** A policy with its selectors turned into sets, and those sets. */
  record Converted(ActivePolicy policy, Map<String, RuleSet> sets) {}

  /** What follows from {@code inputs} for their host. */
  public Intent intent(Inputs inputs, HostState host) {
    var intent = new PolicyCalculation(this, inputs, host).intent();
    conversions.sweep();
    selectors.sweep();
    return intent;
  }

  private static Converted convert(Policy policy) {
    var sets = new TreeMap<String, RuleSet>();
    var conversion = new RuleConversion(sets);
    return new Converted(
        new ActivePolicy(
            policy.name(),
            conversion.convert(policy.ingress(), policy.namespace()),
            conversion.convert(policy.egress(), policy.namespace())),
        sets);
  }

  /** Which endpoints {@code policy} applies to. */
  Selector selector(Policy policy) {
    return selectors.get(policy, PeerSelectors::of);
  }

  Converted converted(Policy policy) {
    return conversions.get(policy, PolicyCalculator::convert);
  }

  List<IpSet> ipSets(Inputs inputs, EffectiveLabels labels, Collection<RuleSet> wanted) {
    return ipSets.calculate(inputs, labels, wanted);
  }
}
