package dev.aviary.emulator.node;

import dev.aviary.bgp.BgpSpeaker;
import dev.aviary.bgp.NeighborConfig;
import dev.aviary.bgp.SpeakerConfig;
import dev.aviary.bgp.SpeakerView;
import dev.aviary.bgp.policy.Policy;
import dev.aviary.bgp.rib.RouteDissemination.NextHopRule;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.emulator.node.PeeringPlan.PlannedPeer;
import dev.aviary.emulator.resource.PodResource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.felix.Felix;
import dev.aviary.felix.calc.Block;
import dev.aviary.kernel.Kernel;
import dev.aviary.kubeproxy.KubeProxy;
import dev.aviary.kubeproxy.KubeProxyConfig;
import dev.aviary.kubeproxy.KubeProxyVersion;
import dev.aviary.kubeproxy.KubeletChains;
import dev.aviary.kubeproxy.LocalTraffic;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import java.net.InetSocketAddress;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Consumer;

/** One host of the cluster. All calls come on its event loop. */
public final class CalicoNode {
  private final NodeFacts facts;
  private final Kernel kernel;
  private final Felix felix;
  private final KubeProxy kubeProxy;
  private final KubeletChains kubelet;
  private final BgpSpeaker speaker;
  private final PeeringPlan plan;
  private final BgpAddresses addresses;
  private final SequencedMap<String, Workload> workloads = new LinkedHashMap<>();
  private final Set<Prefix> originated = new LinkedHashSet<>();

  private CalicoNode(
      NodeFacts facts,
      Kernel kernel,
      PeeringPlan plan,
      BgpAddresses addresses,
      NodeTime time,
      Resources resources) {
    this.facts = facts;
    this.kernel = kernel;
    this.plan = plan;
    this.addresses = addresses;
    this.felix = new Felix(FelixSettings.of(resources, facts.name()), kernel);
    var version = KubeProxyVersion.standard();
    this.kubelet = new KubeletChains(version, IpFamily.IPV4, kernel);
    this.kubeProxy = new KubeProxy(KubeProxyConfig.of(version, new LocalTraffic.Unknown()), kernel);
    var nextHops = new NextHops(kernel);
    this.speaker = new BgpSpeaker(speakerConfig(nextHops), time.transport(), time.scheduler());
    var services = ServiceAdvertiser.configured(resources);
    speaker.listener(
        new KernelProtocol(
            kernel, nextHops, prefix -> services.stream().anyMatch(s -> s.contains(prefix))));
  }

  /** A node that does nothing yet. */
  public static CalicoNode of(
      NodeFacts facts,
      Kernel kernel,
      PeeringPlan plan,
      BgpAddresses addresses,
      NodeTime time,
      Resources resources) {
    return new CalicoNode(facts, kernel, plan, addresses, time, resources);
  }

  private SpeakerConfig speakerConfig(NextHops nextHops) {
    var builder =
        SpeakerConfig.builder(
                facts.name(), AsNumber.of(plan.as()), BgpIdentifier.of(plan.address().toString()))
            .behavior(Behavior.BIRD_16)
            .resolver(nextHops);
    if (plan.address() instanceof Ipv4Address v4) {
      builder.ipv4(v4);
    }
    if (!facts.routeReflectorClusterId().isEmpty()) {
      builder.clusterId(BgpIdentifier.of(facts.routeReflectorClusterId()));
    }
    addresses.of(plan.address()).ifPresent(builder::listen);
    return builder.build();
  }

  public NodeFacts facts() {
    return facts;
  }

  public String name() {
    return facts.name();
  }

  public Kernel kernel() {
    return kernel;
  }

  public PeeringPlan plan() {
    return plan;
  }

  /** Its pods that run. */
  public List<Workload> workloads() {
    return List.copyOf(workloads.values());
  }

