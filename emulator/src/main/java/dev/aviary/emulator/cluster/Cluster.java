package dev.aviary.emulator.cluster;

import dev.aviary.bgp.BgpSpeaker;
import dev.aviary.bgp.NeighborConfig;
import dev.aviary.bgp.SpeakerView;
import dev.aviary.emulator.node.BgpConfigProcessor;
import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.emulator.node.ClusterIpamInputs;
import dev.aviary.emulator.node.CniException;
import dev.aviary.emulator.node.CniPlugin;
import dev.aviary.emulator.node.NodeFacts;
import dev.aviary.emulator.node.Workload;
import dev.aviary.emulator.resource.BgpConfigurationResource;
import dev.aviary.emulator.resource.PodResource;
import dev.aviary.emulator.resource.Resource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.felix.calc.Block;
import dev.aviary.ipam.InMemoryIpamStore;
import dev.aviary.ipam.Ipam;
import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.IpamVariant;
import dev.aviary.kernel.Kernel;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A cluster that runs. Its methods may be called from any thread; each is handed to the cluster's
 * loop and answers with an immutable view.
 */
public final class Cluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private volatile Resources resources;
  private final ClusterTime time;
  private final Fabric fabric;
  private final Addressing addressing;
  private final Ipam ipam;
  private volatile DatastoreState datastoreState;
  private final StandIns standIns;
  private final Set<String> outside;
  private final Random random;
  private final SequencedMap<String, CalicoNode> nodes = new LinkedHashMap<>();
  private final Instant startedAt;

  private Cluster(Resources resources, ClusterTime time, StandIns standIns, ClusterOptions options)
      throws ClusterException {
    this.resources = resources;
    this.time = time;
    this.standIns = standIns;
    this.outside = options.outside().keySet();
    this.random = new Random(options.seed());
    this.fabric = Fabric.of(resources, this::newKernel);
    var store = new InMemoryIpamStore();
    this.ipam =
        new Ipam(
            store,
            new ClusterIpamInputs(this::resources),
            this::nanosSinceEpoch,
            IpamVariant.V3_22);
    this.addressing = new Addressing(ipam, store, IpamVariant.V3_22);
    this.datastoreState = new DatastoreState("%032x".formatted(options.seed()), true, "1");
    this.startedAt = time.clock().instant();
  }

  private Kernel newKernel(String name) {
    return new Kernel(name, time.clock(), new Random(random.nextLong()));
  }

  private long nanosSinceEpoch() {
    var now = time.clock().instant();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  /**
   * Starts a cluster: its kernels, pods and programs are there when this returns; its sessions come
   * up after that.
   *
   * @param progress is told what was done, and how long it took
   */
  public static Cluster start(
      Resources resources, ClusterOptions options, Consumer<String> progress)
      throws ClusterException, InterruptedException {
    ClusterChecks.check(resources);
    var facts = NodeFacts.of(resources);
    for (var name : options.outside().keySet()) {
      if (facts.stream().noneMatch(node -> node.name().equals(name))) {
        throw ClusterException.input("--outside: there is no node '" + name + "'");
      }
    }
    var standIns = StandIns.of(facts, options);
    var time = options.virtual() ? ClusterTime.virtual() : ClusterTime.real();
    Cluster cluster = null;
    try {
      var starting = new Cluster(resources, time, standIns, options);
      cluster = starting;
      starting.boot(facts, progress);
      return starting;
    } catch (ClusterException | RuntimeException e) {
      if (cluster != null) {
        cluster.close();
      } else {
        time.close();
      }
      throw e;
    }
  }

  private void boot(List<NodeFacts> facts, Consumer<String> progress)
      throws ClusterException, InterruptedException {
    var watch = new Stopwatch(time.clock(), progress);
    var failure = time.call(() -> boot(facts, watch));
    if (failure.isPresent()) {
      throw failure.get();
    }
    var failures = new ArrayList<String>();
    for (var node : nodes.values()) {
      var outcome = new CompletableFuture<BgpSpeaker.Started>();
      time.call(
          () -> {
            node.start(resources, blocksOf(node.name()), outcome::complete);
            return true;
          });
      time.await(outcome::isDone, PATIENCE);
      if (outcome.getNow(null) instanceof BgpSpeaker.Started.Failed(var reason)) {
        failures.add("%s cannot listen for BGP: %s".formatted(node.name(), reason));
      }
    }
    if (!failures.isEmpty()) {
      throw ClusterException.environment(failures.getFirst());
    }
    watch.lap("%d speakers listen".formatted(nodes.size()));
  }

  /** On the loop; the exception is handed back as a value. */
  private Optional<ClusterException> boot(List<NodeFacts> facts, Stopwatch watch) {
    for (var node : facts) {
      if (outside.contains(node.name())) {
        continue;
      }
      var plan = BgpConfigProcessor.plan(resources, node.name(), IpFamily.IPV4);
      if (plan.isPresent()) {
        var address = plan.get().address();
        nodes.put(
            node.name(),
            CalicoNode.of(
                node,
                fabric.nodeKernel(node),
                plan.get(),
                standIns.addresses(),
                time.forNode(standIns.of(address)),
                resources));
      }
    }
    watch.lap("%d nodes, %d hosts around them".formatted(nodes.size(), fabric.hosts().size()));
    try {
      int pods = startPods();
      watch.lap("%d pods have addresses".formatted(pods));
    } catch (ClusterException e) {
      return Optional.of(e);
    }
    program();
    watch.lap("Felix and kube-proxy have programmed %d kernels".formatted(nodes.size()));
    return Optional.empty();
  }

  /** Pods with fixed addresses first, so that no other pod is given one of them. */
  private int startPods() throws ClusterException {
    var pods =
        resources.of(PodResource.class).stream()
            .filter(pod -> !pod.hostNetwork() && !pod.finished() && nodes.containsKey(pod.node()))
            .sorted(Comparator.comparing(pod -> pod.addresses().isEmpty()))
            .toList();
    for (var pod : pods) {
      var node = nodes.get(pod.node());
      if (node == null) {
        continue;
      }
      var cni =
          new CniPlugin(
              node.name(),
              node.kernel(),
              ipam,
              time.clock(),
              this::newKernel,
              fabric.wiring(node.name()).mtu());
      try {
        var workload = node.add(pod, cni, resources);
        for (var port : pod.ports()) {
          Fabric.listen(workload.kernel(), port.protocol(), port.port());
        }
      } catch (CniException e) {
        throw ClusterException.input(
            pod.source().problem("metadata.name", String.valueOf(e.getMessage())));
      }
    }
    return pods.size();
  }

  private List<Workload> workloads() {
    return nodes.values().stream().flatMap(node -> node.workloads().stream()).toList();
  }

  private List<Prefix> blocksOf(String node) {
    try {
      return ipam.confirmedBlocks(node);
    } catch (IpamException e) {
      throw new IllegalStateException(e);
    }
  }

  private void program() {
    var workloads = workloads();
    var blocks = new ArrayList<Block>();
    for (var node : nodes.keySet()) {
      blocksOf(node).forEach(block -> blocks.add(new Block(block, node)));
    }
    nodes.values().forEach(node -> node.program(resources, workloads, blocks));
  }

  /** Runs {@code work} on the cluster's loop, where its kernels may be touched; for embedders. */
  public <T> T onLoop(Callable<T> work) {
    try {
      return time.call(work);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  /** The resources it has now. */
  public Resources resources() {
    return resources;
  }

  /** Changes the resources; what was made of them before stays as it is. */
  public void changeResources(UnaryOperator<List<Resource>> change) {
    onLoop(
        () -> {
          resources = new Resources(change.apply(resources.all()));
          return true;
        });
  }

  /** Its address management. */
  public Addressing addressing() {
    return addressing;
  }

  /** Per node the addresses of its tunnel devices. */
  public SequencedMap<String, List<IpAddress>> tunnelAddresses() {
    return new LinkedHashMap<>();
  }

  /** What its datastore says of itself. */
  public DatastoreState datastoreState() {
    return datastoreState;
  }

  /** Locks the datastore for a migration, or unlocks it. */
  public void setDatastoreReady(boolean ready) {
    var before = datastoreState;
    datastoreState =
        new DatastoreState(
            before.guid(), ready, Long.toString(Long.parseLong(before.revision()) + 1));
  }

  /** The time in the cluster. */
  public Instant now() {
    return time.clock().instant();
  }

  /** The names of its nodes, sorted. */
  public List<String> nodeNames() {
    return List.copyOf(nodes.keySet());
  }

  /** The cluster's AS number. */
  public long as() {
    return resources
        .find(BgpConfigurationResource.class, "", "default")
        .flatMap(BgpConfigurationResource::as)
        .orElse(NodeFacts.DEFAULT_AS);
  }

  /** How long it has been running. */
  public Duration age() {
    return Duration.between(startedAt, time.clock().instant());
  }

  /**
   * Waits until every session inside the cluster is up and every route that one side tells has
   * arrived at the other.
   *
   * @return how long after the start that was
   */
  public Duration awaitConverged() throws InterruptedException, ClusterException {
    if (!time.await(() -> Convergence.of(views(), standIns).isReached(), PATIENCE)) {
      var missing = onLoop(() -> Convergence.of(views(), standIns).missing());
      throw ClusterException.environment("no convergence: " + missing);
    }
    return age();
  }

  private Map<String, SpeakerView> views() {
    var views = new LinkedHashMap<String, SpeakerView>();
    nodes.forEach((name, node) -> views.put(name, node.speakerView()));
    return views;
  }

  /** The speaker of {@code node} at this instant. */
  public SpeakerView speakerView(String node) {
    return onLoop(() -> node(node).speakerView());
  }

  private CalicoNode node(String name) {
    var node = nodes.get(name);
    if (node == null) {
      throw new IllegalArgumentException("there is no node " + name);
    }
    return node;
  }

  /** What {@code calicoctl node status} reports of {@code node}. */
  public NodeStatus nodeStatus(String node) {
    return onLoop(() -> NodeStatusReport.of(node(node)));
  }

  /** Where each speaker listens: a line each, for people who want to peer with them. */
  public List<String> speakers() {
    return nodes.values().stream()
        .map(
            node ->
                String.format(
                    Locale.ROOT,
                    "%s %s AS %d, BGP at %s:%d",
                    node.name(),
                    node.plan().address(),
                    node.plan().as(),
                    standIns.of(node.plan().address()).getHostAddress(),
                    standIns.port()))
        .toList();
  }

  /** The loopback address and port that stand for a node's address and BGP port. */
  public java.net.InetSocketAddress bgpAddress(String node) {
    return new java.net.InetSocketAddress(
        standIns.of(node(node).plan().address()), standIns.port());
  }

  /** Lets another BGP router be a neighbor of {@code node} while the cluster runs. */
  public void addNeighbor(String node, NeighborConfig neighbor) {
    onLoop(
        () -> {
          node(node).addNeighbor(neighbor);
          return true;
        });
  }

  /** Every pod, in the order of namespaces and names. */
  public List<PodStatus> pods() {
    return onLoop(
        () -> {
          var running = new LinkedHashMap<String, Workload>();
          workloads().forEach(w -> running.put(w.pod().metadata().id(), w));
          return resources.of(PodResource.class).stream()
              .sorted(Comparator.comparing(pod -> pod.metadata().id()))
              .map(pod -> status(pod, Optional.ofNullable(running.get(pod.metadata().id()))))
              .toList();
        });
  }

  /** The pods that run with a network of their own. */
  public List<PodStatus> workloadPods() {
    return onLoop(() -> workloads().stream().map(w -> status(w.pod(), Optional.of(w))).toList());
  }

  private PodStatus status(PodResource pod, Optional<Workload> workload) {
    var node = Optional.ofNullable(nodes.get(pod.node()));
    var status =
        pod.finished()
            ? "Completed"
            : workload.isPresent() || (pod.hostNetwork() && node.isPresent())
                ? "Running"
                : "Pending";
    var addresses =
        workload
            .map(Workload::addresses)
            .orElseGet(
                () ->
                    pod.hostNetwork()
                        ? node.map(n -> List.of(n.plan().address())).orElse(List.of())
                        : List.of());
    return new PodStatus(
        pod.metadata().namespace(), pod.metadata().name(), status, addresses, pod.node());
  }

  /** A node, a host or a pod by its name; pods also as "namespace/name". */
  public Optional<Place> find(String name) {
    return onLoop(() -> Places.find(name, nodes, fabric.hosts(), workloads()));
  }

  /** Runs a command of Linux at {@code place}. */
  public ExecResult exec(Place place, List<String> command) {
    return onLoop(() -> Exec.run(place.kernel(), command));
  }

  /**
   * Captures frames at {@code place} into a pcap file until the answer is closed.
   *
   * @param device a link, or "any"
   * @param limit ends by itself after so many frames; 0 for never
   */
  public Capture capture(Place place, String device, Path file, int limit) throws IOException {
    return Capture.start(this, place, device, file, limit);
  }

  /** True if {@code place} has a link of that name. */
  public boolean hasLink(Place place, String device) {
    return device.equals("any") || onLoop(() -> place.kernel().links().find(device).isPresent());
  }

  /** Sends a packet and tells what became of it. */
  public TraceAnswer trace(TraceRequest request) {
    return onLoop(
        () -> Tracing.run(request, resources, nodes, fabric.hosts(), workloads(), time.clock()));
  }

  /** All sessions end with Cease. */
  @Override
  public void close() {
    for (var node : nodes.values()) {
      var done = new CompletableFuture<Boolean>();
      try {
        time.call(
            () -> {
              node.stop(() -> done.complete(true));
              return true;
            });
        time.await(done::isDone, Duration.ofSeconds(5));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
    time.close();
  }
}
