package dev.aviary.emulator.cluster;

import dev.aviary.bgp.BgpSpeaker;
import dev.aviary.bgp.SpeakerView;
import dev.aviary.emulator.node.BgpConfigProcessor;
import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.emulator.node.ClusterIpamInputs;
import dev.aviary.emulator.node.CniException;
import dev.aviary.emulator.node.CniPlugin;
import dev.aviary.emulator.node.NodeBgp;
import dev.aviary.emulator.node.NodeBlock;
import dev.aviary.emulator.node.NodeFacts;
import dev.aviary.emulator.node.PeeringPlan;
import dev.aviary.emulator.node.TunnelEnds;
import dev.aviary.emulator.node.Workload;
import dev.aviary.emulator.resource.PodResource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.felix.calc.Block;
import dev.aviary.felix.calc.Host;
import dev.aviary.ipam.Ipam;
import dev.aviary.ipam.IpamError;
import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.etcd.EtcdEndpoints;
import dev.aviary.kernel.Kernel;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The nodes of a cluster, their pods and what is around them, made to be what the resources say.
 * All calls come on the cluster's loop.
 */
final class Machines {
  private static final Logger log = LoggerFactory.getLogger(Machines.class);
  private final ClusterTime time;
  private final ClusterOptions options;
  private final StandIns standIns;
  private final Random random;
  private final Fabric fabric;
  private final ClusterIpamInputs ipamInputs;
  private final Ipam ipam;
  private final TreeMap<String, CalicoNode> nodes = new TreeMap<>();
  private final Datastore datastore;
  private final KubeControllers controllers;
  private List<Workload> others = List.of();
  private TunnelEnds tunnels = TunnelEnds.NONE;
  private volatile Resources resources;

  Machines(
      Resources resources,
      ClusterTime time,
      StandIns standIns,
      ClusterOptions options,
      Datastore datastore)
      throws ClusterException {
    this.datastore = datastore;
    this.resources = resources;
    this.time = time;
    this.standIns = standIns;
    this.options = options;
    this.random = new Random(options.seed());
    this.fabric = Fabric.of(resources, this::newKernel);
    this.ipamInputs = new ClusterIpamInputs(this::resources);
    this.ipam =
        new Ipam(
            datastore.store(),
            ipamInputs,
            () -> nanosSinceEpoch(time.clock()),
            datastore.variant());
    this.controllers =
        new KubeControllers(
            addressing(), options, this::resources, this::allWorkloads, time.clock());
  }

  private Kernel newKernel(String name) {
    return new Kernel(name, time.clock(), new Random(random.nextLong()));
  }

  private static long nanosSinceEpoch(InstantSource clock) {
    var now = clock.instant();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  Resources resources() {
    return resources;
  }

  Fabric fabric() {
    return fabric;
  }

  Addressing addressing() {
    return new Addressing(ipam, datastore.store(), datastore.variant());
  }

  /** The nodes by name, sorted. */
  SequencedMap<String, CalicoNode> nodes() {
    return Collections.unmodifiableSequencedMap(nodes);
  }

  List<Workload> workloads() {
    return nodes.values().stream().flatMap(node -> node.workloads().stream()).toList();
  }

  /** Those of other processes, too. */
  List<Workload> allWorkloads() {
    return Stream.concat(workloads().stream(), others.stream()).toList();
  }

  // ---- to begin with

  /** The nodes and their kernels. */
  void addNodes() {
    learnPorts();
    for (var node : NodeFacts.of(resources)) {
      if (isOurs(node)) {
        nodes.put(node.name(), CalicoNode.of(node, fabric.nodeKernel(node), resources));
      }
    }
  }

  /** Where emulated nodes were told to listen; a real one listens where it does. */
  private void learnPorts() {
    for (var node : NodeFacts.of(resources)) {
      if (!options.outside().containsKey(node.name())) {
        int port =
            BgpConfigProcessor.listenPort(resources, node.name()).orElse(PeeringPlan.DEFAULT_PORT);
        for (var family : IpFamily.values()) {
          node.address(family).ifPresent(address -> standIns.listens(address, port));
        }
      }
    }
  }

  private boolean isOurs(NodeFacts node) {
    return options.runs(node.name()) && node.ipv4().isPresent();
  }

  /**
   * Gives the nodes' tunnels their addresses, and every pod that has none yet its network; those
   * with fixed addresses first, so that no other is given one of them.
   *
   * @return what went wrong, pod by pod
   */
  List<ClusterException> startPods() {
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
    var running = new java.util.HashSet<String>();
    workloads().forEach(w -> running.add(w.pod().metadata().id()));
    var failures = new ArrayList<ClusterException>();
    var waiting =
        resources.of(PodResource.class).stream()
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
      tunnels = TunnelEnds.assign(ipam, resources, List.copyOf(nodes.keySet()));
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
      var workload = node.add(pod, cni, resources);
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
      Fabric.listen(workload.kernel(), port.protocol(), port.port());
    }
  }

  private CniPlugin cni(CalicoNode node) {
    return new CniPlugin(
        node.name(),
        node.kernel(),
        ipam,
        time.clock(),
        this::newKernel,
        fabric.wiring(node.name()).mtu());
  }

