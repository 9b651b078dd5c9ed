package dev.aviary.emulator.cluster;

import dev.aviary.bgp.BgpSpeaker;
import dev.aviary.bgp.NeighborConfig;
import dev.aviary.bgp.SpeakerView;
import dev.aviary.emulator.bird.BirdDaemon;
import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.emulator.node.NodeBgp;
import dev.aviary.emulator.node.NodeFacts;
import dev.aviary.emulator.node.Workload;
import dev.aviary.emulator.resource.BgpConfigurationResource;
import dev.aviary.emulator.resource.NodeStatusResource;
import dev.aviary.emulator.resource.PodResource;
import dev.aviary.emulator.resource.ResourceEdits;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.ipam.IpamException;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A cluster that runs. Its methods may be called from any thread; each is handed to the cluster's
 * loop and answers with an immutable view.
 */
public final class Cluster implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private static final Logger log = LoggerFactory.getLogger(Cluster.class);

  private final ClusterTime time;
  private final StandIns standIns;
  private final Datastore datastore;
  private final ClusterOptions options;
  private final Machines machines;
  private final Instant startedAt;
  private final Daemons daemons;

  private Cluster(
      Resources resources,
      ClusterTime time,
      StandIns standIns,
      ClusterOptions options,
      Datastore datastore)
      throws ClusterException {
    this.time = time;
    this.standIns = standIns;
    this.datastore = datastore;
    this.options = options;
    this.machines = new Machines(resources, time, standIns, options, datastore);
    this.startedAt = time.clock().instant();
    this.daemons = new Daemons(startedAt, time.clock());
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
    var datastore = Datastore.of(options);
    try {
      return start(datastore.agreed(resources), options, progress, datastore);
    } catch (ClusterException | RuntimeException e) {
      datastore.close();
      throw e;
    }
  }

  private static Cluster start(
      Resources resources, ClusterOptions options, Consumer<String> progress, Datastore datastore)
      throws ClusterException, InterruptedException {
    ClusterChecks.checkOutside(resources, options);
    var standIns = StandIns.of(NodeFacts.of(resources), options);
    var time = options.virtual() ? ClusterTime.virtual() : ClusterTime.real();
    Cluster cluster = null;
    try {
      var starting = new Cluster(resources, time, standIns, options, datastore);
      cluster = starting;
      starting.boot(progress);
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

  private void boot(Consumer<String> progress) throws ClusterException, InterruptedException {
    var watch = new Stopwatch(time.clock(), progress);
    var failure = time.call(() -> boot(watch));
    if (failure.isPresent()) {
      throw failure.get();
    }
    startSpeakers(List.copyOf(machines.nodes().values()));
    datastore.watch(pods -> time.execute(() -> machines.followOthers(pods)));
    datastore.watchResources(this::followShared);
    time.every(machines::cleanUpPeriod, machines::cleanUp);
    watch.lap("%d speakers listen".formatted(machines.nodes().size()));
  }

  /** On the loop; the exception is handed back as a value. */
  private Optional<ClusterException> boot(Stopwatch watch) {
    machines.addNodes();
    watch.lap(
        "%d nodes, %d hosts around them"
            .formatted(machines.nodes().size(), machines.fabric().hosts().size()));
    var failures = machines.pods().start();
    if (!failures.isEmpty()) {
      return Optional.of(failures.getFirst());
    }
    watch.lap("%d pods have addresses".formatted(machines.pods().workloads().size()));
    machines.program();
    watch.lap("Felix and kube-proxy have programmed %d kernels".formatted(machines.nodes().size()));
    return Optional.empty();
  }

  private void startSpeakers(List<CalicoNode> nodes) throws ClusterException, InterruptedException {
    for (var node : nodes) {
      var outcomes = time.call(() -> machines.startSpeakers(node));
      for (var outcome : outcomes) {
        time.await(outcome::isDone, PATIENCE);
        if (outcome.getNow(null) instanceof BgpSpeaker.Started.Failed(var reason)) {
          throw ClusterException.environment(
              "%s cannot listen for BGP: %s".formatted(node.name(), reason));
        }
      }
    }
  }

  /** What came of a change of resources, and what could not be done for it, such as a pod. */
  public record Edited(ResourceEdits.Outcome outcome, List<String> warnings) {
    public Edited {
      warnings = List.copyOf(warnings);
    }
  }

  /**
   * Changes resources, and makes the running cluster what they say then. Sessions, routes, chains
   * and addresses that they say nothing new about stay as they are. Nothing is changed if the
   * outcome is refused.
   */
  public synchronized Edited edit(Function<Resources, ResourceEdits.Outcome> change)
      throws ClusterException, InterruptedException {
    var before = resources();
    var outcome = change.apply(before);
    var next = outcome.after();
    if (next.equals(before)) {
      return new Edited(outcome, List.of());
    }
    ClusterChecks.checkEdit(next);
    var edited = follow(outcome, next);
    var warnings = new ArrayList<>(edited.warnings());
    datastore.publish(before, next).ifPresent(warnings::add);
    return new Edited(outcome, warnings);
  }

  /** Another process has changed what all agree about. */
  private synchronized void followShared() {
    try {
      var next = datastore.changed(resources());
      if (next.isPresent()) {
        follow(new ResourceEdits.Outcome(next.get(), 0, List.of()), next.get());
      }
    } catch (ClusterException e) {
      log.warn("the datastore's resources are not followed: {}", e.getMessage());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private Edited follow(ResourceEdits.Outcome outcome, Resources next)
      throws ClusterException, InterruptedException {
    var followed = time.call(() -> machines.follow(next));
    startSpeakers(followed.added());
    var warnings = new ArrayList<>(warnings());
    followed.failures().forEach(failure -> warnings.add(String.valueOf(failure.getMessage())));
    return new Edited(outcome, warnings);
  }

  /** What is allowed and hardly meant, such as a password whose Secret is missing. */
  public List<String> warnings() {
    return ClusterChecks.warnings(resources(), options.environment());
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

  /** The resources that it is made of now. */
  public Resources resources() {
    return machines.resources();
  }

  /** The names of its nodes, sorted. */
  public List<String> nodeNames() {
    return onLoop(() -> List.copyOf(machines.nodes().keySet()));
  }

  /** The cluster's AS number. */
  public long as() {
    return resources()
        .find(BgpConfigurationResource.class, "", "default")
        .flatMap(BgpConfigurationResource::as)
        .orElse(NodeFacts.DEFAULT_AS);
  }

  /** How long it has been running. */
  public Duration age() {
    return Duration.between(startedAt, time.clock().instant());
  }

  /**
   * Waits until every session inside the cluster is up, and each side has heard all that the other
   * has said and has nothing left to say.
   *
   * @return how long after the start that was
   */
  public Duration awaitConverged() throws InterruptedException, ClusterException {
    if (!time.await(() -> Convergence.of(machines.views(), standIns).isReached(), PATIENCE)) {
      var missing = onLoop(() -> Convergence.of(machines.views(), standIns).missing());
      throw ClusterException.environment("no convergence: " + missing.orElse("too late"));
    }
    return age();
  }

  /** Lets time pass: real time, or virtual time at once. */
  public void pass(Duration span) throws InterruptedException {
    time.await(() -> false, span);
  }

  /** The speaker of {@code node} at this instant. */
  public SpeakerView speakerView(String node) {
    return onLoop(
        () ->
            node(node)
                .speakerView(IpFamily.IPV4)
                .orElseThrow(() -> new IllegalArgumentException(node + " has no IPv4")));
  }

  /** To be used on the loop. */
  CalicoNode node(String name) {
    var node = machines.nodes().get(name);
    if (node == null) {
      throw new IllegalArgumentException("there is no node " + name);
    }
    return node;
  }

  /** What {@code calicoctl node status} reports of {@code node}. */
  public NodeStatus nodeStatus(String node) {
    return onLoop(() -> NodeStatusReport.of(node(node)));
  }

  /**
   * The status of a CalicoNodeStatus, as plain values for a report; empty if its node is not one of
   * this cluster.
   */
  public Map<String, Object> calicoNodeStatus(NodeStatusResource wanted) {
    return onLoop(
        () -> {
          var node = machines.nodes().get(wanted.node());
          return node == null
              ? Map.of()
              : CalicoNodeStatus.of(
                  node,
                  wanted,
                  family -> daemons.of(node, family).console(ZoneOffset.UTC),
                  time.clock().instant());
        });
  }

  /** Why {@code one} and {@code other} have a session, or have none. */
  public Explanation explainSession(String one, String other, IpFamily family)
      throws ClusterException {
    var left = known(one);
    var right = known(other);
    return onLoop(
        () -> SessionExplanation.of(resources(), machines.reachability(), left, right, family));
  }

  /** Why nodes have a route to {@code prefix}, or have none. */
  public Explanation explainRoute(Prefix prefix, Optional<String> from, Optional<String> to)
      throws ClusterException {
    var origin = from.isPresent() ? Optional.of(known(from.get())) : Optional.<CalicoNode>empty();
    var receiver = to.isPresent() ? Optional.of(known(to.get())) : Optional.<CalicoNode>empty();
    return onLoop(() -> RouteExplanation.of(machines.nodes(), prefix, origin, receiver));
  }

  private CalicoNode known(String name) throws ClusterException {
    var node = onLoop(() -> Optional.ofNullable(machines.nodes().get(name)));
    return node.orElseThrow(() -> ClusterException.input("there is no node '" + name + "'"));
  }

  /** Where each speaker listens: a line each, for people who want to peer with them. */
  public List<String> speakers() {
    return onLoop(() -> SpeakerLines.of(machines.nodes().values(), standIns));
  }

  /** The loopback address and port that stand for a node's address and BGP port. */
  public java.net.InetSocketAddress bgpAddress(String node) {
    return onLoop(
        () ->
            node(node)
                .facts()
                .address(IpFamily.IPV4)
                .flatMap(standIns::of)
                .orElseThrow(() -> new IllegalArgumentException(node + " has no IPv4")));
  }

  /**
   * What was decided about BGP on {@code node}, a value for each family; empty for no such node.
   */
  public List<NodeBgp> bgp(String node) {
    return onLoop(
        () ->
            NodeFacts.of(resources()).stream()
                .filter(facts -> facts.name().equals(node))
                .flatMap(
                    facts ->
                        java.util.stream.Stream.of(IpFamily.values())
                            .map(family -> machines.bgp(facts, family)))
                .toList());
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
          machines.pods().allWorkloads().forEach(w -> running.put(w.pod().metadata().id(), w));
          return resources().of(PodResource.class).stream()
              .sorted(Comparator.comparing(pod -> pod.metadata().id()))
              .map(
                  pod ->
                      PodStatus.of(
                          pod,
                          Optional.ofNullable(running.get(pod.metadata().id())),
                          machines.nodes()))
              .toList();
        });
  }

  /** Its address management. */
  public Addressing addressing() {
    return machines.addressing();
  }

  /** Per node the addresses of its tunnel devices. */
  public SequencedMap<String, List<IpAddress>> tunnelAddresses() {
    return onLoop(machines.pods()::tunnelAddresses);
  }

  /** The pods that run with a network of their own, here and in other processes. */
  public List<PodStatus> workloadPods() {
    return onLoop(
        () ->
            machines.pods().allWorkloads().stream()
                .map(w -> PodStatus.of(w.pod(), Optional.of(w), machines.nodes()))
                .toList());
  }

  /** What its datastore says of itself. */
  public DatastoreState datastoreState() {
    return datastore.state();
  }

  /** Locks the datastore for a migration, or unlocks it. */
  public void setDatastoreReady(boolean ready) throws IpamException {
    datastore.setReady(ready);
  }

  /** The time in the cluster. */
  public Instant now() {
    return time.clock().instant();
  }

  /** A node, a host or a pod by its name; pods also as "namespace/name". */
  public Optional<Place> find(String name) {
    return onLoop(
        () ->
            Places.find(
                name, machines.nodes(), machines.fabric().hosts(), machines.pods().workloads()));
  }

  /** Runs a command of Linux, birdc or birdcl at {@code place}. */
  public ExecResult exec(Place place, List<String> command) {
    return onLoop(
        () ->
            BirdClient.isOne(command)
                ? BirdClient.run(
                    Optional.ofNullable(machines.nodes().get(place.name())), command, this)
                : machines.exec(place, command));
  }

  /** The routing daemon of {@code node} for {@code family}. */
  BirdDaemon daemon(CalicoNode node, IpFamily family) {
    return daemons.of(node, family);
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
        () ->
            Tracing.run(
                request,
                resources(),
                machines.nodes(),
                machines.fabric().hosts(),
                machines.pods().workloads(),
                time.clock()));
  }

  /** All sessions end with Cease. */
  @Override
  public void close() {
    for (var node : machines.nodes().values()) {
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
    onLoop(
        () -> {
          machines.pods().withdrawAll();
          return true;
        });
    datastore.close();
    time.close();
  }
}
