package dev.aviary.kubeproxy;

/** Features that can be switched, and the releases in which they exist and are on by default. */
public enum FeatureGate {
  SERVICE_INTERNAL_TRAFFIC_POLICY("ServiceInternalTrafficPolicy", 21, 22),
  PROXY_TERMINATING_ENDPOINTS("ProxyTerminatingEndpoints", 22, 26),
  TOPOLOGY_AWARE_HINTS("TopologyAwareHints", 21, 24),
  LOAD_BALANCER_IP_MODE("LoadBalancerIPMode", 29, Integer.MAX_VALUE);

  private final String label;
  private final int since;
  private final int onSince;

  FeatureGate(String label, int since, int onSince) {
    this.label = label;
    this.since = since;
    this.onSince = onSince;
  }

  /** As the configuration calls it. */
  public String label() {
    return label;
  }

  boolean existsIn(KubeProxyVersion version) {
    return version.atLeast(since);
  }

  boolean isOnByDefault(KubeProxyVersion version) {
    return version.atLeast(onSince);
  }
}
