package dev.aviary.felix.calc;

import dev.aviary.felix.calc.KubernetesPolicy.LabelSelector;
import dev.aviary.felix.calc.KubernetesPolicy.PolicyPeer;
import dev.aviary.felix.calc.KubernetesPolicy.PolicyPort;
import dev.aviary.felix.calc.PolicyRule.Peer;
import dev.aviary.felix.calc.PolicyRule.RulePort;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/** Kubernetes NetworkPolicies in Calico's words, as Calico itself converts them. */
public final class KubernetesPolicyConversion {
  private static final double ORDER = 1000;
  private static final String OF_KUBERNETES = WorkloadEndpoint.ORCHESTRATOR + " == 'k8s'";

  private KubernetesPolicyConversion() {}

  public static Policy convert(KubernetesPolicy policy) {
    return new Policy(
        policy.namespace() + "/knp.default." + policy.name(),
        policy.namespace(),
        OptionalDouble.of(ORDER),
        podSelector(Optional.of(policy.podSelector())),
        Optional.empty(),
        "",
        policy.governsIngress(),
        policy.governsEgress(),
        rules(policy.ingress(), Direction.INGRESS),
        rules(policy.egress(), Direction.EGRESS),
        true,
        false,
        false);
  }

  private static List<PolicyRule> rules(List<KubernetesPolicy.Rule> rules, Direction direction) {
    var converted = new ArrayList<PolicyRule>();
    for (var rule : rules) {
      for (var ports : byProtocol(rule.ports()).entrySet()) {
        if (rule.peers().isEmpty()) {
          converted.add(rule(ports, Peer.ANY, direction));
        }
        for (var peer : rule.peers()) {
          converted.add(rule(ports, peer(peer), direction));
        }
      }
    }
    return converted;
  }

  private static PolicyRule rule(
      Map.Entry<String, List<RulePort>> ports, Peer peer, Direction direction) {
    Optional<Protocol> protocol =
        ports.getKey().isEmpty() ? Optional.empty() : Optional.of(new Protocol(ports.getKey()));
    return direction == Direction.INGRESS
        ? PolicyRule.of(RuleAction.ALLOW, protocol, peer, Peer.ANY.withPorts(ports.getValue()))
        : PolicyRule.of(RuleAction.ALLOW, protocol, Peer.ANY, peer.withPorts(ports.getValue()));
  }

  /** The ports of each protocol, under "" if there are none at all; no ports mean all of them. */
  private static Map<String, List<RulePort>> byProtocol(List<PolicyPort> ports) {
    var byProtocol = new TreeMap<String, List<RulePort>>();
    var whole = new ArrayList<String>();
    for (var port : ports) {
      var list = byProtocol.computeIfAbsent(port.protocol().text(), _ -> new ArrayList<>());
      port.port().ifPresentOrElse(list::add, () -> whole.add(port.protocol().text()));
    }
    byProtocol.replaceAll((_, list) -> simplified(list));
    whole.forEach(protocol -> byProtocol.put(protocol, List.of()));
    if (byProtocol.isEmpty()) {
      byProtocol.put("", List.of());
    }
    return byProtocol;
  }

  /** Numbers that touch become ranges; names go first, unless there is nothing to simplify. */
  private static List<RulePort> simplified(List<RulePort> ports) {
    var numbers = new ArrayList<PortRange>();
    var simple = new ArrayList<RulePort>();
    for (var port : ports) {
      switch (port) {
        case RulePort.Numbered(var range) -> numbers.add(range);
        case RulePort.Named _ -> simple.add(port);
      }
    }
    if (numbers.size() < 2) {
      return ports;
    }
    numbers.sort(Comparator.comparingInt(PortRange::first).thenComparingInt(PortRange::last));
    var current = numbers.getFirst();
    for (var next : numbers.subList(1, numbers.size())) {
      if (next.first() <= current.last() + 1) {
        current = new PortRange(current.first(), Math.max(current.last(), next.last()));
      } else {
        simple.add(new RulePort.Numbered(current));
        current = next;
      }
    }
    simple.add(new RulePort.Numbered(current));
    return simple;
  }

  private static Peer peer(PolicyPeer peer) {
    return switch (peer) {
      case PolicyPeer.IpBlock(var cidr, var except) -> Peer.ofNets(List.of(cidr), except);
      case PolicyPeer.Pods(var pods, var namespaces) -> {
        var selected = Peer.ofSelector(podSelector(pods));
        yield namespaces
            .map(n -> selected.withNamespaceSelector(namespaceSelector(n)))
            .orElse(selected);
      }
    };
  }

  private static String podSelector(Optional<LabelSelector> selector) {
    var terms = new ArrayList<String>();
    terms.add(OF_KUBERNETES);
    selector.ifPresent(s -> terms(s, terms));
    return String.join(" && ", terms);
  }

  private static String namespaceSelector(LabelSelector selector) {
    if (selector.isEmpty()) {
      return "all()";
    }
    var terms = new ArrayList<String>();
    terms(selector, terms);
    return String.join(" && ", terms);
  }

  private static void terms(LabelSelector selector, List<String> terms) {
    new TreeMap<>(selector.matchLabels())
        .forEach((key, value) -> terms.add(key + " == '" + value + "'"));
    for (var requirement : selector.expressions()) {
      var values = "{ '" + String.join("', '", requirement.values()) + "' }";
      terms.add(
          switch (requirement.operator()) {
            case IN -> requirement.key() + " in " + values;
            case NOT_IN -> requirement.key() + " not in " + values;
            case EXISTS -> "has(" + requirement.key() + ")";
            case DOES_NOT_EXIST -> "! has(" + requirement.key() + ")";
          });
    }
  }
}
