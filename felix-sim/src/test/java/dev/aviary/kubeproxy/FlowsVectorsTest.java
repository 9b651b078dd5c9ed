package dev.aviary.kubeproxy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.aviary.kernel.Conversation;
import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.Outcome;
import dev.aviary.kernel.PacketWalk;
import dev.aviary.kernel.Probe;
import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import dev.aviary.net.Vectors;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Packets through kube-proxy's rules end where kube-proxy's own tests say that they do. */
class FlowsVectorsTest {
  private static final String FOLDER = "kube-proxy/kube-tests";
  private static final Prefix EVERYWHERE = Prefix.of("0.0.0.0/0");

  @TestFactory
  Stream<DynamicTest> everyFlowEndsWhereItShould() {
    return Vectors.list(FOLDER, "*.flows.tsv").stream()
        .map(file -> String.valueOf(file.getFileName()))
        .flatMap(
            file ->
                Vectors.text(FOLDER + "/" + file)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split("\t", -1))
                    .map(
                        cells ->
                            dynamicTest(
                                file + " " + cells[0],
                                () -> new Flow(yaml(file), cells[2]).check(cells))));
  }

  private static ServiceYaml yaml(String file) {
    return new ServiceYaml(Vectors.text(FOLDER + "/" + file.replace(".flows.tsv", ".input.yaml")));
  }

  /** A node between a client and a host that has all endpoints. */
  private static final class Flow {
    private final Kernel node = kernel("node");
    private final Kernel client = kernel("client");
    private final Kernel server = kernel("server");
    private final List<String> arrivedAt = new ArrayList<>();
    private final List<IpAddress> arrivedFrom = new ArrayList<>();
    private final IpAddress source;
    private final boolean fromNode;

    Flow(ServiceYaml yaml, String source) {
      this.source = IpAddress.of(source);
      var inputs = yaml.inputs();
      fromNode =
          inputs.node().addresses().contains(source)
              || inputs.services().stream()
                  .flatMap(s -> s.loadBalancer().stream())
                  .anyMatch(i -> i.ip().equals(source));
      node.links().addBridge("eth0", MacAddress.of("02:00:00:00:00:09"));
      node.links().up("eth0");
      inputs.node().addresses().forEach(a -> address(node, "eth0", a));
      node.sysctls().set("net.ipv4.ip_forward", 1);
      wire(client, "in0", 1);
      wire(server, "out0", 2);
      address(fromNode ? node : client, "eth0", source);
      node.addRoute(KernelRoute.via(EVERYWHERE, Ipv4Address.of("172.31.1.2"), "in0"));
      for (var slice : inputs.slices()) {
        for (var endpoint : slice.endpoints()) {
          address(server, "eth0", endpoint.address());
          node.addRoute(
              KernelRoute.via(
                  Prefix.of(endpoint.address() + "/32"), Ipv4Address.of("172.31.2.2"), "out0"));
        }
      }
      server
          .sockets()
          .listen(
              IpProtocol.TCP,
              null,
              80,
              (local, peer, payload) -> {
                arrivedAt.add(local.toString());
                arrivedFrom.add(peer.address());
                return payload;
              });
      new KubeletChains(yaml.generation(), yaml.config(yaml.generation()).family(), node).ensure();
      new KubeProxy(yaml.config(yaml.generation()), node).apply(inputs);
    }

    /** {@code cells}: name, protocol, source, destination, port, where to, masqueraded. */
    void check(String[] cells) {
      var walk = PacketWalk.recording();
      var probe =
          Probe.tcp(IpAddress.of(cells[3]), Integer.parseInt(cells[4])).withSource(source, 40000);
      var outcome = Conversation.start(fromNode ? node : client, probe, walk).outcome();
      switch (cells[5]) {
        case "REJECT" -> assertThat(outcome).isInstanceOf(Outcome.Refused.class);
        case "DROP" -> assertThat(outcome).isInstanceOf(Outcome.TimedOut.class);
        default -> {
          assertThat(outcome).isInstanceOf(Outcome.Answered.class);
          assertThat(List.of(cells[5].split(", ", -1))).contains(arrivedAt.getFirst());
          assertThat(!arrivedFrom.getFirst().equals(source))
              .isEqualTo(Boolean.parseBoolean(cells[6]));
        }
      }
    }

    private static Kernel kernel(String name) {
      return new Kernel(
          name, InstantSource.fixed(Instant.EPOCH), RandomGenerator.of("L64X128MixRandom"));
    }

    private static void address(Kernel kernel, String link, String address) {
      kernel.links().addAddress(link, InterfaceAddress.of(Ipv4Address.of(address), 32, link));
    }

    private void wire(Kernel other, String name, int net) {
      var here = MacAddress.of("02:00:00:00:00:0" + net);
      var there = MacAddress.of("02:00:00:00:01:0" + net);
      node.links().addVeth(name, here, 1500, other, "eth0", there);
      node.links().up(name);
      other.links().up("eth0");
      var mine = Ipv4Address.of("172.31." + net + ".1");
      node.links().addAddress(name, InterfaceAddress.of(mine, 24, name));
      other
          .links()
          .addAddress(
              "eth0", InterfaceAddress.of(Ipv4Address.of("172.31." + net + ".2"), 24, "eth0"));
      other.addRoute(KernelRoute.via(EVERYWHERE, mine, "eth0"));
    }
  }
}
