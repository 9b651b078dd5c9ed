package dev.aviary.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.kernel.packet.Frame;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.packet.PacketCodec;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Two hosts with a pod each, and a router between them that knows nothing of the pods. */
class TunnelsTest {
  private static final MacAddress VTEP1 = MacAddress.of("66:00:00:00:00:01");
  private static final MacAddress VTEP2 = MacAddress.of("66:00:00:00:00:02");

  private final Segment left = new Segment("left");
  private final Segment right = new Segment("right");
  private final Kernel node1 = host("node1", left, "02:00:00:00:01:02", "10.0.1.2", "10.0.1.1");
  private final Kernel node2 = host("node2", right, "02:00:00:00:02:02", "10.0.2.2", "10.0.2.1");
  private final Kernel pod1 = pod(node1, "10.244.1.5");
  private final Kernel pod2 = pod(node2, "10.244.2.5");
  private final List<Frame> onTheWire = new ArrayList<>();

  TunnelsTest() {
    var router = kernel("router");
    card(router, "eth1", "02:00:00:00:01:01", left, "10.0.1.1");
    card(router, "eth2", "02:00:00:00:02:01", right, "10.0.2.1");
    router.sysctls().set("net.ipv4.ip_forward", 1);
    router.captures().add("eth2", (_, out, frame) -> onTheWire.add(frame));
    pod2.sockets().listen(6, null, 80, Sockets.echo());
  }

  private static Kernel kernel(String name) {
    return new Kernel(name, () -> Instant.EPOCH, new Random(name.hashCode()));
  }

  private static void card(Kernel host, String name, String mac, Segment segment, String address) {
    host.links().addPhysical(name, MacAddress.of(mac), 1500, segment);
    host.links().up(name);
    host.links().addAddress(name, InterfaceAddress.of(IpAddress.of(address), 24, name));
  }

  private static Kernel host(
      String name, Segment segment, String mac, String address, String gateway) {
    var host = kernel(name);
    card(host, "eth0", mac, segment, address);
    host.sysctls().set("net.ipv4.ip_forward", 1);
    host.addRoute(
        KernelRoute.via(KernelRoute.everything(IpFamily.IPV4), IpAddress.of(gateway), "eth0"));
    return host;
  }

  private static String bridge(Kernel host, String command) {
    var result =
        dev.aviary.kernel.command.Commands.run(
            host, List.of(("bridge fdb " + command).split(" ", -1)));
    return result.stdout() + result.stderr();
  }

  /** What iproute2 6.1 says on Linux 6.18, but for the order, which is a hash's there. */
  @Test
  void bridgeListsAndEntersTheEndsOfATunnel() {
    var tunnel =
        node1.links().addVxlan("vxlan.calico", VTEP1, 1450, 4096, 4789, IpAddress.of("10.0.1.2"));
    tunnel.forward(VTEP2, IpAddress.of("10.0.2.2"));
    assertThat(bridge(node1, "show dev vxlan.calico"))
        .isEqualTo("66:00:00:00:00:02 dst 10.0.2.2 self permanent\n");
    assertThat(bridge(node1, "show"))
        .contains("66:00:00:00:00:02 dev vxlan.calico dst 10.0.2.2 self permanent\n")
        .contains("33:33:00:00:00:01 dev eth0 self permanent\n")
        .contains("01:00:5e:00:00:01 dev eth0 self permanent\n");
    var other = "66:00:00:00:00:03 dev vxlan.calico";
    assertThat(bridge(node1, "add " + other + " dst 10.0.2.3")).isEmpty();
    assertThat(bridge(node1, "add " + other + " dst 10.0.2.4"))
        .isEqualTo("RTNETLINK answers: File exists\n");
    assertThat(bridge(node1, "append " + other + " dst 10.0.2.5")).isEmpty();
    assertThat(tunnel.forwarding().get(MacAddress.of("66:00:00:00:00:03")))
        .isEqualTo(IpAddress.of("10.0.2.3"));
    assertThat(bridge(node1, "replace " + other + " dst 10.0.2.6")).isEmpty();
    assertThat(bridge(node1, "show dev vxlan.calico"))
        .endsWith("66:00:00:00:00:03 dst 10.0.2.6 self permanent\n");
    assertThat(bridge(node1, "del " + other)).isEmpty();
    assertThat(bridge(node1, "del " + other))
        .isEqualTo("RTNETLINK answers: No such file or directory\n");
    assertThat(bridge(node1, "add 66:00 dev vxlan.calico"))
        .isEqualTo("Invalid mac address 66:00\n");
    assertThat(bridge(node1, "show dev nosuch")).isEqualTo("Cannot find device \"nosuch\"\n");
    assertThat(bridge(node1, "fly"))
        .isEqualTo("Command \"fly\" is unknown, try \"bridge fdb help\".\n");
  }