  /** Felix and kube-proxy, everywhere. */
  void program() {
    var workloads = allWorkloads();
    var blocks = new ArrayList<Block>();
    for (var node : NodeFacts.of(resources)) {
      if (nodes.containsKey(node.name()) || options.isElsewhere(node.name())) {
        blocksOf(node.name()).forEach(block -> blocks.add(new Block(block, node.name())));
      }
    }
    nodes.values().forEach(node -> node.program(resources, workloads, blocks, tunnels));
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

  private List<Prefix> blocksOf(String node) {
    try {
      return ipam.confirmedBlocks(node);
    } catch (IpamException e) {
      throw new IllegalStateException(e);
    }
  }

  /** What is decided about BGP on {@code node}, also if the node is outside. */
  NodeBgp bgp(NodeFacts node, IpFamily family) {
    return NodeBgp.of(
        resources,
        node,
        family,
        options.calico(),
        options.environment(),
        blocksOf(node.name()).stream().map(NodeBlock::confirmed).toList(),
        List.of());
  }

  /** Starts the speakers of a node; each answers whether it listens. */
  List<CompletableFuture<BgpSpeaker.Started>> startSpeakers(CalicoNode node) {
    var outcomes = new ArrayList<CompletableFuture<BgpSpeaker.Started>>();
    for (var family : IpFamily.values()) {
      node.facts()
          .address(family)
          .ifPresent(
              address -> {
                var outcome = new CompletableFuture<BgpSpeaker.Started>();
                node.start(
                    bgp(node.facts(), family),
                    standIns,
                    time.forNode(standIns.loopbackOf(address)),
                    outcome::complete);
                outcomes.add(outcome);
              });
    }
    return outcomes;
  }

  // ---- from then on

  /**
   * Makes the cluster what {@code next} says: what did not change goes on undisturbed.
   *
   * @return the nodes that are new and have no speakers yet, and what went wrong with pods
   */
  Followed follow(Resources next) {
    var before = resources;
    resources = next;
    var facts = new LinkedHashMap<String, NodeFacts>();
    for (var node : NodeFacts.of(next)) {
      if (isOurs(node)) {
        facts.put(node.name(), node);
      }
    }
    standIns.add(NodeFacts.of(next));
    learnPorts();
    var added = new ArrayList<CalicoNode>();
    for (var name : List.copyOf(nodes.keySet())) {
      var node = nodes.get(name);
      var wanted = facts.get(name);
      if (node != null && (wanted == null || !sameAddresses(node.facts(), wanted))) {
        removeNode(node);
      }
    }
    facts.forEach(
        (name, node) -> {
          var there = nodes.get(name);
          if (there == null) {
            var fresh = CalicoNode.of(node, fabric.nodeKernel(node), next);
            nodes.put(name, fresh);
            added.add(fresh);
          } else {
            there.become(node, next);
          }
        });
    followPods(before);
    var failures = startPods();
    controllers.look();
    settle();
    return new Followed(added, failures);
  }

  /** What the kernels and the speakers are to know of the blocks and pods as they are now. */
  private void settle() {
    program();
    for (var node : nodes.values()) {
      for (var family : IpFamily.values()) {
        if (node.bgp(family).isPresent()) {
          node.follow(bgp(node.facts(), family));
        }
      }
    }
  }

  /** How long until {@link #cleanUp} is due again. */
  Duration cleanUpPeriod() {
    return controllers.period();
  }

  /** What kube-controllers do from time to time. */
  void cleanUp() {
    if (controllers.look()) {
      settle();
    }
  }

  /** What {@link #follow} left to do, and what went wrong. */
  record Followed(List<CalicoNode> added, List<ClusterException> failures) {}

  private static boolean sameAddresses(NodeFacts one, NodeFacts other) {
    return one.ipv4().equals(other.ipv4()) && one.ipv6().equals(other.ipv6());
  }

  private void removeNode(CalicoNode node) {
    for (var workload : node.workloads()) {
      withdraw(workload);
      node.remove(workload.pod().metadata().id(), cni(node));
    }
    nodes.remove(node.name());
    node.stop(() -> node.kernel().links().remove(fabric.wiring(node.name()).interfaceName()));
  }

  /**
   * Pods that went, and those that moved, lose their network; the others learn their new labels.
   */
  private void followPods(Resources before) {
    var wanted = new LinkedHashMap<String, PodResource>();
    resources.of(PodResource.class).forEach(pod -> wanted.put(pod.metadata().id(), pod));
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
          .find(PodResource.class, endpoint.namespace(), endpoint.pod())
          .ifPresent(
              pod ->
                  found.add(
                      new Workload(
                          pod,
                          newKernel(endpoint.pod()),
                          endpoint.interfaceName(),
                          endpoint.addresses())));
    }
    return List.copyOf(found);
  }

  /** Another process has started or stopped a pod. */
  void followOthers(List<EtcdEndpoints.Endpoint> all) {
    var next = others(all);
    if (!addresses(next).equals(addresses(others))) {
      others = next;
      program();
    }
  }

  private static Map<String, List<IpAddress>> addresses(List<Workload> workloads) {
    var found = new TreeMap<String, List<IpAddress>>();
    workloads.forEach(w -> found.put(w.pod().metadata().id(), w.addresses()));
    return found;
  }

  /** Before the process ends: its pods are gone then, and their addresses are free. */
  void withdrawPods() {
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

  // ---- what it looks like

  /** Every speaker at this instant, by what people call it. */
  Map<String, SpeakerView> views() {
    var views = new LinkedHashMap<String, SpeakerView>();
    nodes.forEach(
        (name, node) -> {
          node.speakerView(IpFamily.IPV4).ifPresent(view -> views.put(name, view));
          node.speakerView(IpFamily.IPV6).ifPresent(view -> views.put(name + " (IPv6)", view));
        });
    return views;
  }
}
