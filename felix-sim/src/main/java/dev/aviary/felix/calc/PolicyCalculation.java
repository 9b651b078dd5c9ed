package dev.aviary.felix.calc;

import dev.aviary.felix.selector.Selector;
import dev.aviary.net.IpAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;

/** One calculation of what policy means for one host. */
final class PolicyCalculation {
  private static final Comparator<Policy> ORDER =
      Comparator.<Policy>comparingDouble(p -> p.order().orElse(Double.POSITIVE_INFINITY))
          .thenComparing(Policy::name);

  private final PolicyCalculator memory;
  private final Inputs inputs;
  private final HostState host;
  private final EffectiveLabels labels;
  private final List<Selected> policies;
  private final Set<Policy> active = new LinkedHashSet<>();

  private record Selected(Policy policy, Selector selector) {}

  PolicyCalculation(PolicyCalculator memory, Inputs inputs, HostState host) {
    this.memory = memory;
    this.inputs = inputs;
    this.host = host;
    labels = new EffectiveLabels(inputs.profiles());
    policies =
        inputs.policies().stream()
            .sorted(ORDER)
            .map(policy -> new Selected(policy, memory.selector(policy)))
            .toList();
  }

  Intent intent() {
    var workloads = workloads();
    var hostEndpoints = hostEndpoints();
    var profileNames = new LinkedHashSet<String>();
    workloads.forEach(w -> profileNames.addAll(w.profiles()));
    hostEndpoints.forEach(h -> profileNames.addAll(h.profiles()));
    var ruleSets = new TreeMap<String, RuleSet>();
    var activePolicies = new ArrayList<ActivePolicy>();
    for (var policy : active) {
      var converted = memory.converted(policy);
      activePolicies.add(converted.policy());
      ruleSets.putAll(converted.sets());
    }
    var activeProfiles = profiles(profileNames, new RuleConversion(ruleSets));
    return new Intent(
        inputs.hostname(),
        inputs.hosts(),
        inputs.pools(),
        blocks(),
        workloads,
        hostEndpoints,
        activePolicies,
        activeProfiles,
        memory.ipSets(inputs, labels, ruleSets.values()),
        inputs.serviceCidrs());
  }

  /** The blocks with what is borrowed from each, which only routes through VXLAN ask for. */
  private List<Block> blocks() {
    var borrowed = new HashMap<Block, TreeMap<IpAddress, String>>();
    if (inputs.pools().stream().allMatch(pool -> pool.vxlan() == Pool.Mode.NEVER)) {
      return inputs.blocks();
    }
    for (var workload : inputs.workloads()) {
      var host = workload.id().host();
      for (var net : workload.nets()) {
        for (var block : inputs.blocks()) {
          if (block.cidr().contains(net.address()) && !block.host().equals(host)) {
            borrowed.computeIfAbsent(block, _ -> new TreeMap<>()).put(net.address(), host);
          }
        }
      }
    }
    return inputs.blocks().stream()
        .map(
            block ->
                borrowed.containsKey(block)
                    ? new Block(
                        block.cidr(), block.host(), borrowed.getOrDefault(block, new TreeMap<>()))
                    : block)
        .toList();
  }

  private List<ActivePolicy> profiles(Set<String> names, RuleConversion conversion) {
    var known = new HashMap<String, Profile>();
    inputs.profiles().forEach(p -> known.put(p.name(), p));
    var profiles = new ArrayList<ActivePolicy>();
    for (var name : names) {
      var profile = known.get(name);
      if (profile == null) {
        // An endpoint whose profile isn't there (yet) gets nothing through it.
        var deny = List.of(ActiveRule.any(RuleAction.DENY));
        profiles.add(new ActivePolicy(name, deny, deny));
      } else {
        profiles.add(
            new ActivePolicy(
                name,
                conversion.convert(profile.ingress(), ""),
                conversion.convert(profile.egress(), "")));
      }
    }
    return profiles;
  }

  private List<ActiveWorkload> workloads() {
    Map<String, WorkloadEndpoint> byInterface = new TreeMap<>();
    for (var workload : inputs.workloads()) {
      if (workload.id().host().equals(inputs.hostname())) {
        byInterface.merge(
            workload.interfaceName(), workload, (a, b) -> a.id().compareTo(b.id()) <= 0 ? a : b);
      }
    }
    return byInterface.values().stream()
        .map(
            workload ->
                new ActiveWorkload(
                    workload.interfaceName(),
                    workload.adminUp(),
                    workload.nets(),
                    workload.floatingIps(),
                    names(
                        matching(labels.of(workload.labels(), workload.profiles())),
                        PolicyCalculation::isNormal),
                    workload.profiles()))
        .toList();
  }

  private List<ActiveHostEndpoint> hostEndpoints() {
    var endpoints = new ArrayList<ActiveHostEndpoint>();
    governing()
        .forEach(
            (name, endpoint) -> {
              var matching = matching(labels.of(endpoint.labels(), endpoint.profiles()));
              endpoints.add(
                  new ActiveHostEndpoint(
                      name,
                      names(matching, PolicyCalculation::isNormal),
                      names(matching, p -> isNormal(p) && p.applyOnForward()),
                      names(matching, Policy::preDnat),
                      names(matching, Policy::untracked),
                      endpoint.profiles()));
            });
    return endpoints;
  }

  /** By interface, the host endpoint that governs it: of several the one with the least name. */
  private Map<String, HostEndpoint> governing() {
    var candidates =
        inputs.hostEndpoints().stream()
            .filter(h -> h.host().equals(inputs.hostname()))
            .sorted(Comparator.comparing(HostEndpoint::name))
            .toList();
    var governing = new TreeMap<String, HostEndpoint>();
    for (var candidate : candidates) {
      if (candidate.interfaceName().equals("*")) {
        governing.putIfAbsent(CalicoNames.ALL_INTERFACES, candidate);
        continue;
      }
      host.interfaces()
          .forEach(
              (name, addresses) -> {
                boolean governs =
                    candidate.interfaceName().isEmpty()
                        ? addresses.stream().anyMatch(candidate.expectedIps()::contains)
                        : candidate.interfaceName().equals(name);
                if (governs) {
                  governing.putIfAbsent(name, candidate);
                }
              });
    }
    return governing;
  }

  private static boolean isNormal(Policy policy) {
    return !policy.preDnat() && !policy.untracked();
  }

  private List<Policy> matching(Map<String, String> endpoint) {
    return policies.stream()
        .filter(p -> p.selector().matches(endpoint))
        .map(Selected::policy)
        .toList();
  }

  private PolicyNames names(List<Policy> matching, Predicate<Policy> wanted) {
    var ingress = new ArrayList<String>();
    var egress = new ArrayList<String>();
    for (var policy : matching) {
      if (!wanted.test(policy)) {
        continue;
      }
      active.add(policy);
      if (policy.governsIngress()) {
        ingress.add(policy.name());
      }
      // Before DNAT there is only what comes in.
      if (policy.governsEgress() && !policy.preDnat()) {
        egress.add(policy.name());
      }
    }
    return new PolicyNames(ingress, egress);
  }
}
