package dev.aviary.emulator.cluster;

import dev.aviary.bgp.BgpSpeaker;
import dev.aviary.bgp.SpeakerView;
import dev.aviary.emulator.node.BgpConfigProcessor;
import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.emulator.node.ClusterIpamInputs;
import dev.aviary.emulator.node.LocalWorkload;
import dev.aviary.emulator.node.LocalWorkloads;
import dev.aviary.emulator.node.NodeBgp;
import dev.aviary.emulator.node.NodeBlock;
import dev.aviary.emulator.node.NodeFacts;
import dev.aviary.emulator.node.PeeringPlan;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.felix.calc.Block;
import dev.aviary.ipam.Ipam;
import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.etcd.EtcdEndpoints;
import dev.aviary.kernel.Kernel;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.net.InetAddress;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SequencedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/**
 * The nodes of a cluster, their pods and what is around them, made to be what the resources say.
 * All calls come on the cluster's loop.
 */
final class Machines {
  private final ClusterTime time;
  private final ClusterOptions options;
  private final StandIns standIns;
  private final Random random;
  private final Fabric fabric;
  private final Ipam ipam;
  private final TreeMap<String, CalicoNode> nodes = new TreeMap<>();
  private final Datastore datastore;
  private final Map<IpAddress, CalicoNode> byAddress = new HashMap<>();
  private final Reachability reachability = new Reachability();
  private final KubeControllers controllers;
  private final Pods pods;
  private volatile Resources resources;

  Machines(
      Resources resources,
      ClusterTime time,
      StandIns standIns,
      ClusterOptions options,
      Datastore datastore) {
    this.datastore = datastore;
    this.resources = resources;
    this.time = time;
    this.standIns = standIns;
    this.options = options;
    this.random = new Random(options.seed());
    this.fabric = Fabric.of(resources, this::newKernel);
    var ipamInputs = new ClusterIpamInputs(this::resources);
    this.ipam =
        new Ipam(
            datastore.store(),
            ipamInputs,
            () -> nanosSinceEpoch(time.clock()),
            datastore.variant());
    this.pods =
        new Pods(
            nodes,
            this::resources,
            ipamInputs,
            ipam,
            datastore,
            options,
            fabric,
            this::newKernel,
            time.clock());
    time.passage(this::isOpen);
    this.controllers =
        new KubeControllers(
            addressing(), options, this::resources, pods::allWorkloads, time.clock());
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

  /** The pods of the nodes. */
  Pods pods() {
    return pods;
  }

  // ---- to begin with

  /** The nodes and their kernels. */
  void addNodes() {
    learnPorts();
    for (var node : NodeFacts.of(resources)) {
      if (isOurs(node)) {
        put(CalicoNode.of(node, fabric.nodeKernel(node), resources, options.kubernetes()));
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

  /** Felix and kube-proxy, everywhere. */
  void program() {
    var workloads = pods.allWorkloads();
    var blocks = new ArrayList<Block>();
    for (var node : NodeFacts.of(resources)) {
      if (nodes.containsKey(node.name()) || options.isElsewhere(node.name())) {
        blocksOf(node.name()).forEach(block -> blocks.add(new Block(block, node.name())));
      }
    }
    nodes.values().forEach(node -> node.program(resources, workloads, blocks, pods.tunnels()));
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
        peersAmongPods(node));
  }

  /** Who speaks in a pod comes from the address that stands for the pod's. */
  private List<LocalWorkload> peersAmongPods(NodeFacts facts) {
    var node = nodes.get(facts.name());
    if (node == null) {
      return List.of();
    }
    var peers = LocalWorkloads.of(resources, facts, node.workloads());
    for (var peer : peers) {
      peer.ipv4().ifPresent(standIns::addPod);
      peer.ipv6().ifPresent(standIns::addPod);
    }
    return peers;
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
    fabric.follow(next, kernels());
    facts.forEach(
        (name, node) -> {
          var there = nodes.get(name);
          if (there == null) {
            var fresh = CalicoNode.of(node, fabric.nodeKernel(node), next, options.kubernetes());
            put(fresh);
            added.add(fresh);
          } else {
            there.become(node, next);
          }
        });
    pods.follow(before);
    var failures = pods.start();
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
      node.scan();
    }
  }

  private Map<NodeFacts, Kernel> kernels() {
    var found = new LinkedHashMap<NodeFacts, Kernel>();
    nodes.values().forEach(node -> found.put(node.facts(), node.kernel()));
    return found;
  }

  /** Runs a command of Linux; the node's daemons learn what it did to links and routes. */
  ExecResult exec(Place place, List<String> command) {
    var result = Exec.run(place.kernel(), command);
    var node = nodes.get(place.name());
    if (node != null && node.kernel().equals(place.kernel())) {
      node.scan();
    }
    return result;
  }

  Reachability reachability() {
    return reachability;
  }

  /** Whether the network carries a session's packets between two nodes of this process. */
  private boolean isOpen(InetAddress one, InetAddress other) {
    var here = standIns.standsFor(one);
    var there = standIns.standsFor(other);
    var from = here.map(byAddress::get);
    var to = there.map(byAddress::get);
    return from.isEmpty()
        || to.isEmpty()
        || (reachability.obstacle(from.get().kernel(), there.get()).isEmpty()
            && reachability.obstacle(to.get().kernel(), here.get()).isEmpty());
  }

  private void put(CalicoNode node) {
    nodes.put(node.name(), node);
    for (var family : IpFamily.values()) {
      node.facts().address(family).ifPresent(address -> byAddress.put(address, node));
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
    pods.removeAll(node);
    nodes.remove(node.name());
    byAddress.values().removeIf(node::equals);
    node.stop(() -> Fabric.unplug(node.kernel()));
  }

  /** Another process has started or stopped a pod. */
  void followOthers(List<EtcdEndpoints.Endpoint> all) {
    if (pods.followOthers(all)) {
      program();
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
