package dev.aviary.felix.calc;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A workload's interface on some host. {@code nets} are its addresses, each as a host prefix;
 * {@code profiles} are in order.
 */
public record WorkloadEndpoint(
    EndpointId id,
    boolean adminUp,
    String interfaceName,
    List<Prefix> nets,
    List<FloatingIp> floatingIps,
    Map<String, String> labels,
    List<String> profiles,
    List<NamedPort> ports) {
  /** Label of every endpoint in a namespace. */
  static final String NAMESPACE = "projectcalico.org/namespace";

  static final String ORCHESTRATOR = "projectcalico.org/orchestrator";
  static final String SERVICE_ACCOUNT = "projectcalico.org/serviceaccount";

  /** Longer values are no labels in Kubernetes. */
  private static final int MAX_LABEL_VALUE = 63;

  public WorkloadEndpoint {
    nets = List.copyOf(nets);
    floatingIps = List.copyOf(floatingIps);
    labels = Map.copyOf(labels);
    profiles = List.copyOf(profiles);
    ports = List.copyOf(ports);
  }

  /**
   * The endpoint of a running pod that isn't in its host's network: interface name, labels and
   * profiles follow from the pod. {@code serviceAccount} may be empty.
   */
  public static WorkloadEndpoint ofPod(
      String host,
      String namespace,
      String pod,
      String serviceAccount,
      Collection<? extends IpAddress> addresses,
      Map<String, String> podLabels,
      List<NamedPort> ports) {
    var labels = new HashMap<>(podLabels);
    labels.put(NAMESPACE, namespace);
    labels.put(ORCHESTRATOR, "k8s");
    var profiles = new ArrayList<String>();
    profiles.add("kns." + namespace);
    if (!serviceAccount.isEmpty()) {
      profiles.add("ksa." + namespace + "." + serviceAccount);
      if (serviceAccount.length() < MAX_LABEL_VALUE) {
        labels.put(SERVICE_ACCOUNT, serviceAccount);
      }
    }
    return new WorkloadEndpoint(
        EndpointId.ofPod(host, namespace, pod),
        true,
        CalicoNames.interfaceName("cali", namespace, pod),
        addresses.stream().map(IpAddress::toPrefix).toList(),
        List.of(),
        labels,
        profiles,
        ports);
  }

  /** This endpoint behind another interface. */
  public WorkloadEndpoint withInterface(String name) {
    return new WorkloadEndpoint(id, adminUp, name, nets, floatingIps, labels, profiles, ports);
  }
}
