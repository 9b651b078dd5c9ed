package dev.aviary.kubeproxy;

import dev.aviary.net.IpFamily;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The services of {@code kernel-golden/seed}. */
public final class SeedServices {
  private SeedServices() {}

  public static ServiceInputs inputs(String node, String address) {
    return new ServiceInputs(
        new NodeInput(node, List.of(address), Map.of()),
        List.of(
            service("default", "kubernetes", "10.1.0.1", "https", "TCP", 443, 0),
            service("test", "pod2-service", "10.1.118.185", "", "TCP", 80, 30000),
            service("test", "web", "10.1.50.50", "http", "TCP", 8080, 30050),
            service("test", "dns", "10.1.60.60", "dns", "UDP", 53, 30053),
            service("test", "nobody", "10.1.77.77", "", "TCP", 80, 30080),
            service("test", "nobody-udp", "10.1.77.78", "", "UDP", 53, 0)),
        List.of(
            slice("default", "kubernetes", "https", "TCP", 6443, "192.168.43.152"),
            slice("test", "pod2-service", "", "TCP", 80, "10.244.166.159"),
            slice(
                "test",
                "web",
                "http",
                "TCP",
                80,
                "10.244.219.75",
                "10.244.166.159",
                "10.244.166.160"),
            slice("test", "dns", "dns", "UDP", 5353, "10.244.166.159")));
  }

  private static Service service(
      String namespace,
      String name,
      String ip,
      String portName,
      String protocol,
      int port,
      int nodePort) {
    return Service.clusterIp(
        namespace, name, ip, List.of(new Service.Port(portName, protocol, port, nodePort)));
  }

  private static EndpointSlice slice(
      String namespace,
      String service,
      String portName,
      String protocol,
      int port,
      String... addresses) {
    return new EndpointSlice(
        namespace,
        service,
        service + "-1",
        IpFamily.IPV4,
        Stream.of(addresses).map(a -> EndpointSlice.Endpoint.ready(a, "somewhere")).toList(),
        List.of(new EndpointSlice.Port(portName, protocol, port)));
  }
}
