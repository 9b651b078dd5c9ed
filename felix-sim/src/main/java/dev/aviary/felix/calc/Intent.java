package dev.aviary.felix.calc;

import dev.aviary.net.Prefix;
import java.util.List;

/**
 * What this host has to do: its own endpoints with the policies that apply to each in order, those
 * policies and profiles with their selectors turned into sets, and the sets. What Felix's
 * calculation hands to a data plane.
 */
public record Intent(
    String hostname,
    List<Host> hosts,
    List<Pool> pools,
    List<Block> blocks,
    List<ActiveWorkload> workloads,
    List<ActiveHostEndpoint> hostEndpoints,
    List<ActivePolicy> policies,
    List<ActivePolicy> profiles,
    List<IpSet> ipSets,
    List<Prefix> serviceCidrs) {
  public Intent {
    hosts = List.copyOf(hosts);
    pools = List.copyOf(pools);
    blocks = List.copyOf(blocks);
    workloads = List.copyOf(workloads);
    hostEndpoints = List.copyOf(hostEndpoints);
    policies = List.copyOf(policies);
    profiles = List.copyOf(profiles);
    ipSets = List.copyOf(ipSets);
    serviceCidrs = List.copyOf(serviceCidrs);
  }
}
