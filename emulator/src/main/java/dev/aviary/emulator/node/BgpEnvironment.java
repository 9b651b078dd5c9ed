package dev.aviary.emulator.node;

import java.util.Map;
import java.util.Optional;

/**
 * What calico-node is told by its environment.
 *
 * @param routerId CALICO_ROUTER_ID: "hash", or an IPv4 address
 * @param advertiseClusterIps CALICO_ADVERTISE_CLUSTER_IPS: a prefix in place of serviceClusterIPs
 * @param kubernetesNode CALICO_K8S_NODE_REF: the node's name in Kubernetes, where it differs
 * @param namespace NAMESPACE: where the Secrets of passwords are
 */
public record BgpEnvironment(
    Optional<String> routerId,
    Optional<String> advertiseClusterIps,
    Optional<String> kubernetesNode,
    String namespace) {
  /** Nothing set. */
  public static final BgpEnvironment NONE = of(Map.of());

  /** The variables that matter, out of {@code variables}. */
  public static BgpEnvironment of(Map<String, String> variables) {
    return new BgpEnvironment(
        find(variables, "CALICO_ROUTER_ID"),
        find(variables, "CALICO_ADVERTISE_CLUSTER_IPS"),
        find(variables, "CALICO_K8S_NODE_REF"),
        find(variables, "NAMESPACE").orElse("kube-system"));
  }

  private static Optional<String> find(Map<String, String> variables, String name) {
    return Optional.ofNullable(variables.get(name)).filter(value -> !value.isEmpty());
  }
}
