package dev.aviary.felix.calc;

import java.util.Comparator;

/**
 * Which endpoint: its host, and for a workload its orchestrator ("k8s"), its name there
 * ("namespace/pod") and the endpoint's name in it ("eth0"). Of two endpoints for one interface the
 * lesser is active.
 */
public record EndpointId(String host, String orchestrator, String workload, String endpoint)
    implements Comparable<EndpointId> {
  private static final Comparator<EndpointId> ORDER =
      Comparator.comparing(EndpointId::orchestrator)
          .thenComparing(EndpointId::workload)
          .thenComparing(EndpointId::endpoint)
          .thenComparing(EndpointId::host);

  /** The endpoint of a Kubernetes pod. */
  public static EndpointId ofPod(String host, String namespace, String pod) {
    return new EndpointId(host, "k8s", namespace + "/" + pod, "eth0");
  }

  @Override
  public int compareTo(EndpointId other) {
    return ORDER.compare(this, other);
  }
}
