package dev.aviary.felix.calc;

import dev.aviary.felix.selector.Selector;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * A policy of Calico's kind. {@code name} is the one that Felix uses, with the namespace before it
 * ({@link #namespacedName}, {@link #globalName}); {@code order} is infinite where absent; {@code
 * namespace} is empty for a global one. Selectors are texts, empty where not given; a text that is
 * none is refused by an {@link IllegalArgumentException}.
 */
public record Policy(
    String name,
    String namespace,
    OptionalDouble order,
    String selector,
    Optional<String> namespaceSelector,
    String serviceAccountSelector,
    boolean governsIngress,
    boolean governsEgress,
    List<PolicyRule> ingress,
    List<PolicyRule> egress,
    boolean applyOnForward,
    boolean preDnat,
    boolean untracked) {
  public Policy {
    // What is no selector must not come to light when half a host is programmed.
    Selector.of(selector);
    namespaceSelector.ifPresent(Selector::of);
    Selector.of(serviceAccountSelector);
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }

  /** Felix's name of a Calico NetworkPolicy. */
  public static String namespacedName(String namespace, String name) {
    return namespace + "/" + tiered(name);
  }

  /** Felix's name of a GlobalNetworkPolicy. */
  public static String globalName(String name) {
    return tiered(name);
  }

  private static String tiered(String name) {
    boolean alien = name.startsWith("knp.") || name.startsWith("ossg.");
    return alien || name.startsWith("default.") ? name : "default." + name;
  }

  /** A GlobalNetworkPolicy for what {@code selector} selects. */
  public static Policy global(
      String name, String selector, List<PolicyRule> ingress, List<PolicyRule> egress) {
    return new Policy(
        globalName(name),
        "",
        OptionalDouble.empty(),
        selector,
        Optional.empty(),
        "",
        true,
        true,
        ingress,
        egress,
        false,
        false,
        false);
  }
}
