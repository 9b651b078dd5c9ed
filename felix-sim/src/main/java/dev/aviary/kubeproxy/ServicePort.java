package dev.aviary.kubeproxy;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * One port of one service in one family, with its endpoints in order: the unit that rules are made
 * for.
 */
record ServicePort(
    Service service,
    Service.Port port,
    String clusterIp,
    String name,
    List<Endpoint> endpoints,
    List<String> externalIps,
    List<String> loadBalancerIps,
    List<String> sourceRanges) {

  /** "tcp", "udp" or "sctp". */
  String protocol() {
    return port.protocol().toLowerCase(Locale.ROOT);
  }

  /** What the names of the port's own chains end with. */
  String hash() {
    return ServiceNames.hash(name + protocol());
  }

  String endpointChain(Endpoint endpoint) {
    return "KUBE-SEP-" + ServiceNames.hash(name + protocol() + endpoint.text());
  }

  boolean externalLocal() {
    return service.isExternalLocal();
  }

  int nodePort() {
    return port.nodePort();
  }

  /** The port at which the service says how many of its endpoints are here; 0 where it doesn't. */
  int healthCheckNodePort() {
    return service.type() == Service.Type.LOAD_BALANCER && service.externalLocal()
        ? service.healthCheckNodePort()
        : 0;
  }

  Optional<Duration> affinity() {
    return service.clientIpAffinity();
  }

  /** True if it can be reached by more than its cluster address. */
  boolean isExternal() {
    return nodePort() != 0 || !loadBalancerIps.isEmpty() || !externalIps.isEmpty();
  }
}
