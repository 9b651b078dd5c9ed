package dev.aviary.emulator.cluster;

import dev.aviary.net.IpAddress;
import java.util.List;

/** One pod as {@code kubectl get pods -o wide} shows it. */
public record PodStatus(
    String namespace, String name, String status, List<IpAddress> addresses, String node) {
  public PodStatus {
    addresses = List.copyOf(addresses);
  }
}
