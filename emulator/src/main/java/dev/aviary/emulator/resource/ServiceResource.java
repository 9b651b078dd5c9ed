package dev.aviary.emulator.resource;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Kubernetes' Service, with Kubernetes' defaults filled in.
 *
 * @param families those that the service is of, the primary one first: one, or both
 */
public record ServiceResource(
    Metadata metadata,
    Source source,
    Type type,
    List<IpAddress> clusterIps,
    List<IpFamily> families,
    boolean headless,
    List<Port> ports,
    Map<String, String> selector,
    List<IpAddress> externalIps,
    List<IpAddress> loadBalancerIngress,
    Optional<IpAddress> loadBalancerIp,
    List<Prefix> loadBalancerSourceRanges,
    boolean externalTrafficLocal,
    boolean internalTrafficLocal,
    Optional<Integer> sessionAffinitySeconds,
    Optional<Integer> healthCheckNodePort,
    boolean publishNotReadyAddresses)
    implements Resource {
  private static final int DEFAULT_AFFINITY_SECONDS = 10800;

  public ServiceResource {
    clusterIps = List.copyOf(clusterIps);
    families = List.copyOf(families);
    ports = List.copyOf(ports);
    selector = Map.copyOf(selector);
    externalIps = List.copyOf(externalIps);
    loadBalancerIngress = List.copyOf(loadBalancerIngress);
    loadBalancerSourceRanges = List.copyOf(loadBalancerSourceRanges);
  }

  /** What a service is reachable by. */
  public enum Type {
    CLUSTER_IP("ClusterIP"),
    NODE_PORT("NodePort"),
    LOAD_BALANCER("LoadBalancer"),
    EXTERNAL_NAME("ExternalName");

    private final String text;

    Type(String text) {
      this.text = text;
    }

    /** As manifests have it. */
    public String text() {
      return text;
    }
  }

  /** How many families a service may have. */
  private enum FamilyPolicy {
    SINGLE_STACK("SingleStack"),
    PREFER_DUAL_STACK("PreferDualStack"),
    REQUIRE_DUAL_STACK("RequireDualStack");

    private final String text;

    FamilyPolicy(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /**
   * One of its ports.
   *
   * @param targetPort a number, or the name of a container port
   * @param nodePort 0 if it has none
   */
  public record Port(String name, Protocol protocol, int port, String targetPort, int nodePort) {}

  static ServiceResource read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, true);
    var spec = fields.object("spec");
    var type = spec.oneOf("type", Type.values(), Type::text).orElse(Type.CLUSTER_IP);
    var clusterIps = clusterIps(spec);
    boolean headless = spec.text("clusterIP", "").equals("None");
    if (clusterIps.isEmpty() && !headless && type != Type.EXTERNAL_NAME && !spec.has("clusterIP")) {
      spec.problem("clusterIP", "is required: Aviary does not allocate service addresses");
    }
    var ports = spec.objects("ports").stream().map(port -> port(port, type)).toList();
    var affinity = spec.text("sessionAffinity", "None");
    int seconds =
        spec.object("sessionAffinityConfig")
            .object("clientIP")
            .number("timeoutSeconds", 1, 86400)
            .orElse(DEFAULT_AFFINITY_SECONDS);
    var read =
        new ServiceResource(
            metadata,
            source,
            type,
            clusterIps,
            families(spec, clusterIps),
            headless,
            ports,
            spec.map("selector"),
            addresses(spec, "externalIPs"),
            ingress(fields.object("status")),
            spec.parsed("loadBalancerIP", IpAddress::parse, "an IP address"),
            ranges(spec),
            spec.text("externalTrafficPolicy", "Cluster").equals("Local"),
            spec.text("internalTrafficPolicy", "Cluster").equals("Local"),
            affinity.equals("ClientIP") ? Optional.of(seconds) : Optional.empty(),
            spec.number("healthCheckNodePort", 0, 65535).filter(n -> n != 0),
            spec.flag("publishNotReadyAddresses", false));
    spec.accept(
        "allocateLoadBalancerNodePorts",
        "loadBalancerClass",
        "externalName",
        "trafficDistribution");
    spec.done();
    return read;
  }

  private static List<IpAddress> clusterIps(Fields spec) {
    var all = addresses(spec, "clusterIPs");
    if (!all.isEmpty()) {
      var first = spec.text("clusterIP", "");
      if (!first.isEmpty() && !IpAddress.parse(first).equals(Optional.of(all.getFirst()))) {
        spec.problem("clusterIPs", "first value must match `clusterIP`");
      }
      return all;
    }
    var one = spec.text("clusterIP", "");
    if (one.isEmpty() || one.equals("None")) {
      return List.of();
    }
    return spec.parsed("clusterIP", IpAddress::parse, "an IP address").stream().toList();
  }

  /** Each cluster address has its family in the same place; without that, it says its own. */
  private static List<IpFamily> families(Fields spec, List<IpAddress> clusterIps) {
    var policy = spec.oneOf("ipFamilyPolicy", FamilyPolicy.values(), FamilyPolicy::text);
    var asked = new ArrayList<IpFamily>();
    for (var text : spec.texts("ipFamilies")) {
      family(text)
          .ifPresentOrElse(
              asked::add,
              () -> spec.problem("ipFamilies", "'" + text + "' is neither IPv4 nor IPv6"));
    }
    if (new HashSet<>(asked).size() < asked.size()) {
      spec.problem("ipFamilies", "names a family twice");
    }
    var given = clusterIps.stream().map(IpAddress::family).toList();
    if (new HashSet<>(given).size() < given.size()) {
      spec.problem("clusterIPs", "may hold one address of each family");
    }
    if (given.size() > 1 && policy.filter(p -> p == FamilyPolicy.SINGLE_STACK).isPresent()) {
      spec.problem(
          "ipFamilyPolicy",
          "must be RequireDualStack or PreferDualStack when multiple cluster IPs are specified");
    }
    for (int i = 0; i < Math.min(asked.size(), given.size()); i++) {
      if (asked.get(i) != given.get(i)) {
        spec.problem(
            spec.has("clusterIPs") ? "clusterIPs" : "clusterIP",
            "'%s' is not %s, which ipFamilies has in its place"
                .formatted(clusterIps.get(i), text(asked.get(i))));
      }
    }
    return given.isEmpty() ? asked : given;
  }

  private static Optional<IpFamily> family(String text) {
    return switch (text) {
      case "IPv4" -> Optional.of(IpFamily.IPV4);
      case "IPv6" -> Optional.of(IpFamily.IPV6);
      default -> Optional.empty();
    };
  }

  private static String text(IpFamily family) {
    return family == IpFamily.IPV4 ? "IPv4" : "IPv6";
  }

  private static List<IpAddress> addresses(Fields spec, String name) {
    var found = new ArrayList<IpAddress>();
    for (var text : spec.texts(name)) {
      if (!text.equals("None")) {
        IpAddress.parse(text)
            .ifPresentOrElse(
                found::add, () -> spec.problem(name, "'" + text + "' is no IP address"));
      }
    }
    return found;
  }

  private static List<IpAddress> ingress(Fields status) {
    var found = new ArrayList<IpAddress>();
    for (var entry : status.object("loadBalancer").objects("ingress")) {
      entry.parsed("ip", IpAddress::parse, "an IP address").ifPresent(found::add);
    }
    return found;
  }

  private static List<Prefix> ranges(Fields spec) {
    var found = new ArrayList<Prefix>();
    for (var text : spec.texts("loadBalancerSourceRanges")) {
      Prefix.parse(text.strip())
          .ifPresentOrElse(
              found::add,
              () -> spec.problem("loadBalancerSourceRanges", "'" + text + "' is no prefix"));
    }
    return found;
  }

  private static Port port(Fields port, Type type) {
    if (!port.has("port")) {
      port.problem("port", "is required");
    }
    int number = port.number("port", 1, 65535).orElse(0);
    int nodePort = port.number("nodePort", 0, 65535).orElse(0);
    if (nodePort != 0 && type == Type.CLUSTER_IP) {
      port.problem("nodePort", "may not be used when `type` is 'ClusterIP'");
    }
    var read =
        new Port(
            port.text("name", ""),
            Protocol.read(port, "protocol"),
            number,
            port.text("targetPort", Integer.toString(number)),
            nodePort);
    port.accept("appProtocol");
    port.done();
    return read;
  }
}