  private static Kernel pod(Kernel node, String address) {
    var pod = kernel("pod of " + node);
    node.links()
        .addVeth(
            "cali1",
            MacAddress.of("ee:ee:ee:ee:ee:ee"),
            1500,
            pod,
            "eth0",
            MacAddress.of("0a:00:00:00:00:01"));
    node.links().up("cali1");
    node.sysctls().set("net.ipv4.conf.cali1.proxy_arp", 1);
    node.addRoute(KernelRoute.on(IpAddress.of(address).toPrefix(), "cali1"));
    pod.links().up("eth0");
    pod.links().addAddress("eth0", InterfaceAddress.of(IpAddress.of(address), 32, "eth0"));
    var gateway = IpAddress.of("169.254.1.1");
    pod.addRoute(KernelRoute.on(gateway.toPrefix(), "eth0"));
    pod.addRoute(KernelRoute.via(KernelRoute.everything(IpFamily.IPV4), gateway, "eth0"));
    return pod;
  }

  private static void ipip(Kernel node, String own, String other, String net) {
    node.links().addIpIp("tunl0", 1480);
    node.links().up("tunl0");
    node.links().addAddress("tunl0", InterfaceAddress.of(IpAddress.of(own), 32, "tunl0"));
    node.addRoute(KernelRoute.via(Prefix.of(net), IpAddress.of(other), "tunl0").withOnlink());
  }

  private static void vxlan(
      Kernel node, String local, MacAddress mac, MacAddress otherMac, String other, String net) {
    var device = node.links().addVxlan("vxlan.calico", mac, 1450, 4096, 4789, IpAddress.of(local));
    node.links().up("vxlan.calico");
    var inside = Prefix.of(net).address();
    node.addRoute(KernelRoute.via(Prefix.of(net), inside, "vxlan.calico").withOnlink());
    node.neighbors().put("vxlan.calico", inside, otherMac, Neighbor.State.PERMANENT);
    device.forward(otherMac, IpAddress.of(other));
  }

  private static Outcome ask(Kernel from, Probe probe) {
    var walk = PacketWalk.silent();
    var conversation = Conversation.start(from, probe, walk);
    walk.giveUpOnNeighbors();
    conversation.close();
    return conversation.outcome();
  }

  private List<String> wire() {
    return onTheWire.stream()
        .filter(Frame.Ip.class::isInstance)
        .map(frame -> ((Frame.Ip) frame).packet())
        .map(p -> p.source() + ">" + p.destination() + " proto " + p.protocol())
        .distinct()
        .toList();
  }

  @Test
  void ipInIpCarriesPodsOverARouterThatDoesNotKnowThem() {
    ipip(node1, "10.244.1.0", "10.0.2.2", "10.244.2.0/26");
    ipip(node2, "10.244.2.0", "10.0.1.2", "10.244.1.0/26");
    var outcome = ask(pod1, Probe.tcp(IpAddress.of("10.244.2.5"), 80));
    assertThat(outcome).isInstanceOf(Outcome.Answered.class);
    assertThat(((Outcome.Answered) outcome).ttl()).isEqualTo(62);
    assertThat(wire()).containsExactly("10.0.1.2>10.0.2.2 proto 4", "10.0.2.2>10.0.1.2 proto 4");
  }

