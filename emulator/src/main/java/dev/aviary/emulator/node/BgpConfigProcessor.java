package dev.aviary.emulator.node;

import dev.aviary.emulator.node.PeeringPlan.Mesh;
import dev.aviary.emulator.node.PeeringPlan.Options;
import dev.aviary.emulator.node.PeeringPlan.PeerType;
import dev.aviary.emulator.node.PeeringPlan.PlannedPeer;
import dev.aviary.emulator.node.PeeringPlan.Slot;
import dev.aviary.emulator.resource.BgpConfigurationResource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Resources to a node's sessions, under confd's rules. */
public final class BgpConfigProcessor {
  private final Resources resources;
  private final List<NodeFacts> nodes;
  private final IpFamily family;
  private final CalicoVersion version;
  private final Passwords passwords;

  private BgpConfigProcessor(
      Resources resources, IpFamily family, CalicoVersion version, BgpEnvironment environment) {
    this.resources = resources;
    this.nodes = NodeFacts.of(resources);
    this.family = family;
    this.version = version;
    this.passwords = new Passwords(resources, environment.namespace());
  }

  /** The plan of {@code node} for one family; empty if the node has no address of it. */
  static Optional<PeeringPlan> plan(
      Resources resources,
      String node,
      IpFamily family,
      CalicoVersion version,
      BgpEnvironment environment,
      List<LocalWorkload> workloads) {
    var processor = new BgpConfigProcessor(resources, family, version, environment);
    return processor.nodes.stream()
        .filter(n -> n.name().equals(node))
        .findFirst()
        .flatMap(n -> n.address(family).map(address -> processor.plan(n, address, workloads)));
  }

  private PeeringPlan plan(NodeFacts own, IpAddress address, List<LocalWorkload> workloads) {
    var mesh = meshOf(own);
    var slots = new ArrayList<Slot>();
    if (mesh == Mesh.ON) {
      for (var other : nodes) {
        slots.add(meshSlot(own, address, other));
      }
    }
    slots.addAll(
        new PeerExpansion(resources, nodes, family, version, passwords, workloads)
            .slots(own, address));
    return new PeeringPlan(
        own.name(),
        address,
        own.as(),
        listenPort(resources, own.name()).orElse(PeeringPlan.DEFAULT_PORT),
        mesh,
        slots);
  }

  /** The port that {@code node} is told to listen at, if it is told one. */
  public static Optional<Integer> listenPort(Resources resources, String node) {
    return ofNode(resources, node)
        .flatMap(BgpConfigurationResource::listenPort)
        .or(() -> NodeFacts.defaults(resources).flatMap(BgpConfigurationResource::listenPort));
  }

  /** The BGPConfiguration for {@code node} alone. */
  static Optional<BgpConfigurationResource> ofNode(Resources resources, String node) {
    return resources.find(BgpConfigurationResource.class, "", "node." + node);
  }

  private Mesh meshOf(NodeFacts own) {
    if (!own.routeReflectorClusterId().isEmpty()) {
      return Mesh.REFLECTOR;
    }
    return NodeFacts.defaults(resources)
            .flatMap(BgpConfigurationResource::nodeToNodeMesh)
            .orElse(true)
        ? Mesh.ON
        : Mesh.OFF;
  }

  private Slot meshSlot(NodeFacts own, IpAddress address, NodeFacts other) {
    var key = "/host/" + other.name() + (family == IpFamily.IPV4 ? "/ip_addr_v4" : "/ip_addr_v6");
    var theirs = other.address(family);
    if (theirs.equals(Optional.of(address))) {
      return new Slot.Ourselves(PeerType.MESH, key);
    }
    if (!other.routeReflectorClusterId().isEmpty()) {
      return new Slot.Reflector(key, theirs, other.name(), other.routeReflectorClusterId());
    }
    if (theirs.isEmpty()) {
      return new Slot.Unaddressed(key);
    }
    long otherAs = meshAs(own, other);
    return new Slot.Session(
        PeerType.MESH,
        key,
        new PlannedPeer(
            PeerType.MESH,
            theirs.get(),
            listenPort(resources, other.name()),
            otherAs,
            dialsUs(theirs.get(), address),
            false,
            "",
            otherAs == own.as(),
            false,
            meshOptions()));
  }

  /** From v3.32 on a node without an AS of its own is taken to be in ours. */
  private long meshAs(NodeFacts own, NodeFacts other) {
    return switch (version) {
      case V3_22 -> other.as();
      case MASTER -> other.ownAs().orElse(own.as());
    };
  }

  /** Compared as texts, as the templates do: "10.0.0.10" is less than "10.0.0.9". */
  static boolean dialsUs(IpAddress theirs, IpAddress ours) {
    return theirs.toString().compareTo(ours.toString()) > 0;
  }

  private Options meshOptions() {
    var defaults = NodeFacts.defaults(resources);
    return new Options(
        true,
        defaults
            .flatMap(BgpConfigurationResource::nodeMeshMaxRestartTime)
            .map(PeerExpansion::wholeSeconds),
        Optional.empty(),
        defaults.flatMap(BgpConfigurationResource::nodeMeshPassword).flatMap(passwords::find),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        0,
        false,
        Optional.empty(),
        List.of());
  }
}
