package dev.aviary.emulator.node;

import dev.aviary.bgp.BgpSpeaker;
import dev.aviary.bgp.NeighborConfig;
import dev.aviary.bgp.SpeakerEvent;
import dev.aviary.bgp.SpeakerView;
import dev.aviary.emulator.node.PeeringPlan.PlannedPeer;
import dev.aviary.emulator.resource.PodResource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.felix.Felix;
import dev.aviary.felix.calc.Block;
import dev.aviary.felix.calc.FelixConfig;
import dev.aviary.kernel.Kernel;
import dev.aviary.kubeproxy.KubeProxy;
import dev.aviary.kubeproxy.KubeProxyConfig;
import dev.aviary.kubeproxy.KubeProxyVersion;
import dev.aviary.kubeproxy.KubeletChains;
import dev.aviary.kubeproxy.LocalTraffic;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Consumer;

/** One host of the cluster. All calls come on its event loop. */
public final class CalicoNode {
  /** kubelet and kube-proxy write both, whether or not the cluster has addresses of both. */
  private static final List<IpFamily> FAMILIES = List.of(IpFamily.IPV4, IpFamily.IPV6);

  private final Kernel kernel;
  private final List<KubeProxy> kubeProxies;
  private final List<KubeletChains> kubelet;
  private final SequencedMap<IpFamily, NodeSpeaker> speakers = new LinkedHashMap<>();
  private final SequencedMap<String, Workload> workloads = new LinkedHashMap<>();
  private NodeFacts facts;
  private FelixConfig felixConfig;
  private Felix felix;

  private CalicoNode(
      NodeFacts facts, Kernel kernel, Resources resources, KubeProxyVersion version) {
    this.facts = facts;
    this.kernel = kernel;
    this.felixConfig = FelixSettings.of(resources, facts.name());
    this.felix = new Felix(felixConfig, kernel);
    this.kubelet =
        FAMILIES.stream().map(family -> new KubeletChains(version, family, kernel)).toList();
    var config = KubeProxyConfig.of(version, new LocalTraffic.Unknown());
    this.kubeProxies =
        FAMILIES.stream()
            .map(family -> config.withFamily(family, new LocalTraffic.Unknown()))
            .map(ofFamily -> new KubeProxy(ofFamily, kernel))
            .toList();
  }

