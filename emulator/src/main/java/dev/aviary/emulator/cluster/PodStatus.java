package dev.aviary.emulator.cluster;

import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.emulator.node.Workload;
import dev.aviary.emulator.resource.PodResource;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One pod as {@code kubectl get pods -o wide} shows it. */
public record PodStatus(
    String namespace, String name, String status, List<IpAddress> addresses, String node) {
  public PodStatus {
    addresses = List.copyOf(addresses);
  }

  /**
   * How {@code pod} is.
   *
   * @param workload what runs of it; empty if nothing does
   * @param running the nodes that run here, by name
   */
  static PodStatus of(
      PodResource pod, Optional<Workload> workload, Map<String, CalicoNode> running) {
    var node = Optional.ofNullable(running.get(pod.node()));
    boolean runs = workload.isPresent() || (pod.hostNetwork() && node.isPresent());
    var status = pod.finished() ? "Completed" : runs ? "Running" : "Pending";
    var nodes =
        pod.hostNetwork()
            ? node.stream().flatMap(n -> n.facts().address(IpFamily.IPV4).stream()).toList()
            : List.<IpAddress>of();
    return new PodStatus(
        pod.metadata().namespace(),
        pod.metadata().name(),
        status,
        workload.map(Workload::addresses).orElse(nodes),
        pod.node());
  }
}
