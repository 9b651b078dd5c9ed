package dev.aviary.it.bench;

import dev.aviary.felix.Felix;
import dev.aviary.felix.calc.FelixConfig;
import dev.aviary.felix.calc.Host;
import dev.aviary.felix.calc.Inputs;
import dev.aviary.felix.calc.Pool;
import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.Neighbor;
import dev.aviary.kernel.PacketWalk;
import dev.aviary.kernel.Segment;
import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.TcpFlags;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.kubeproxy.KubeProxy;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A packet comes to a node port of a node that has kube-proxy's rules for 1,000 services and 10,000
 * endpoints and Felix's for the host, and leaves translated for a pod on another node.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 2)
@Measurement(iterations = 5, time = 2)
public class PacketWalkBenchmark {
  private static final String NODE2 = "192.168.0.2";
  private static final MacAddress NODE_MAC = MacAddress.of("02:00:00:00:00:01");
  private static final MacAddress NODE2_MAC = MacAddress.of("02:00:00:00:00:02");
  private static final MacAddress CLIENT_MAC = MacAddress.of("02:00:00:00:00:09");
  private static final int MOST_CONNECTIONS = 60_000;

  private final InstantSource clock = InstantSource.fixed(Instant.EPOCH);
  private final Segment segment = new Segment("lan");
  private final Kernel node = host("node1", ManyServices.NODE_ADDRESS, NODE_MAC);
  private final Kernel node2 = host("node2", NODE2, NODE2_MAC);
  private final Kernel client = host("client", "192.168.0.9", CLIENT_MAC);
  private final IpAddress nodeAddress = IpAddress.of(ManyServices.NODE_ADDRESS);
  private int flow;

  private Kernel host(String name, String address, MacAddress mac) {
    var host = new Kernel(name, clock, RandomGenerator.of("L64X128MixRandom"));
    host.links().addPhysical("eth0", mac, 1500, segment);
    host.links().up("eth0");
    host.links().addAddress("eth0", InterfaceAddress.of(IpAddress.of(address), 24, "eth0"));
    return host;
  }

  @Setup
  public void program() {
    node.sysctls().set("net.ipv4.ip_forward", 1);
    node.neighbors().put("eth0", IpAddress.of(NODE2), NODE2_MAC, Neighbor.State.PERMANENT);
    node.addRoute(KernelRoute.via(Prefix.of("10.244.0.0/16"), IpAddress.of(NODE2), "eth0"));
    new KubeProxy(ManyServices.config(), node).apply(ManyServices.inputs(false));
    new Felix(FelixConfig.of(Map.of("defaultEndpointToHostAction", "Accept")), node)
        .apply(
            new Inputs(
                "node1",
                List.of(
                    Host.of("node1", Ipv4Address.of(ManyServices.NODE_ADDRESS)),
                    Host.of("node2", Ipv4Address.of(NODE2))),
                List.of(Pool.of(Prefix.of("10.244.0.0/16"), true)),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of(),
                List.of()));
    open();
  }

  private Packet segment(IpAddress source, int port, int nodePort, int flags) {
    var packet = new Packet(source, nodeAddress, IpProtocol.TCP);
    packet.setPorts(port, nodePort);
    packet.setTcp(flags, 1, flags == TcpFlags.SYN ? 0 : 1, 64240);
    return packet;
  }

  private void send(Kernel from, Packet packet) {
    from.inject("eth0", NODE_MAC, packet, PacketWalk.silent());
  }

  /** Opens one connection of 192.168.0.9:1024 to the first node port. */
  private void open() {
    var source = IpAddress.of("192.168.0.9");
    send(client, segment(source, 1024, ManyServices.FIRST_NODE_PORT, TcpFlags.SYN));
    var reply = node.conntrack().entries().getFirst().reply();
    var answer = new Packet(reply.source(), reply.destination(), IpProtocol.TCP);
    answer.setPorts(reply.sourceKey(), reply.destinationKey());
    answer.setTcp(TcpFlags.SYN | TcpFlags.ACK, 1, 2, 64240);
    send(node2, answer);
    if (!node.conntrack().entries().getFirst().hasSeenReply()) {
      throw new IllegalStateException("no connection: " + node.conntrack().entries());
    }
  }

  /** The first packet of a connection that is not there yet. */
  @Benchmark
  public int coldNodePort() {
    flow++;
    if (flow % MOST_CONNECTIONS == 0) {
      node.conntrack().flush();
    }
    var source = new Ipv4Address(0xc0a80100 + flow / 30_000 % 60_000);
    send(
        client,
        segment(
            source,
            2000 + flow % 30_000,
            ManyServices.FIRST_NODE_PORT + flow % ManyServices.SERVICES,
            TcpFlags.SYN));
    return flow;
  }

  /** A packet of a connection that is established. */
  @Benchmark
  public void establishedFlow() {
    send(
        client,
        segment(IpAddress.of("192.168.0.9"), 1024, ManyServices.FIRST_NODE_PORT, TcpFlags.ACK));
  }
}
