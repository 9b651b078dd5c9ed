package dev.aviary.felix;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.felix.calc.Block;
import dev.aviary.felix.calc.FelixConfig;
import dev.aviary.felix.calc.Host;
import dev.aviary.felix.calc.Inputs;
import dev.aviary.felix.calc.Pool;
import dev.aviary.felix.calc.WorkloadEndpoint;
import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.Link;
import dev.aviary.kernel.Neighbor;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TunnelTest {
  private static final String MAC_1 = "66:00:00:00:00:01";
  private static final String MAC_2 = "66:00:00:00:00:02";
  private final Kernel kernel = kernel("n1");

  private static Kernel kernel(String name) {
    return new Kernel(
        name, InstantSource.fixed(Instant.EPOCH), RandomGenerator.of("L64X128MixRandom"));
  }

  @BeforeEach
  void aCard() {
    kernel.links().addBridge("eth0", MacAddress.of("00:00:00:00:00:01"));
    kernel.links().up("eth0");
    kernel
        .links()
        .addAddress("eth0", InterfaceAddress.of(Ipv4Address.of("192.168.0.1"), 24, "eth0"));
  }

  private static Host host(String name, String ip, String tunnel, String mac) {
    var inside = Ipv4Address.of(tunnel);
    return new Host(
        name,
        Optional.of(Ipv4Address.of(ip)),
        Optional.empty(),
        Optional.of(inside),
        Optional.of(new Host.Vtep(inside, mac)),
        Optional.empty());
  }

  private static Inputs inputs(Pool.Mode vxlan, String address2, String... pods) {
    return new Inputs(
        "n1",
        List.of(
            host("n1", "192.168.0.1", "10.244.0.1", MAC_1),
            host("n2", address2, "10.244.1.1", MAC_2)),
        List.of(new Pool(Prefix.of("10.244.0.0/16"), true, Pool.Mode.NEVER, vxlan)),
        List.of(
            new Block(Prefix.of("10.244.0.0/26"), "n1"),
            new Block(Prefix.of("10.244.1.0/26"), "n2")),
        List.of(pods).stream().map(TunnelTest::pod).toList(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of(),
        List.of());
  }

  private static WorkloadEndpoint pod(String ip) {
    return WorkloadEndpoint.ofPod(
        "n1", "ns", "pod", "default", List.of(IpAddress.of(ip)), Map.of(), List.of());
  }

  private List<String> routes(IpFamily family) {
    return kernel.fib().routes(family).stream()
        .map(KernelRoute::toString)
        .filter(r -> !r.contains("proto kernel"))
        .toList();
  }

  @Test
  void vxlanHasADeviceRoutesAndNeighbors() {
    var felix = new Felix(FelixConfig.of(Map.of("vxlanEnabled", "true")), kernel);
    felix.apply(inputs(Pool.Mode.ALWAYS, "192.168.0.2"));
    var device = kernel.links().find("vxlan.calico").orElseThrow();
    assertThat(device.isUp()).isTrue();
    assertThat(device.mtu()).isEqualTo(1450);
    assertThat(device.mac()).isEqualTo(MacAddress.of(MAC_1));
    assertThat(device.hasAddress(Ipv4Address.of("10.244.0.1"))).isTrue();
    assertThat(routes(IpFamily.IPV4))
        .containsExactly(
            "blackhole 10.244.0.0/26 proto 80",
            "10.244.1.0/26 via 10.244.1.1 dev vxlan.calico onlink");
    assertThat(
            kernel
                .neighbors()
                .find("vxlan.calico", Ipv4Address.of("10.244.1.1"))
                .orElseThrow()
                .state())
        .isEqualTo(Neighbor.State.PERMANENT);
    assertThat(((Link.Vxlan) device).forwarding())
        .containsExactly(Map.entry(MacAddress.of(MAC_2), Ipv4Address.of("192.168.0.2")));
  }

  @Test
  void aBorrowedAddressHasARouteOfItsOwn() {
    var felix = new Felix(FelixConfig.of(Map.of("vxlanEnabled", "true")), kernel);
    var plain = inputs(Pool.Mode.ALWAYS, "192.168.0.2");
    var borrower =
        WorkloadEndpoint.ofPod(
            "n2",
            "ns",
            "borrower",
            "default",
            List.of(IpAddress.of("10.244.0.9")),
            Map.of(),
            List.of());
    felix.apply(
        new Inputs(
            "n1",
            plain.hosts(),
            plain.pools(),
            plain.blocks(),
            List.of(borrower),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of()));
    assertThat(routes(IpFamily.IPV4))
        .containsExactly(
            "blackhole 10.244.0.0/26 proto 80",
            "10.244.0.9 via 10.244.1.1 dev vxlan.calico onlink",
            "10.244.1.0/26 via 10.244.1.1 dev vxlan.calico onlink");
  }

  @Test
  void withinASubnetVxlanIsNotNeeded() {
    var felix = new Felix(FelixConfig.of(Map.of("vxlanEnabled", "true")), kernel);
    felix.apply(inputs(Pool.Mode.CROSS_SUBNET, "192.168.0.2"));
    assertThat(routes(IpFamily.IPV4))
        .contains("10.244.1.0/26 via 192.168.0.2 dev eth0 proto 80 onlink");
    felix.apply(inputs(Pool.Mode.CROSS_SUBNET, "192.168.1.2"));
    assertThat(routes(IpFamily.IPV4))
        .contains("10.244.1.0/26 via 10.244.1.1 dev vxlan.calico onlink")
        .noneMatch(r -> r.contains("192.168.0.2"));
  }

  @Test
  void ipipHasADeviceWithOneAddress() {
    var felix = new Felix(FelixConfig.of(Map.of("ipipEnabled", "true")), kernel);
    felix.apply(inputs(Pool.Mode.NEVER, "192.168.0.2"));
    var device = kernel.links().find("tunl0").orElseThrow();
    assertThat(device.mtu()).isEqualTo(1480);
    kernel
        .links()
        .addAddress("tunl0", InterfaceAddress.of(Ipv4Address.of("10.9.9.9"), 32, "tunl0"));
    felix.apply(inputs(Pool.Mode.NEVER, "192.168.0.2"));
    assertThat(device.addresses(IpFamily.IPV4))
        .extracting(InterfaceAddress::address)
        .containsExactly(Ipv4Address.of("10.244.0.1"));
    assertThat(kernel.ipsetSave())
        .contains("add cali40all-hosts-net 192.168.0.1", "add cali40all-hosts-net 192.168.0.2");
  }

  @Test
  void ipv6HasItsOwnTablesSetsAndRoutes() {
    var felix = new Felix(FelixConfig.of(Map.of("ipv6Support", "true")), kernel);
    var inputs = inputs(Pool.Mode.NEVER, "192.168.0.2", "fd00::5");
    var name = inputs.workloads().getFirst().interfaceName();
    kernel
        .links()
        .addVeth(
            name,
            MacAddress.of("ee:ee:ee:ee:ee:ee"),
            1500,
            kernel("pod"),
            "eth0",
            MacAddress.of("0a:00:00:00:00:01"));
    kernel.links().up(name);
    felix.apply(inputs);
    assertThat(routes(IpFamily.IPV6)).contains("fd00::5 dev " + name + " metric 1024 pref medium");
    assertThat(kernel.iptablesSave(IpFamily.IPV6, "filter"))
        .contains("-A cali-fw-" + name, "-p ipv6-icmp");
    assertThat(kernel.ipsetSave()).contains("create cali60all-ipam-pools hash:net family inet6");
    assertThat(kernel.sysctls().number("net.ipv6.conf." + name + ".proxy_ndp")).isEqualTo(1);
    long version = kernel.netfilter(IpFamily.IPV6).version();
    felix.apply(inputs);
    assertThat(kernel.netfilter(IpFamily.IPV6).version()).isEqualTo(version);
  }
}