  /**
   * A node that does nothing yet.
   *
   * @param version of its kubelet and kube-proxy
   */
  public static CalicoNode of(
      NodeFacts facts, Kernel kernel, Resources resources, KubeProxyVersion version) {
    return new CalicoNode(facts, kernel, resources, version);
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

  /** Puts the pod's new description in the place of the one that it runs under. */
  public Workload replace(PodResource pod) {
    var old = workloads.get(pod.metadata().id());
    if (old == null) {
      throw new IllegalArgumentException(pod.metadata().id() + " does not run on " + name());
    }
    var workload = new Workload(pod, old.kernel(), old.interfaceName(), old.addresses());
    workloads.put(pod.metadata().id(), workload);
    return workload;
  }

  /** Takes on other labels, another AS, other settings of Felix; its addresses stay. */
  public void become(NodeFacts changed, Resources resources) {
    facts = changed;
    var config = FelixSettings.of(resources, changed.name());
    if (!config.equals(felixConfig)) {
      // As a restart of Felix: it finds what its predecessor left in the kernel.
      felixConfig = config;
      felix = new Felix(config, kernel);
    }
  }

  /** Takes the pod's network away, if it runs here. */
  public void remove(String pod, CniPlugin cni) {
    var workload = workloads.remove(pod);
    if (workload != null) {
      cni.delete(workload);
    }
  }

  /** Programs the kernel: kubelet's chains, kube-proxy's, Felix's, in the order a node comes up. */
  public void program(
      Resources resources, List<Workload> everywhere, List<Block> blocks, TunnelEnds tunnels) {
    kubelet.forEach(KubeletChains::ensure);
    var services = KubeProxyInputs.of(resources, facts, everywhere);
    kubeProxies.forEach(proxy -> proxy.apply(services));
    felix.apply(FelixInputs.of(resources, facts.name(), everywhere, blocks, tunnels));
  }

  /** Starts the speaker of one family with the sessions of its plan. */
  public void start(
      NodeBgp bgp, BgpAddresses addresses, NodeTime time, Consumer<BgpSpeaker.Started> outcome) {
    var speaker = new NodeSpeaker(bgp, kernel, addresses, time);
    speakers.put(bgp.family(), speaker);
    speaker.start(outcome);
  }

  /** Follows what is decided now; sessions that it leaves alone go on. */
  public void follow(NodeBgp bgp) {
    var speaker = speakers.get(bgp.family());
    if (speaker != null) {
      speaker.follow(bgp);
    }
  }

  /** Stops or starts a part of the daemon of {@code family}. */
  public void run(IpFamily family, DaemonPart part, boolean runs) {
    var speaker = speakers.get(family);
    if (speaker != null) {
      speaker.run(part, runs);
    }
  }

  /** Its links or routes may have changed: has its speakers look at them. */
  public void scan() {
    speakers.values().forEach(NodeSpeaker::scan);
  }

  /** What its speaker of {@code family} follows, if it has one. */
  public Optional<NodeBgp> bgp(IpFamily family) {
    return Optional.ofNullable(speakers.get(family)).map(NodeSpeaker::bgp);
  }

  /** Ends all sessions with Cease; {@code done} runs when that is said. */
  public void stop(Runnable done) {
    stop(List.copyOf(speakers.values()), done);
  }

  private static void stop(List<NodeSpeaker> left, Runnable done) {
    if (left.isEmpty()) {
      done.run();
    } else {
      left.getFirst().stop(() -> stop(left.subList(1, left.size()), done));
    }
  }

  /** The daemon of {@code family}, for an operator at its control socket. */
  public Optional<BgpSpeaker> speaker(IpFamily family) {
    return Optional.ofNullable(speakers.get(family)).map(NodeSpeaker::speaker);
  }

  /** True if Calico's filter keeps {@code prefix} out of the kernel. */
  public boolean isKeptOutOfKernel(Prefix prefix) {
    var speaker = speakers.get(prefix.family());
    return speaker != null && speaker.isRejected(prefix);
  }

  /** The speaker of {@code family} at this instant, if it has one. */
  public Optional<SpeakerView> speakerView(IpFamily family) {
    return Optional.ofNullable(speakers.get(family)).map(NodeSpeaker::view);
  }

  /** Lets another BGP router be a neighbor of this node while it runs. */
  public void addNeighbor(NeighborConfig neighbor) {
    var speaker = speakers.get(neighbor.address().family());
    if (speaker == null) {
      throw new IllegalArgumentException(name() + " has no speaker for " + neighbor.address());
    }
    speaker.addVisitor(neighbor);
  }

  /** The protocols' peers by BIRD's name. */
  public Map<String, PlannedPeer> peersByName(IpFamily family) {
    var speaker = speakers.get(family);
    return speaker == null ? Map.of() : speaker.peersByName();
  }

  /** The last things that happened to sessions of {@code family}, the oldest first. */
  public List<SpeakerEvent> events(IpFamily family) {
    var speaker = speakers.get(family);
    return speaker == null ? List.of() : speaker.events();
  }

  /** What a statement of the filter towards {@code peer} was made for. */
  public String exportReason(IpFamily family, String peer, int statement) {
    var speaker = speakers.get(family);
    return speaker == null ? "" : speaker.exportReason(peer, statement);
  }

  /** What a statement of the filter for what {@code peer} tells was made for. */
  public String importReason(IpFamily family, String peer, int statement) {
    var speaker = speakers.get(family);
    return speaker == null ? "" : speaker.importReason(peer, statement);
  }

  /** What became of the best route to {@code prefix} in the kernel. */
  public String kernelDecision(Prefix prefix) {
    var speaker = speakers.get(prefix.family());
    return speaker == null ? "no speaker for it" : speaker.kernelDecision(prefix);
  }

  /** How something is reached: whom to send to, and by which device. */
  public record Reach(IpAddress gateway, String device) {}

  /** How {@code nextHop} is reached; empty where it is not, or there is no speaker. */
  public Optional<Reach> reach(IpFamily family, IpAddress nextHop) {
    return Optional.ofNullable(speakers.get(family)).flatMap(speaker -> speaker.reach(nextHop));
  }
}
