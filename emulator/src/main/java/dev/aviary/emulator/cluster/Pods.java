package dev.aviary.emulator.cluster;

import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.emulator.node.ClusterIpamInputs;
import dev.aviary.emulator.node.CniException;
import dev.aviary.emulator.node.CniPlugin;
import dev.aviary.emulator.node.TunnelEnds;
import dev.aviary.emulator.node.Workload;
import dev.aviary.emulator.resource.PodResource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.felix.calc.Host;
import dev.aviary.ipam.Ipam;
import dev.aviary.ipam.IpamError;
import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.etcd.EtcdEndpoints;
import dev.aviary.kernel.Kernel;
import dev.aviary.net.IpAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The pods of a cluster's nodes, here and in other processes, and their networks. */
final class Pods {
  private static final Logger log = LoggerFactory.getLogger(Pods.class);

  private final SequencedMap<String, CalicoNode> nodes;
  private final Supplier<Resources> resources;
  private final ClusterIpamInputs ipamInputs;
  private final Ipam ipam;
  private final Datastore datastore;
  private final ClusterOptions options;
  private final Fabric fabric;
  private final Function<String, Kernel> kernels;
  private final InstantSource clock;
  private List<Workload> others = List.of();
  private TunnelEnds tunnels = TunnelEnds.NONE;

  /**
   * @param nodes the nodes of this process; the map is theirs who add and remove nodes
   * @param kernels makes an empty kernel of a given host name
   */
  Pods(
      SequencedMap<String, CalicoNode> nodes,
      Supplier<Resources> resources,
      ClusterIpamInputs ipamInputs,
      Ipam ipam,
      Datastore datastore,
      ClusterOptions options,
      Fabric fabric,
      Function<String, Kernel> kernels,
      InstantSource clock) {
    this.nodes = nodes;
    this.resources = resources;
    this.ipamInputs = ipamInputs;
    this.ipam = ipam;
    this.datastore = datastore;
    this.options = options;
    this.fabric = fabric;
    this.kernels = kernels;
    this.clock = clock;
  }

  List<Workload> workloads() {
    return nodes.values().stream().flatMap(node -> node.workloads().stream()).toList();
  }

  /** Those of other processes, too. */
  List<Workload> allWorkloads() {
    return Stream.concat(workloads().stream(), others.stream()).toList();
  }

  TunnelEnds tunnels() {
    return tunnels;
  }

  /**
   * Gives the nodes' tunnels their addresses, and every pod that has none yet its network; those
   * with fixed addresses first, so that no other is given one of them.
   *
   * @return what went wrong, pod by pod
   */
  List<ClusterException> start() {
    try {
      var config = ipamInputs.config();
      if (config.isPresent()) {
        ipam.setConfig(config.get());
      }
      others = others(datastore.endpoints());
    } catch (IpamException e) {
      return List.of(
          e.error() instanceof IpamError.Unavailable
              ? ClusterException.environment("--datastore: " + e.getMessage())
              : ClusterException.input("IPAMConfiguration: " + e.getMessage()));
    }
    var running = new HashSet<String>();
    workloads().forEach(w -> running.add(w.pod().metadata().id()));
    var failures = new ArrayList<ClusterException>();
    var waiting =
        resources.get().of(PodResource.class).stream()
            .filter(pod -> !pod.hostNetwork() && !pod.finished() && nodes.containsKey(pod.node()))
            .filter(pod -> !running.contains(pod.metadata().id()))
            .sorted(Comparator.comparing(pod -> pod.addresses().isEmpty()))
            .toList();
    // Those that run in the manifests already were there first.
    waiting.stream()
        .filter(PodResource::isPlaced)
        .forEach(pod -> startPod(pod).ifPresent(failures::add));
    try {
      // As a node's start does, before any pod comes.
      tunnels = TunnelEnds.assign(ipam, resources.get(), List.copyOf(nodes.keySet()));
    } catch (IpamException e) {
      failures.add(ClusterException.input("no address for a node's tunnel: " + e.getMessage()));
    }
    waiting.stream()
        .filter(pod -> !pod.isPlaced())
        .forEach(pod -> startPod(pod).ifPresent(failures::add));
    return failures;
  }

  private Optional<ClusterException> startPod(PodResource pod) {
    var node = nodes.get(pod.node());
    if (node == null) {
      return Optional.empty();
    }
    try {
      var cni = cni(node);
      if (datastore.isShared()) {
        // An earlier process of this node may have ended without giving it back.
        cni.forget(pod);
      }
      var workload = node.add(pod, cni, resources.get());
      listen(workload);
      datastore.publish(workload);
      return Optional.empty();
    } catch (IpamException e) {
      return Optional.of(ClusterException.environment("--datastore: " + e.getMessage()));
    } catch (CniException e) {
      return Optional.of(
          ClusterException.input(
              pod.source().problem("metadata.name", String.valueOf(e.getMessage()))));
    }
  }

