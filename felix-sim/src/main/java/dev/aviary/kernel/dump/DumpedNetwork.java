package dev.aviary.kernel.dump;

import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.Segment;
import dev.aviary.kernel.Sockets;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.kernel.route.RouteScope;
import dev.aviary.kernel.route.RouteType;
import dev.aviary.kernel.route.RoutingRule;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/**
 * Hosts loaded from dumps, on one network where their subnets are the same, with a pod behind each
 * workload interface and a stand-in for each next hop that was not dumped: what comes to a stand-in
 * is answered, whatever its address.
 */
public final class DumpedNetwork {
  private static final int ARRIVED = 100;
  private static final IpAddress POD_GATEWAY = IpAddress.of("169.254.1.1");

  private final Function<String, Kernel> newKernel;
  private final SequencedMap<String, Kernel> nodes = new LinkedHashMap<>();
  private final SequencedMap<IpAddress, Kernel> pods = new LinkedHashMap<>();
  private final SequencedMap<IpAddress, Kernel> outside = new LinkedHashMap<>();
  private final Map<Prefix, Segment> segments = new LinkedHashMap<>();
  private final Map<Kernel, List<IpAddress>> podAddresses = new LinkedHashMap<>();

  private DumpedNetwork(Function<String, Kernel> newKernel) {
    this.newKernel = newKernel;
  }

  /**
   * Loads them.
   *
   * @param newKernel makes a kernel of that name
   * @param lenient true to load rules with matches and targets that are not known here
   */
  public static DumpedNetwork load(
      List<HostDump> dumps, Function<String, Kernel> newKernel, boolean lenient)
      throws DumpException {
    var network = new DumpedNetwork(newKernel);
    var loaders = new ArrayList<HostLoader>();
    for (var dump : dumps) {
      loaders.add(new HostLoader(dump));
    }
    for (var loader : loaders) {
      network.add(loader, lenient);
    }
    network.standIns();
    return network;
  }

  private void add(HostLoader loader, boolean lenient) throws DumpException {
    if (nodes.containsKey(loader.name())) {
      throw new DumpException(loader.name(), 0, "there are two hosts of that name");
    }
    var kernel = newKernel.apply(loader.name());
    nodes.put(loader.name(), kernel);
    var behind = new LinkedHashMap<String, List<IpAddress>>();
    for (var link : loader.links()) {
      behind.put(link.name(), loader.behind(link.name()));
    }
    loader.plug(
        kernel, this::segment, (_, link) -> pod(link, behind.getOrDefault(link.name(), List.of())));
    loader.load(kernel, lenient);
    podAddresses.forEach(DumpedNetwork::address);
    podAddresses.clear();
  }

  private Segment segment(HostLoader loader, LinkDump link) {
    for (var address : link.addresses()) {
      if (address.address().family() == IpFamily.IPV4) {
        return segments.computeIfAbsent(address.prefix(), prefix -> new Segment(prefix.toString()));
      }
    }
    return new Segment(loader.name() + " " + link.name());
  }

  private Kernel pod(LinkDump link, List<IpAddress> addresses) {
    var name = addresses.isEmpty() ? "behind " + link.name() : addresses.getFirst().toString();
    var pod = newKernel.apply(name);
    addresses.forEach(address -> pods.put(address, pod));
    podAddresses.put(pod, addresses);
    return pod;
  }

  /** What the CNI plugin does in a pod's namespace. */
  private static void address(Kernel pod, List<IpAddress> addresses) {
    for (var address : addresses) {
      pod.links().addAddress("eth0", InterfaceAddress.of(address, address.family().bits(), "eth0"));
    }
    if (addresses.stream().anyMatch(a -> a.family() == IpFamily.IPV4)) {
      pod.fib().add(KernelRoute.on(POD_GATEWAY.toPrefix(), "eth0"));
      pod.fib().add(KernelRoute.via(KernelRoute.everything(IpFamily.IPV4), POD_GATEWAY, "eth0"));
    }
  }

  /** Somebody has to stand where next hops are that were not dumped. */
  private void standIns() {
    for (var node : List.copyOf(nodes.values())) {
      for (var route : node.fib().routes(IpFamily.IPV4)) {
        for (var hop : route.nextHops()) {
          var gateway = hop.gateway();
          if (gateway != null && owner(gateway).isEmpty()) {
            standIn(gateway);
          }
        }
      }
    }
  }

  private Optional<Kernel> owner(IpAddress address) {
    for (var kernel : kernels().values()) {
      for (var link : kernel.links().list()) {
        if (link.hasAddress(address)) {
          return Optional.of(kernel);
        }
      }
    }
    return Optional.empty();
  }