  @Test
  void vxlanCarriesFrames() {
    vxlan(node1, "10.0.1.2", VTEP1, VTEP2, "10.0.2.2", "10.244.2.0/26");
    vxlan(node2, "10.0.2.2", VTEP2, VTEP1, "10.0.1.2", "10.244.1.0/26");
    var outcome = ask(pod1, Probe.tcp(IpAddress.of("10.244.2.5"), 80));
    assertThat(outcome).isInstanceOf(Outcome.Answered.class);
    assertThat(wire()).containsExactly("10.0.1.2>10.0.2.2 proto 17", "10.0.2.2>10.0.1.2 proto 17");
    var octets = PacketCodec.encode(onTheWire.getLast());
    assertThat(octets[14 + 20 + 8]).isEqualTo((byte) 8); // VXLAN: the network is given
    assertThat(octets[14 + 20 + 8 + 5]).isEqualTo((byte) 0x10); // network 4096
  }

  @Test
  void anEndThatIsNotKnownIsNotGuessed() {
    vxlan(node1, "10.0.1.2", VTEP1, VTEP2, "10.0.2.2", "10.244.2.0/26");
    ((Link.Vxlan) node1.links().get("vxlan.calico")).forget(VTEP2);
    assertThat(ask(pod1, Probe.ping(IpAddress.of("10.244.2.5"))))
        .isInstanceOf(Outcome.TimedOut.class);
  }

  @Test
  void aNetworkOfAnotherNumberIsDropped() {
    vxlan(node1, "10.0.1.2", VTEP1, VTEP2, "10.0.2.2", "10.244.2.0/26");
    node2.links().addVxlan("vx", VTEP2, 1450, 7, 4789, IpAddress.of("10.0.2.2"));
    node2.links().up("vx");
    assertThat(ask(pod1, Probe.ping(IpAddress.of("10.244.2.5"))))
        .isInstanceOf(Outcome.TimedOut.class);
  }

  @Test
  void whatDoesNotFitIsToldToThePod() {
    ipip(node1, "10.244.1.0", "10.0.2.2", "10.244.2.0/26");
    ipip(node2, "10.244.2.0", "10.0.1.2", "10.244.1.0/26");
    var probe = Probe.udp(IpAddress.of("10.244.2.5"), 9).withPayload("x".repeat(1460));
    var outcome = ask(pod1, probe);
    assertThat(outcome).isInstanceOf(Outcome.Failed.class);
    assertThat(((Outcome.Failed) outcome).error().mtu()).isEqualTo(1480);
  }

  @Test
  void bothEndsSeeTheInsideInTheirRules() throws RestoreException {
    ipip(node1, "10.244.1.0", "10.0.2.2", "10.244.2.0/26");
    ipip(node2, "10.244.2.0", "10.0.1.2", "10.244.1.0/26");
    node1.iptablesRestore(
        IpFamily.IPV4,
        """
        *nat
        -A POSTROUTING -s 10.244.1.5/32 -o tunl0 -j MASQUERADE
        COMMIT
        *filter
        -A OUTPUT -p ipencap -m addrtype --src-type LOCAL -j ACCEPT
        -A OUTPUT -d 10.0.2.2/32 -j DROP
        COMMIT
        """,
        false);
    node2.iptablesRestore(
        IpFamily.IPV4, "*filter\n-A FORWARD -i tunl0 ! -s 10.244.1.0/32 -j DROP\nCOMMIT\n", false);
    node2.addRoute(
        KernelRoute.via(Prefix.of("10.244.1.0/32"), IpAddress.of("10.0.1.2"), "tunl0")
            .withOnlink());
    assertThat(ask(pod1, Probe.tcp(IpAddress.of("10.244.2.5"), 80)))
        .isInstanceOf(Outcome.Answered.class);
    assertThat(node1.conntrack().entries().toString()).contains("10.0.1.2").contains("10.244.1.5");
  }
}
