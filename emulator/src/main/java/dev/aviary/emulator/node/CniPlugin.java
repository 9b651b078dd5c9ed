package dev.aviary.emulator.node;

import dev.aviary.emulator.resource.NamespaceResource;
import dev.aviary.emulator.resource.PodResource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.emulator.resource.WorkloadEndpointResource;
import dev.aviary.felix.calc.CalicoNames;
import dev.aviary.ipam.AssignRequest;
import dev.aviary.ipam.Assignment;
import dev.aviary.ipam.Ipam;
import dev.aviary.ipam.IpamError;
import dev.aviary.ipam.IpamException;
import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.kernel.route.RouteScope;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import dev.aviary.net.Prefix;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What Calico's CNI plugin does on one node when a pod comes or goes: an address from IPAM, a veth
 * pair, the routes on both sides.
 */
public final class CniPlugin {
  /** The host's side of every pod's interface. */
  public static final MacAddress HOST_SIDE = MacAddress.of("ee:ee:ee:ee:ee:ee");

  private static final Ipv4Address LINK_LOCAL_GATEWAY = Ipv4Address.of("169.254.1.1");

  /** What follows from {@link #HOST_SIDE}: the host's side of every pod, as its IPv6 gateway. */
  private static final Ipv6Address LINK_LOCAL_GATEWAY_6 =
      Ipv6Address.of("fe80::ecee:eeff:feee:eeee");

  private static final int LINK_LOCAL_LENGTH = 64;
  private static final String NETWORK = "k8s-pod-network";
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss.SSSSSSSSS '+0000 UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final String node;
  private final Kernel host;
  private final Ipam ipam;
  private final InstantSource clock;
  private final Function<String, Kernel> namespaces;
  private final int mtu;

  /**
   * @param namespaces makes an empty network namespace of a given name
   * @param mtu of the pods' interfaces, in octets
   */
  public CniPlugin(
      String node,
      Kernel host,
      Ipam ipam,
      InstantSource clock,
      Function<String, Kernel> namespaces,
      int mtu) {
    this.node = node;
    this.host = host;
    this.ipam = ipam;
    this.clock = clock;
    this.namespaces = namespaces;
    this.mtu = mtu;
  }

  /** Gives {@code pod} its network. */
  public Workload add(PodResource pod, Resources resources) throws CniException {
    var addresses = assign(pod, resources);
    var endpoint =
        resources.of(WorkloadEndpointResource.class).stream()
            .filter(w -> w.metadata().namespace().equals(pod.metadata().namespace()))
            .filter(w -> w.pod().equals(pod.metadata().name()))
            .findFirst();
    var name =
        endpoint
            .map(WorkloadEndpointResource::interfaceName)
            .orElseGet(
                () ->
                    CalicoNames.interfaceName(
                        "cali", pod.metadata().namespace(), pod.metadata().name()));
    var kernel = namespaces.apply(pod.metadata().name());
    var mac =
        pod.mac()
            .or(() -> endpoint.flatMap(WorkloadEndpointResource::mac))
            .map(MacAddress::of)
            .orElseGet(() -> StableMac.of(pod.metadata().id(), "eth0"));
    host.links().addVeth(name, HOST_SIDE, mtu, kernel, "eth0", mac);
    plugHost(name, addresses);
    plugPod(kernel, mac, addresses);
    return new Workload(pod, kernel, name, addresses);
  }

  private void plugHost(String name, List<IpAddress> addresses) {
    host.links().up(name);
    host.sysctls().set("net.ipv4.conf." + name + ".proxy_arp", 1);
    host.sysctls().set("net.ipv4.conf." + name + ".forwarding", 1);
    host.sysctls().set("net.ipv4.neigh." + name + ".proxy_delay", 0);
    if (addresses.stream().anyMatch(a -> a.family() == IpFamily.IPV6)) {
      host.sysctls().set("net.ipv6.conf." + name + ".forwarding", 1);
      host.links()
          .addAddress(name, InterfaceAddress.of(LINK_LOCAL_GATEWAY_6, LINK_LOCAL_LENGTH, name));
    }
    for (var address : addresses) {
      host.fib().replace(KernelRoute.on(address.toPrefix(), name));
    }
  }

  private static void plugPod(Kernel kernel, MacAddress mac, List<IpAddress> addresses) {
    kernel.links().up("eth0");
    for (var address : addresses) {
      kernel
          .links()
          .addAddress("eth0", InterfaceAddress.of(address, address.family().bits(), "eth0"));
    }
    if (addresses.stream().anyMatch(a -> a.family() == IpFamily.IPV4)) {
      kernel.fib().add(KernelRoute.on(LINK_LOCAL_GATEWAY.toPrefix(), "eth0"));
      kernel
          .fib()
          .add(
              KernelRoute.via(KernelRoute.everything(IpFamily.IPV4), LINK_LOCAL_GATEWAY, "eth0")
                  .withScope(RouteScope.GLOBAL));
    }
    if (addresses.stream().anyMatch(a -> a.family() == IpFamily.IPV6)) {
      kernel
          .links()
          .addAddress("eth0", InterfaceAddress.of(linkLocal(mac), LINK_LOCAL_LENGTH, "eth0"));
      kernel
          .fib()
          .add(
              KernelRoute.via(KernelRoute.everything(IpFamily.IPV6), LINK_LOCAL_GATEWAY_6, "eth0"));
    }
  }

