package dev.aviary.kubeproxy;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Which endpoints take a service port's traffic. {@code all} are those that traffic policy leaves,
 * {@code cluster} take what may go anywhere, {@code local} what must stay on this node; {@code
 * reachable} need a chain. {@code usable} says whether there is any at all.
 */
record EndpointChoice(
    List<Endpoint> all,
    List<Endpoint> cluster,
    List<Endpoint> local,
    List<Endpoint> reachable,
    boolean usable,
    boolean usesCluster,
    boolean usesLocal) {
  private static final String HINTS = "service.kubernetes.io/topology-aware-hints";
  private static final String MODE = "service.kubernetes.io/topology-mode";

  static EndpointChoice of(ServicePort port, KubeProxyConfig config, NodeInput node) {
    return config.version().atLeast(24) ? modern(port, config, node) : legacy(port, config, node);
  }

  /** 1.18 to 1.23. */
  private static EndpointChoice legacy(ServicePort port, KubeProxyConfig config, NodeInput node) {
    var version = config.version();
    boolean terminating = config.isOn(FeatureGate.PROXY_TERMINATING_ENDPOINTS);
    var all = port.endpoints();
    if (!port.externalLocal()) {
      if (isInternalLocal(port, config)) {
        all = only(all, Endpoint::local);
      } else {
        all =
            hinted(all, version.atLeast(23) ? only(all, Endpoint::ready) : all, port, config, node);
      }
    }
    var ready = only(all, Endpoint::ready);
    List<Endpoint> local = port.externalLocal() ? only(ready, Endpoint::local) : List.of();
    if (local.isEmpty() && port.externalLocal() && terminating) {
      local = only(all, e -> e.local() && e.isUsableWhileTerminating());
    }
    // 1.22 took every endpoint for one that counts, ready or not.
    boolean usable =
        version.minor() == 22
            ? !all.isEmpty()
            : !ready.isEmpty()
                || (terminating
                    && port.externalLocal()
                    && all.stream().anyMatch(Endpoint::isUsableWhileTerminating));
    Set<Endpoint> used = new LinkedHashSet<>(ready);
    used.addAll(local);
    return new EndpointChoice(
        all, ready, local, only(all, used::contains), usable, true, port.externalLocal());
  }

  private static EndpointChoice modern(ServicePort port, KubeProxyConfig config, NodeInput node) {
    var all = port.endpoints();
    boolean internalLocal = isInternalLocal(port, config);
    boolean terminating = config.isOn(FeatureGate.PROXY_TERMINATING_ENDPOINTS);
    boolean usesCluster = !internalLocal || port.isExternal();
    boolean usesLocal = internalLocal || (port.externalLocal() && port.isExternal());
    var ready = only(all, Endpoint::ready);
    List<Endpoint> cluster = usesCluster ? hinted(ready, ready, port, config, node) : List.of();
    if (cluster.isEmpty() && usesCluster && terminating) {
      cluster = only(all, Endpoint::isUsableWhileTerminating);
    }
    List<Endpoint> local = usesLocal ? only(ready, Endpoint::local) : List.of();
    if (local.isEmpty() && usesLocal && terminating) {
      local = only(all, e -> e.local() && e.isUsableWhileTerminating());
    }
    boolean usable =
        !cluster.isEmpty()
            || (usesLocal
                && (!ready.isEmpty()
                    || (terminating && all.stream().anyMatch(Endpoint::isUsableWhileTerminating))));
    Set<Endpoint> used = new LinkedHashSet<>(cluster);
    used.addAll(local);
    return new EndpointChoice(
        all, cluster, local, only(all, used::contains), usable, usesCluster, usesLocal);
  }

  static boolean isInternalLocal(ServicePort port, KubeProxyConfig config) {
    return port.service().internalLocal()
        && config.isOn(FeatureGate.SERVICE_INTERNAL_TRAFFIC_POLICY);
  }

  private static List<Endpoint> only(List<Endpoint> endpoints, Predicate<Endpoint> wanted) {
    var chosen = new ArrayList<Endpoint>(endpoints.size());
    for (var endpoint : endpoints) {
      if (wanted.test(endpoint)) {
        chosen.add(endpoint);
      }
    }
    return chosen;
  }

  /** Those of {@code from} that are meant for this node's zone, if {@code considered} all say. */
  private static List<Endpoint> hinted(
      List<Endpoint> from,
      List<Endpoint> considered,
      ServicePort port,
      KubeProxyConfig config,
      NodeInput node) {
    var zone = node.labels().getOrDefault(NodeInput.ZONE, "");
    if (!config.isOn(FeatureGate.TOPOLOGY_AWARE_HINTS)
        || !asksForHints(port, config)
        || zone.isEmpty()
        || considered.stream().anyMatch(e -> e.zoneHints().isEmpty())
        || considered.stream().noneMatch(e -> e.zoneHints().contains(zone))) {
      return from;
    }
    return only(from, e -> e.zoneHints().contains(zone));
  }

  private static boolean asksForHints(ServicePort port, KubeProxyConfig config) {
    var annotations = port.service().annotations();
    var hints = annotations.get(HINTS);
    if (!config.version().atLeast(27)) {
      return "Auto".equals(hints) || "auto".equals(hints);
    }
    var mode = hints != null ? hints : annotations.getOrDefault(MODE, "");
    return !mode.isEmpty() && !mode.equals("Disabled") && !mode.equals("disabled");
  }
}
