package dev.aviary.felix.calc;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Labels and rules that endpoints get from their namespace or service account. */
public record Profile(
    String name, Map<String, String> labels, List<PolicyRule> ingress, List<PolicyRule> egress) {
  public Profile {
    labels = Map.copyOf(labels);
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }

  /** The profile of a Kubernetes namespace: all is allowed that no policy forbids. */
  public static Profile ofNamespace(String namespace, Map<String, String> labels) {
    var allow = List.of(PolicyRule.any(RuleAction.ALLOW));
    return new Profile("kns." + namespace, inherited("pcns.", namespace, labels), allow, allow);
  }

  /** The profile of a Kubernetes service account: labels only. */
  public static Profile ofServiceAccount(
      String namespace, String account, Map<String, String> labels) {
    return new Profile(
        "ksa." + namespace + "." + account,
        inherited("pcsa.", account, labels),
        List.of(),
        List.of());
  }

  private static Map<String, String> inherited(
      String prefix, String name, Map<String, String> labels) {
    var inherited = new HashMap<String, String>();
    labels.forEach((key, value) -> inherited.put(prefix + key, value));
    inherited.put(prefix + "projectcalico.org/name", name);
    return inherited;
  }
}