  private Optional<Kernel> standIn(IpAddress address) {
    for (var segment : segments.entrySet()) {
      if (segment.getKey().contains(address)) {
        var host = newKernel.apply(address + " (not dumped)");
        outside.put(address, host);
        host.links()
            .addPhysical(
                "eth0",
                new MacAddress(0x0200_0000_0000L | (address.hashCode() & 0xffff_ffffL)),
                1500,
                segment.getValue());
        host.links().up("eth0");
        host.links()
            .addAddress("eth0", InterfaceAddress.of(address, segment.getKey().length(), "eth0"));
        // Whatever comes in has arrived; what it sends goes to the node that knows the way.
        host.fib()
            .addRule(
                new RoutingRule(
                    IpFamily.IPV4,
                    ARRIVED,
                    null,
                    null,
                    0,
                    0,
                    "eth0",
                    null,
                    false,
                    RoutingRule.Action.LOOKUP,
                    ARRIVED));
        host.fib()
            .add(
                KernelRoute.on(KernelRoute.everything(IpFamily.IPV4), "lo")
                    .withType(RouteType.LOCAL)
                    .withScope(RouteScope.HOST)
                    .withTable(ARRIVED));
        // It takes what is sent to it, but says only of its own address that it has it.
        host.sysctls().set("net.ipv4.conf.all.arp_ignore", 1);
        waysBack(host, segment.getKey());
        return Optional.of(host);
      }
    }
    return Optional.empty();
  }

  /** Every host by its name: nodes, pods, stand-ins. */
  public SequencedMap<String, Kernel> kernels() {
    var all = new LinkedHashMap<>(nodes);
    pods.values().forEach(pod -> all.put(pod.hostName(), pod));
    outside.values().forEach(host -> all.put(host.hostName(), host));
    return all;
  }

  /** The addresses of pods and stand-ins, and what they are called. */
  public Map<IpAddress, String> names() {
    var names = new LinkedHashMap<IpAddress, String>();
    nodes.forEach(
        (name, node) -> {
          for (var link : node.links().list()) {
            link.addresses().forEach(a -> names.put(a.address(), name));
          }
        });
    return names;
  }

  /**
   * Where a packet from {@code text} starts: a node by its name or address, a pod by its address,
   * or the outside: a neighbor on the nodes' network, or behind the default gateway.
   */
  public Optional<Origin> origin(String text) {
    var node = nodes.get(text);
    if (node != null) {
      return Optional.of(new Origin(node, Optional.empty()));
    }
    var address = IpAddress.parse(text);
    if (address.isEmpty()) {
      return Optional.empty();
    }
    var owner = owner(address.get());
    if (owner.isPresent() && !outside.containsValue(owner.get())) {
      return Optional.of(new Origin(owner.get(), address));
    }
    return owner
        .or(() -> standIn(address.get()))
        .or(this::defaultGateway)
        .map(host -> new Origin(host, address));
  }

  /**
   * A host and the address that it sends from.
   *
   * @param source empty for whichever the host chooses
   */
  public record Origin(Kernel kernel, Optional<IpAddress> source) {}

  private Optional<Kernel> defaultGateway() {
    for (var node : nodes.values()) {
      for (var route : node.fib().routes(IpFamily.IPV4)) {
        var gateway = route.gateway();
        var host = gateway == null ? null : outside.get(gateway);
        if (route.destination().length() == 0 && host != null) {
          return Optional.of(host);
        }
      }
    }
    return Optional.empty();
  }

  /** To each pod by its node, to everything else by the first node. */
  private void waysBack(Kernel host, Prefix net) {
    for (var node : nodes.values()) {
      addressOn(node, net)
          .ifPresent(
              gateway -> {
                host.fib()
                    .add(KernelRoute.via(KernelRoute.everything(IpFamily.IPV4), gateway, "eth0"));
                for (var pod : pods.keySet()) {
                  if (pod.family() == IpFamily.IPV4 && isAt(node, pod)) {
                    host.fib().add(KernelRoute.via(pod.toPrefix(), gateway, "eth0"));
                  }
                }
              });
    }
  }

  private static Optional<IpAddress> addressOn(Kernel node, Prefix net) {
    return node.links().list().stream()
        .flatMap(link -> link.addresses(IpFamily.IPV4).stream())
        .filter(address -> address.prefix().equals(net))
        .map(InterfaceAddress::address)
        .findFirst();
  }

  private static boolean isAt(Kernel node, IpAddress pod) {
    return node.fib().routes(IpFamily.IPV4).stream()
        .anyMatch(route -> route.gateway() == null && route.destination().equals(pod.toPrefix()));
  }

  /** Lets every host answer at every port: dumps do not say what listens. */
  public void listen(int protocol) {
    for (var kernel : kernels().values()) {
      kernel.sockets().listen(protocol, null, 0, Sockets.echo());
    }
  }
}
