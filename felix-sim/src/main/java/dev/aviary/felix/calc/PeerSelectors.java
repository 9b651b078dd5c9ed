package dev.aviary.felix.calc;

import dev.aviary.felix.calc.PolicyRule.Peer;
import dev.aviary.felix.calc.PolicyRule.ServiceAccounts;
import dev.aviary.felix.selector.Selector;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * One selector over endpoint labels from the several that a user can give: of namespaces, of
 * service accounts, of endpoints. The texts matter, since sets are named after them.
 */
final class PeerSelectors {
  private static final String IN_A_NAMESPACE = "has(" + WorkloadEndpoint.NAMESPACE + ")";
  private static final String NAMESPACE_LABELS = "pcns.";
  private static final String SERVICE_ACCOUNT_LABELS = "pcsa.";

  private PeerSelectors() {}

  /** What a rule's peer must be, or nothing. {@code namespace} is the policy's, or empty. */
  static String positive(Peer peer, String namespace) {
    var parts = new ArrayList<String>();
    peer.serviceAccounts().map(PeerSelectors::accounts).ifPresent(parts::add);
    if (!peer.selector().isEmpty()) {
      parts.add(peer.selector());
    }
    var own =
        parts.size() == 2
            ? "(" + parts.get(0) + ") && (" + parts.get(1) + ")"
            : String.join("", parts);
    var namespaces =
        peer.namespaceSelector()
            .map(PeerSelectors::namespaces)
            .orElse(namespace.isEmpty() ? "" : inNamespace(namespace));
    boolean restricted =
        !parts.isEmpty() || !peer.notSelector().isEmpty() || peer.namespaceSelector().isPresent();
    if (namespaces.isEmpty() || !restricted) {
      return own;
    }
    return own.isEmpty() ? namespaces : "(" + namespaces + ") && (" + own + ")";
  }

  private static String inNamespace(String namespace) {
    return WorkloadEndpoint.NAMESPACE + " == '" + namespace + "'";
  }

  private static String namespaces(String selector) {
    return Selector.of(selector)
        .withLabelPrefix(NAMESPACE_LABELS)
        .toString()
        .replace("all()", IN_A_NAMESPACE)
        .replace("global()", "!" + IN_A_NAMESPACE);
  }

  private static String accounts(ServiceAccounts accounts) {
    var parts = new ArrayList<String>();
    if (!accounts.selector().isEmpty()) {
      parts.add(
          Selector.of(accounts.selector()).withLabelPrefix(SERVICE_ACCOUNT_LABELS).toString());
    }
    if (!accounts.names().isEmpty()) {
      parts.add(
          new Selector.In(WorkloadEndpoint.SERVICE_ACCOUNT, false, accounts.names()).toString());
    }
    return parts.size() == 1
        ? parts.getFirst()
        : parts.stream().map(p -> "(" + p + ")").collect(Collectors.joining(" && "));
  }

  /** Which endpoints {@code policy} applies to. */
  static Selector of(Policy policy) {
    var parts = new ArrayList<String>();
    if (!policy.selector().isEmpty()) {
      parts.add("(" + policy.selector() + ")");
    }
    if (!policy.namespace().isEmpty()) {
      parts.add(inNamespace(policy.namespace()));
    }
    policy
        .namespaceSelector()
        .map(PeerSelectors::namespaces)
        .ifPresent(s -> parts.add("(" + s + ")"));
    if (!policy.serviceAccountSelector().isEmpty()) {
      parts.add(
          "("
              + Selector.of(policy.serviceAccountSelector()).withLabelPrefix(SERVICE_ACCOUNT_LABELS)
              + ")");
    }
    return Selector.of(String.join(" && ", List.copyOf(parts)));
  }
}
