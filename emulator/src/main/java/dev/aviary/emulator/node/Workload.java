package dev.aviary.emulator.node;

import dev.aviary.emulator.resource.PodResource;
import dev.aviary.kernel.Kernel;
import dev.aviary.net.IpAddress;
import java.util.List;

/**
 * A pod that runs: its network namespace, and the interface that leads to it.
 *
 * @param interfaceName the host's side of the veth pair
 */
public record Workload(
    PodResource pod, Kernel kernel, String interfaceName, List<IpAddress> addresses) {
  public Workload {
    addresses = List.copyOf(addresses);
  }
}
