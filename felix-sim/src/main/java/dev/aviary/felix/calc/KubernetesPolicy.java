package dev.aviary.felix.calc;

import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A Kubernetes NetworkPolicy; {@link KubernetesPolicyConversion} makes a Calico one of it. */
public record KubernetesPolicy(
    String namespace,
    String name,
    LabelSelector podSelector,
    boolean governsIngress,
    boolean governsEgress,
    List<Rule> ingress,
    List<Rule> egress) {
  public KubernetesPolicy {
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }

  /** Labels that must have values, and requirements; all of it must hold. */
  public record LabelSelector(Map<String, String> matchLabels, List<Requirement> expressions) {
    /** Selects everything. */
    public static final LabelSelector ALL = new LabelSelector(Map.of(), List.of());

    public LabelSelector {
      matchLabels = Map.copyOf(matchLabels);
      expressions = List.copyOf(expressions);
    }

    boolean isEmpty() {
      return matchLabels.isEmpty() && expressions.isEmpty();
    }
  }

  /** One of a selector's matchExpressions. */
  public record Requirement(String key, Operator operator, List<String> values) {
    public Requirement {
      values = List.copyOf(values);
    }
  }

  /** How a label is compared. */
  public enum Operator {
    IN,
    NOT_IN,
    EXISTS,
    DOES_NOT_EXIST
  }

  /** Peers and ports, of which no peers mean everyone and no ports every port. */
  public record Rule(List<PolicyPeer> peers, List<PolicyPort> ports) {
    public Rule {
      peers = List.copyOf(peers);
      ports = List.copyOf(ports);
    }
  }

  /** Who may be at the other end. */
  public sealed interface PolicyPeer {
    /** Pods by their labels and their namespaces'; an absent selector is not the empty one. */
    record Pods(Optional<LabelSelector> pods, Optional<LabelSelector> namespaces)
        implements PolicyPeer {}

    record IpBlock(Prefix cidr, List<Prefix> except) implements PolicyPeer {
      public IpBlock {
        except = List.copyOf(except);
      }
    }
  }

  /** A protocol and one port of it by number, range or name, or all of them. */
  public record PolicyPort(Protocol protocol, Optional<PolicyRule.RulePort> port) {}
}
