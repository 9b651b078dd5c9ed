package dev.aviary.kubeproxy;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A Kubernetes service, the fields that kube-proxy looks at. Addresses are kept as the API spells
 * them, since rules repeat them so.
 */
public record Service(
    String namespace,
    String name,
    Type type,
    List<String> clusterIps,
    List<String> externalIps,
    List<Ingress> loadBalancer,
    List<String> sourceRanges,
    List<Port> ports,
    boolean externalLocal,
    boolean internalLocal,
    int healthCheckNodePort,
    Optional<Duration> clientIpAffinity,
    Map<String, String> labels,
    Map<String, String> annotations) {
  private static final String HEADLESS = "service.kubernetes.io/headless";
  private static final String OTHER_PROXY = "service.kubernetes.io/service-proxy-name";

  public Service {
    clusterIps = List.copyOf(clusterIps);
    externalIps = List.copyOf(externalIps);
    loadBalancer = List.copyOf(loadBalancer);
    sourceRanges = sourceRanges.stream().map(String::strip).toList();
    ports = List.copyOf(ports);
    labels = Map.copyOf(labels);
    annotations = Map.copyOf(annotations);
  }

  /** How a service can be reached. */
  public enum Type {
    CLUSTER_IP,
    NODE_PORT,
    LOAD_BALANCER,
    EXTERNAL_NAME
  }

  /**
   * A port; {@code name} may be empty, {@code nodePort} is 0 where there is none, {@code protocol}
   * is "TCP", "UDP" or "SCTP".
   */
  public record Port(String name, String protocol, int port, int nodePort) {}

  /** An address of the load balancer; {@code vip} unless its packets don't keep that address. */
  public record Ingress(String ip, boolean vip) {}

  /** A service with a cluster address and nothing else. */
  public static Service clusterIp(
      String namespace, String name, String clusterIp, List<Port> ports) {
    boolean nodePort = ports.stream().anyMatch(p -> p.nodePort() != 0);
    return new Service(
        namespace,
        name,
        nodePort ? Type.NODE_PORT : Type.CLUSTER_IP,
        List.of(clusterIp),
        List.of(),
        List.of(),
        List.of(),
        ports,
        false,
        false,
        0,
        Optional.empty(),
        Map.of(),
        Map.of());
  }

  /** True if kube-proxy has nothing to do with it. */
  boolean isSkipped() {
    return type == Type.EXTERNAL_NAME
        || clusterIps.isEmpty()
        || clusterIps.getFirst().isEmpty()
        || clusterIps.getFirst().equals("None")
        || labels.containsKey(HEADLESS)
        || labels.containsKey(OTHER_PROXY);
  }

  /** externalTrafficPolicy means nothing for a service that is not reached from outside. */
  boolean isExternalLocal() {
    return externalLocal && (type == Type.NODE_PORT || type == Type.LOAD_BALANCER);
  }
}
