package dev.aviary.felix.calc;

import dev.aviary.net.Prefix;
import java.util.List;

/**
 * The cluster as Felix on {@code hostname} knows it. {@code workloads} and {@code hostEndpoints}
 * are those of every host, since rules select among all. {@code serviceCidrs} are the cluster,
 * external and load balancer nets of the BGPConfiguration.
 */
public record Inputs(
    String hostname,
    List<Host> hosts,
    List<Pool> pools,
    List<Block> blocks,
    List<WorkloadEndpoint> workloads,
    List<HostEndpoint> hostEndpoints,
    List<Profile> profiles,
    List<Policy> policies,
    List<NetworkSet> networkSets,
    List<ServiceEndpoints> services,
    List<Prefix> serviceCidrs) {
  public Inputs {
    hosts = List.copyOf(hosts);
    pools = List.copyOf(pools);
    blocks = List.copyOf(blocks);
    workloads = List.copyOf(workloads);
    hostEndpoints = List.copyOf(hostEndpoints);
    profiles = List.copyOf(profiles);
    policies = List.copyOf(policies);
    networkSets = List.copyOf(networkSets);
    services = List.copyOf(services);
    serviceCidrs = List.copyOf(serviceCidrs);
  }

  /** Nothing but the host itself. */
  public static Inputs none(String hostname) {
    return new Inputs(
        hostname, List.of(), List.of(), List.of(), List.of(), List.of(), List.of(), List.of(),
        List.of(), List.of(), List.of());
  }
}