  private static void listen(Workload workload) {
    for (var port : workload.pod().ports()) {
      HostMachine.listen(workload.kernel(), port.protocol(), port.port());
    }
  }

  private CniPlugin cni(CalicoNode node) {
    return new CniPlugin(
        node.name(), node.kernel(), ipam, clock, kernels, fabric.wiring(node.name()).mtu());
  }

  /** Per node the addresses of its tunnel devices. */
  SequencedMap<String, List<IpAddress>> tunnelAddresses() {
    var found = new TreeMap<String, List<IpAddress>>();
    tunnels
        .ends()
        .forEach(
            (node, ends) ->
                found.put(
                    node,
                    Stream.concat(
                            ends.ipip().stream(), ends.vxlan().map(Host.Vtep::address).stream())
                        .<IpAddress>map(address -> address)
                        .toList()));
    return new LinkedHashMap<>(found);
  }

  /** A node goes: its pods do before it. */
  void removeAll(CalicoNode node) {
    for (var workload : node.workloads()) {
      withdraw(workload);
      node.remove(workload.pod().metadata().id(), cni(node));
    }
  }

  /**
   * Pods that went, and those that moved, lose their network; the others learn their new labels.
   */
  void follow(Resources before) {
    var wanted = new LinkedHashMap<String, PodResource>();
    resources.get().of(PodResource.class).forEach(pod -> wanted.put(pod.metadata().id(), pod));
    var earlier = new LinkedHashMap<String, PodResource>();
    before.of(PodResource.class).forEach(pod -> earlier.put(pod.metadata().id(), pod));
    for (var node : nodes.values()) {
      for (var workload : node.workloads()) {
        var id = workload.pod().metadata().id();
        var pod = wanted.get(id);
        if (pod == null || !samePlace(workload.pod(), pod)) {
          withdraw(workload);
          node.remove(id, cni(node));
        } else if (!pod.equals(earlier.get(id))) {
          listen(node.replace(pod));
        }
      }
    }
  }

  private void withdraw(Workload workload) {
    try {
      datastore.withdraw(workload);
    } catch (IpamException e) {
      log.warn("{} stays in the datastore: {}", workload.pod().metadata().id(), e.getMessage());
    }
  }

  private static boolean samePlace(PodResource running, PodResource wanted) {
    return !wanted.hostNetwork()
        && !wanted.finished()
        && running.node().equals(wanted.node())
        && running.addresses().equals(wanted.addresses())
        && running.pools().equals(wanted.pools())
        && running.mac().equals(wanted.mac());
  }

  // ---- other processes

  /** The pods of other processes, whose interfaces are not here. */
  private List<Workload> others(List<EtcdEndpoints.Endpoint> all) {
    var found = new ArrayList<Workload>();
    for (var endpoint : all) {
      if (!options.isElsewhere(endpoint.node())) {
        continue;
      }
      resources
          .get()
          .find(PodResource.class, endpoint.namespace(), endpoint.pod())
          .ifPresent(
              pod ->
                  found.add(
                      new Workload(
                          pod,
                          kernels.apply(endpoint.pod()),
                          endpoint.interfaceName(),
                          endpoint.addresses())));
    }
    return List.copyOf(found);
  }

  /** Another process has started or stopped a pod; false if nothing comes of it. */
  boolean followOthers(List<EtcdEndpoints.Endpoint> all) {
    var next = others(all);
    if (addresses(next).equals(addresses(others))) {
      return false;
    }
    others = next;
    return true;
  }

  private static Map<String, List<IpAddress>> addresses(List<Workload> workloads) {
    var found = new TreeMap<String, List<IpAddress>>();
    workloads.forEach(w -> found.put(w.pod().metadata().id(), w.addresses()));
    return found;
  }

  /** Before the process ends: its pods are gone then, and their addresses are free. */
  void withdrawAll() {
    if (!datastore.isShared()) {
      return;
    }
    for (var node : nodes.values()) {
      for (var workload : node.workloads()) {
        try {
          datastore.withdraw(workload);
          cni(node).forget(workload.pod());
        } catch (IpamException e) {
          log.warn("{} stays in the datastore: {}", workload.pod().metadata().id(), e.getMessage());
          return;
        }
      }
    }
  }
}