  /** RFC 4291 appendix A: the address that follows from a link-layer address. */
  private static Ipv6Address linkLocal(MacAddress mac) {
    long bits = Long.parseLong(mac.toString().replace(":", ""), 16);
    long high = bits >>> 24 ^ 0x020000L;
    long low = bits & 0xff_ffffL;
    return new Ipv6Address(0xfe80L << 48, high << 40 | 0xfffeL << 24 | low);
  }

  private List<IpAddress> assign(PodResource pod, Resources resources) throws CniException {
    var handle = handle(pod);
    var attributes =
        Map.of(
            "namespace", pod.metadata().namespace(),
            "node", node,
            "pod", pod.metadata().name(),
            "timestamp", TIMESTAMP.format(clock.instant()));
    var assigned = new ArrayList<IpAddress>();
    try {
      for (var address : pod.addresses()) {
        ipam.assignIp(address, node, handle, attributes, null);
        assigned.add(address);
      }
      return assigned.isEmpty() ? autoAssign(pod, resources, handle, attributes) : assigned;
    } catch (IpamException e) {
      release(handle);
      throw new CniException("pod %s: %s".formatted(pod.metadata().id(), e.getMessage()).strip());
    }
  }

  private List<IpAddress> autoAssign(
      PodResource pod, Resources resources, String handle, Map<String, String> attributes)
      throws IpamException, CniException {
    var pools = pools(pod, resources);
    boolean six = has(resources, IpFamily.IPV6);
    boolean four = !six || has(resources, IpFamily.IPV4);
    var request =
        new AssignRequest(
            node,
            four ? 1 : 0,
            six ? 1 : 0,
            handle,
            attributes,
            pools.stream().filter(p -> p.family() == IpFamily.IPV4).toList(),
            pools.stream().filter(p -> p.family() == IpFamily.IPV6).toList(),
            0,
            null,
            null,
            dev.aviary.ipam.IntendedUse.WORKLOAD,
            false,
            namespaceLabels(pod, resources),
            0);
    var answer = ipam.autoAssign(request);
    if (answer.error() != null) {
      throw new IpamException(answer.error());
    }
    var found = new ArrayList<IpAddress>();
    if (four) {
      take(pod, "IPv4", answer.v4(), found);
    }
    if (six) {
      take(pod, "IPv6", answer.v6(), found);
    }
    return found;
  }

  /** A cluster with a pool of a family gives an address of it to every pod. */
  private static boolean has(Resources resources, IpFamily family) {
    return resources.of(dev.aviary.emulator.resource.IpPoolResource.class).stream()
        .anyMatch(pool -> pool.cidr().family() == family && !pool.disabled());
  }

  private static void take(
      PodResource pod, String family, Assignment.@Nullable Addresses assigned, List<IpAddress> into)
      throws CniException {
    var shortage = assigned == null ? null : assigned.shortage();
    if (assigned == null || shortage != null) {
      throw new CniException(
          "pod %s: failed to request %s addresses: %s"
              .formatted(pod.metadata().id(), family, shortage));
    }
    assigned.assigned().forEach(a -> into.add(a.address()));
  }

  private static Map<String, String> namespaceLabels(PodResource pod, Resources resources) {
    return resources
        .find(NamespaceResource.class, "", pod.metadata().namespace())
        .map(namespace -> namespace.metadata().labels())
        .orElse(Map.of());
  }

  /** The pod's annotation goes before its namespace's. */
  private static List<String> poolNames(PodResource pod, Resources resources) {
    return pod.pools().isEmpty()
        ? resources
            .find(NamespaceResource.class, "", pod.metadata().namespace())
            .map(NamespaceResource::pools)
            .orElse(List.of())
        : pod.pools();
  }

  /** The pools that the pod's annotation names, or its namespace's, by name or by prefix. */
  private static List<Prefix> pools(PodResource pod, Resources resources) throws CniException {
    var found = new ArrayList<Prefix>();
    for (var named : poolNames(pod, resources)) {
      var pool =
          resources.of(dev.aviary.emulator.resource.IpPoolResource.class).stream()
              .filter(p -> p.metadata().name().equals(named) || p.cidr().toString().equals(named))
              .findFirst();
      if (pool.isEmpty()) {
        throw new CniException(
            "pod %s: there is no pool '%s'".formatted(pod.metadata().id(), named));
      }
      found.add(pool.get().cidr());
    }
    return found;
  }

  /** Takes the pod's network away; its address goes back. */
  public void delete(Workload workload) {
    host.links().remove(workload.interfaceName());
    release(handle(workload.pod()));
  }

  /** Gives back what the pod's handle has, although no interface of it is here. */
  public void forget(PodResource pod) throws IpamException {
    try {
      ipam.releaseByHandle(handle(pod));
    } catch (IpamException e) {
      if (!(e.error() instanceof IpamError.NotExist)) {
        throw e;
      }
    }
  }

  private void release(String handle) {
    try {
      ipam.releaseByHandle(handle);
    } catch (IpamException e) {
      if (!(e.error() instanceof IpamError.NotExist)) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** As the plugin's: network and container id, which here follows from the pod's name. */
  private static String handle(PodResource pod) {
    try {
      var digest =
          MessageDigest.getInstance("SHA-256")
              .digest(pod.metadata().id().getBytes(StandardCharsets.UTF_8));
      return NETWORK + "." + HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
