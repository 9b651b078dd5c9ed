package dev.aviary.emulator.node;

import dev.aviary.emulator.resource.Cidr;
import dev.aviary.emulator.resource.HostEndpointResource;
import dev.aviary.emulator.resource.IpPoolResource;
import dev.aviary.emulator.resource.Metadata;
import dev.aviary.emulator.resource.NamespaceResource;
import dev.aviary.emulator.resource.NetworkPolicyResource;
import dev.aviary.emulator.resource.NetworkSetResource;
import dev.aviary.emulator.resource.PodResource;
import dev.aviary.emulator.resource.ProfileResource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.emulator.resource.ServiceAccountResource;
import dev.aviary.felix.calc.Block;
import dev.aviary.felix.calc.Host;
import dev.aviary.felix.calc.HostEndpoint;
import dev.aviary.felix.calc.Inputs;
import dev.aviary.felix.calc.NamedPort;
import dev.aviary.felix.calc.NetworkSet;
import dev.aviary.felix.calc.Pool;
import dev.aviary.felix.calc.Profile;
import dev.aviary.felix.calc.Protocol;
import dev.aviary.felix.calc.WorkloadEndpoint;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Resources and running pods to what Felix on one node is told. */
final class FelixInputs {
  private static final String NAMESPACE_LABEL = "projectcalico.org/namespace";

  private FelixInputs() {}

  /**
   * @param workloads the running pods of all nodes
   * @param blocks the confirmed blocks of all nodes
   */
  static Inputs of(
      Resources resources,
      String node,
      List<Workload> workloads,
      List<Block> blocks,
      TunnelEnds tunnels) {
    return new Inputs(
        node,
        NodeFacts.of(resources).stream()
            .map(facts -> host(facts, tunnels.of(facts.name())))
            .toList(),
        pools(resources),
        blocks,
        workloads.stream().map(FelixInputs::endpoint).toList(),
        resources.of(HostEndpointResource.class).stream().map(FelixInputs::hostEndpoint).toList(),
        profiles(resources, workloads),
        resources.of(NetworkPolicyResource.class).stream().map(PolicyConversion::policy).toList(),
        resources.of(NetworkSetResource.class).stream().map(FelixInputs::networkSet).toList(),
        List.of(),
        serviceCidrs(resources));
  }

  private static List<Prefix> serviceCidrs(Resources resources) {
    return NodeFacts.defaults(resources).stream()
        .flatMap(
            config ->
                Stream.of(
                        config.serviceClusterIps(),
                        config.serviceExternalIps(),
                        config.serviceLoadBalancerIps())
                    .flatMap(List::stream))
        .map(Cidr::prefix)
        .toList();
  }

  private static HostEndpoint hostEndpoint(HostEndpointResource endpoint) {
    return new HostEndpoint(
        endpoint.node(),
        endpoint.metadata().name(),
        endpoint.interfaceName(),
        endpoint.expectedIps(),
        endpoint.metadata().labels(),
        endpoint.profiles(),
        endpoint.ports().stream()
            .map(p -> new NamedPort(p.name(), new Protocol(p.protocol().name()), p.port()))
            .toList());
  }

  private static Host host(NodeFacts node, TunnelEnds.Ends ends) {
    return new Host(
        node.name(),
        node.ipv4().map(i -> i.address()),
        node.ipv6().map(i -> i.address()),
        ends.ipip(),
        ends.vxlan(),
        Optional.empty());
  }

  private static List<Pool> pools(Resources resources) {
    return resources.of(IpPoolResource.class).stream()
        .sorted(Comparator.comparing(p -> p.metadata().name()))
        .map(p -> new Pool(p.cidr(), p.natOutgoing(), mode(p.ipipMode()), mode(p.vxlanMode())))
        .toList();
  }

  private static Pool.Mode mode(IpPoolResource.TunnelMode mode) {
    return switch (mode) {
      case NEVER -> Pool.Mode.NEVER;
      case ALWAYS -> Pool.Mode.ALWAYS;
      case CROSS_SUBNET -> Pool.Mode.CROSS_SUBNET;
    };
  }

  static WorkloadEndpoint endpoint(Workload workload) {
    var pod = workload.pod();
    return WorkloadEndpoint.ofPod(
            pod.node(),
            pod.metadata().namespace(),
            pod.metadata().name(),
            pod.serviceAccount(),
            workload.addresses(),
            pod.metadata().labels(),
            namedPorts(pod))
        .withInterface(workload.interfaceName());
  }

  private static List<NamedPort> namedPorts(PodResource pod) {
    return pod.ports().stream()
        .filter(port -> !port.name().isEmpty())
        .map(port -> new NamedPort(port.name(), new Protocol(port.protocol().name()), port.port()))
        .toList();
  }

  /** One per namespace and per service account, those that only pods mention included. */
  private static List<Profile> profiles(Resources resources, List<Workload> workloads) {
    var namespaces = new TreeMap<String, Map<String, String>>();
    var accounts = new TreeMap<String, Profile>();
    for (var workload : workloads) {
      var namespace = workload.pod().metadata().namespace();
      var account = workload.pod().serviceAccount();
      namespaces.put(namespace, Map.of());
      accounts.put(
          namespace + "." + account, Profile.ofServiceAccount(namespace, account, Map.of()));
    }
    for (var namespace : resources.of(NamespaceResource.class)) {
      namespaces.put(namespace.metadata().name(), namespace.metadata().labels());
    }
    for (var account : resources.of(ServiceAccountResource.class)) {
      var metadata = account.metadata();
      accounts.put(
          metadata.namespace() + "." + metadata.name(),
          Profile.ofServiceAccount(metadata.namespace(), metadata.name(), metadata.labels()));
    }
    var profiles = new ArrayList<Profile>();
    namespaces.forEach((name, labels) -> profiles.add(Profile.ofNamespace(name, labels)));
    profiles.addAll(accounts.values());
    for (var profile : resources.of(ProfileResource.class)) {
      profiles.add(
          new Profile(
              profile.metadata().name(),
              profile.labelsToApply(),
              PolicyConversion.rules(profile.ingress()),
              PolicyConversion.rules(profile.egress())));
    }
    return profiles;
  }

  private static NetworkSet networkSet(NetworkSetResource set) {
    Metadata metadata = set.metadata();
    var labels = new HashMap<>(metadata.labels());
    boolean namespaced = !metadata.namespace().isEmpty();
    if (namespaced) {
      labels.put(NAMESPACE_LABEL, metadata.namespace());
    }
    return new NetworkSet(
        metadata.id(),
        labels,
        namespaced ? List.of("kns." + metadata.namespace()) : List.of(),
        set.nets());
  }
}
