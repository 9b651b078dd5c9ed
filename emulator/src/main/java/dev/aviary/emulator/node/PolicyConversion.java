package dev.aviary.emulator.node;

import dev.aviary.emulator.resource.NetworkPolicyResource;
import dev.aviary.emulator.resource.NetworkPolicyResource.Entity;
import dev.aviary.emulator.resource.NetworkPolicyResource.Rule;
import dev.aviary.felix.calc.Icmp;
import dev.aviary.felix.calc.Policy;
import dev.aviary.felix.calc.PolicyRule;
import dev.aviary.felix.calc.PolicyRule.Peer;
import dev.aviary.felix.calc.PolicyRule.RulePort;
import dev.aviary.felix.calc.PortRange;
import dev.aviary.felix.calc.Protocol;
import dev.aviary.felix.calc.RuleAction;
import dev.aviary.net.IpFamily;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/** A policy as the user wrote it to the policy that Felix is told. */
final class PolicyConversion {
  private PolicyConversion() {}

  static Policy policy(NetworkPolicyResource policy) {
    var metadata = policy.metadata();
    return new Policy(
        name(policy),
        metadata.namespace(),
        policy.order().map(OptionalDouble::of).orElse(OptionalDouble.empty()),
        policy.selector(),
        present(policy.namespaceSelector()),
        policy.serviceAccountSelector(),
        policy.ingressApplies(),
        policy.egressApplies(),
        rules(policy.ingress()),
        rules(policy.egress()),
        policy.applyOnForward(),
        policy.preDnat(),
        policy.doNotTrack());
  }

  private static String name(NetworkPolicyResource policy) {
    var metadata = policy.metadata();
    return switch (policy.origin()) {
      case KUBERNETES -> metadata.namespace() + "/knp.default." + metadata.name();
      case CALICO -> Policy.namespacedName(metadata.namespace(), metadata.name());
      case GLOBAL -> Policy.globalName(metadata.name());
    };
  }

  private static Optional<String> present(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  static List<PolicyRule> rules(List<Rule> rules) {
    return rules.stream().map(PolicyConversion::rule).toList();
  }

  private static PolicyRule rule(Rule rule) {
    return new PolicyRule(
        switch (rule.action()) {
          case ALLOW -> RuleAction.ALLOW;
          case DENY -> RuleAction.DENY;
          case LOG -> RuleAction.LOG;
          case PASS -> RuleAction.PASS;
        },
        rule.ipVersion().map(version -> version == 4 ? IpFamily.IPV4 : IpFamily.IPV6),
        rule.protocol().map(Protocol::new),
        rule.notProtocol().map(Protocol::new),
        peer(rule.source()),
        peer(rule.destination()),
        rule.icmp().map(PolicyConversion::icmp),
        rule.notIcmp().map(PolicyConversion::icmp),
        Map.of());
  }

  private static Icmp icmp(NetworkPolicyResource.Icmp icmp) {
    return new Icmp(icmp.type(), icmp.code().map(OptionalInt::of).orElse(OptionalInt.empty()));
  }

  private static Peer peer(Entity entity) {
    boolean accounts =
        !entity.serviceAccountNames().isEmpty() || !entity.serviceAccountSelector().isEmpty();
    return new Peer(
        entity.nets(),
        entity.notNets(),
        ports(entity.ports()),
        ports(entity.notPorts()),
        entity.selector(),
        entity.notSelector(),
        present(entity.namespaceSelector()),
        accounts
            ? Optional.of(
                new PolicyRule.ServiceAccounts(
                    entity.serviceAccountNames(), entity.serviceAccountSelector()))
            : Optional.empty(),
        entity
            .service()
            .map(service -> new PolicyRule.ServiceName(service.namespace(), service.name())));
  }

  private static List<RulePort> ports(List<String> ports) {
    return ports.stream().map(PolicyConversion::port).toList();
  }

  private static RulePort port(String text) {
    if (!text.matches("[0-9]+(:[0-9]+)?")) {
      return new RulePort.Named(text);
    }
    int colon = text.indexOf(':');
    int first = Integer.parseInt(colon < 0 ? text : text.substring(0, colon));
    int last = colon < 0 ? first : Integer.parseInt(text.substring(colon + 1));
    return new RulePort.Numbered(new PortRange(first, last));
  }
}