  /** Gives a pod its network. */
  public Workload add(PodResource pod, CniPlugin cni, Resources resources) throws CniException {
    var workload = cni.add(pod, resources);
    workloads.put(pod.metadata().id(), workload);
    return workload;
  }

  /** Programs the kernel: kubelet's chains, kube-proxy's, Felix's, in the order a node comes up. */
  public void program(Resources resources, List<Workload> everywhere, List<Block> blocks) {
    kubelet.ensure();
    kubeProxy.apply(KubeProxyInputs.of(resources, facts, everywhere));
    felix.apply(FelixInputs.of(resources, facts.name(), everywhere, blocks));
  }

  /** Announces the node's blocks and services, and withdraws what it announces no more. */
  public void advertise(List<Prefix> blocks, List<Prefix> services) {
    var wanted = new LinkedHashSet<Prefix>();
    for (var block : blocks) {
      // A block of one address has no blackhole route, so nothing of it is announced.
      if (!block.isHost() && block.family() == IpFamily.IPV4) {
        wanted.add(block);
      }
    }
    wanted.addAll(services);
    for (var prefix : List.copyOf(originated)) {
      if (!wanted.contains(prefix)) {
        speaker.withdraw(prefix);
        originated.remove(prefix);
      }
    }
    for (var prefix : wanted) {
      if (originated.add(prefix)) {
        speaker.originate(prefix, PathAttributes.of(new PathAttribute.OriginAttribute(Origin.IGP)));
      }
    }
  }

  /** Starts the speaker with the sessions of its plan. */
  public void start(
      Resources resources, List<Prefix> blocks, Consumer<BgpSpeaker.Started> outcome) {
    var export =
        ExportPolicy.of(
            resources, IpFamily.IPV4, blocks, ServiceAdvertiser.advertised(resources, facts));
    for (var peer : plan.peers()) {
      speaker.add(neighbor(peer, export));
    }
    advertise(blocks, ServiceAdvertiser.advertised(resources, facts));
    speaker.start(outcome);
  }

  private NeighborConfig neighbor(PlannedPeer peer, Policy export) {
    var builder =
        NeighborConfig.builder(peer.protocolName(), peer.address(), AsNumber.of(peer.as()))
            .timers(NeighborConfig.Timers.CALICO)
            .families(AfiSafi.IPV4_UNICAST)
            .addPath(NeighborConfig.AddPathMode.BOTH)
            .gracefulRestart(NeighborConfig.GracefulRestartMode.ABLE)
            .importPolicy(Policy.ACCEPT)
            .exportPolicy(export)
            .multihop(true)
            .passive(peer.passive())
            .reflectorClient(peer.reflectorClient());
    if (peer.keepNextHop()) {
      builder.nextHop(NextHopRule.KEEP);
    }
    dialAddress(peer).ifPresent(builder::dial);
    addresses
        .of(plan.address())
        .ifPresent(own -> builder.source(new InetSocketAddress(own.getAddress(), 0)));
    return builder.build();
  }

  /** Nodes are dialled at their stand-ins; whoever is outside, where the resources say. */
  private Optional<InetSocketAddress> dialAddress(PlannedPeer peer) {
    return addresses
        .of(peer.address())
        .or(() -> Optional.of(new InetSocketAddress(peer.address().toString(), peer.port())));
  }

  /** Ends all sessions with Cease; {@code done} runs when that is said. */
  public void stop(Runnable done) {
    speaker.stop(done);
  }

  /** The speaker at this instant. */
  public SpeakerView speakerView() {
    return speaker.view();
  }

  /** Lets another BGP router be a neighbor of this node while it runs. */
  public void addNeighbor(NeighborConfig neighbor) {
    speaker.add(neighbor);
  }

  /** The protocols' peers by BIRD's name. */
  public Map<String, PlannedPeer> peersByName() {
    var found = new LinkedHashMap<String, PlannedPeer>();
    for (var peer : plan.peers()) {
      found.put(peer.protocolName(), peer);
    }
    return found;
  }
}
