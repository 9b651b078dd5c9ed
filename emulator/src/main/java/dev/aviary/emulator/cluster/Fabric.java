package dev.aviary.emulator.cluster;

import dev.aviary.emulator.node.NodeFacts;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.emulator.resource.SegmentFault;
import dev.aviary.emulator.resource.TopologyResource;
import dev.aviary.emulator.resource.TopologyResource.Host;
import dev.aviary.emulator.resource.TopologyResource.NodeWiring;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.Segment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/** Who is wired to whom: the segments, and the machines around the cluster. */
public final class Fabric {
  private final Map<String, Segment> segments = new LinkedHashMap<>();
  private final SequencedMap<String, Kernel> hosts = new LinkedHashMap<>();
  private final Function<String, Kernel> kernels;
  private Optional<TopologyResource> topology;

  private Fabric(Optional<TopologyResource> topology, Function<String, Kernel> kernels) {
    this.topology = topology;
    this.kernels = kernels;
  }

  /**
   * @param kernels makes an empty kernel of a given host name
   */
  static Fabric of(Resources resources, Function<String, Kernel> kernels) {
    var fabric = new Fabric(topologyOf(resources), kernels);
    for (var host : fabric.hostsOf(fabric.topology)) {
      fabric.addHost(host);
    }
    fabric.breakSegments();
    return fabric;
  }

  private static Optional<TopologyResource> topologyOf(Resources resources) {
    return resources.of(TopologyResource.class).stream().findFirst();
  }

  private List<Host> hostsOf(Optional<TopologyResource> from) {
    return from.map(TopologyResource::hosts).orElse(List.of());
  }

  /** The machines around the cluster, by name. */
  public SequencedMap<String, Kernel> hosts() {
    return Collections.unmodifiableSequencedMap(hosts);
  }

  private Segment segment(String name) {
    var segment = segments.get(name);
    if (segment == null) {
      segment = new Segment(name);
      segments.put(name, segment);
      breakSegment(segment);
    }
    return segment;
  }

  private void addHost(Host host) {
    var kernel = kernels.apply(host.name());
    hosts.put(host.name(), kernel);
    new HostMachine(kernel, this::segment).setUp(host);
  }

  /** How a node is attached. */
  NodeWiring wiring(String node) {
    return TopologyResource.wiring(topology, node);
  }

  /** A node's kernel, on its segment, with what an administrator would have set up. */
  Kernel nodeKernel(NodeFacts node) {
    var kernel = kernels.apply(node.name());
    new NodeCard(node, kernel, this::segment).setUp(wiring(node.name()));
    return kernel;
  }

  // ---- while it runs

  /**
   * Lays the cables that {@code next} asks for. What it says nothing new about is not touched.
   *
   * @param nodes the kernels that are there, by the facts of their nodes
   */
  void follow(Resources next, Map<NodeFacts, Kernel> nodes) {
    var before = topology;
    topology = topologyOf(next);
    var unchanged =
        before.map(TopologyResource::nodes).equals(topology.map(TopologyResource::nodes));
    if (!unchanged) {
      nodes.forEach(
          (node, kernel) ->
              new NodeCard(node, kernel, this::segment)
                  .change(TopologyResource.wiring(before, node.name()), wiring(node.name())));
    }
    followHosts(hostsOf(before), hostsOf(topology));
    breakSegments();
    segments.values().removeIf(segment -> segment.members().isEmpty());
  }

  private void followHosts(List<Host> before, List<Host> after) {
    var old = new LinkedHashMap<String, Host>();
    before.forEach(host -> old.put(host.name(), host));
    for (var host : after) {
      var known = old.remove(host.name());
      var kernel = hosts.get(host.name());
      if (known == null || kernel == null) {
        addHost(host);
      } else if (!known.equals(host)) {
        new HostMachine(kernel, this::segment).change(known, host);
      }
    }
    for (var gone : old.values()) {
      var kernel = hosts.remove(gone.name());
      if (kernel != null) {
        unplug(kernel);
      }
    }
  }

  /** Takes all cards of a machine off their segments: it is switched off. */
  static void unplug(Kernel kernel) {
    for (var link : kernel.links().list()) {
      if (link instanceof dev.aviary.kernel.Link.Physical) {
        kernel.links().remove(link.name());
      }
    }
  }

  private void breakSegments() {
    segments.values().forEach(this::breakSegment);
  }

  private void breakSegment(Segment segment) {
    var faults =
        topology.map(TopologyResource::faults).orElse(List.of()).stream()
            .filter(fault -> fault.segment().equals(segment.name()))
            .toList();
    segment.setUp(faults.stream().noneMatch(SegmentFault.Down.class::isInstance));
    segment.lose(
        (from, to) -> {
          var sender = from.kernel().hostName();
          var receiver = to.kernel().hostName();
          return faults.stream().anyMatch(fault -> fault.loses(sender, receiver));
        });
  }
}
