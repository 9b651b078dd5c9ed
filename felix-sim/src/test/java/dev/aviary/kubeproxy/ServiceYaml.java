package dev.aviary.kubeproxy;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The {@code input.yaml} of kube-proxy's vectors: configuration, node, and steps of changes. */
final class ServiceYaml {
  private static final YAMLMapper YAML = new YAMLMapper();

  private JsonNode config = YAML.createObjectNode();
  private NodeInput node = new NodeInput("", List.of(), Map.of());
  private final Map<String, Service> services = new LinkedHashMap<>();
  private final Map<String, EndpointSlice> slices = new LinkedHashMap<>();
  private final List<ServiceInputs> steps = new ArrayList<>();

  ServiceYaml(String text) {
    try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(text)) {
      while (documents.hasNext()) {
        read(documents.next());
      }
    }
    step();
  }

  private void step() {
    steps.add(
        new ServiceInputs(node, List.copyOf(services.values()), List.copyOf(slices.values())));
  }

  private void read(JsonNode document) {
    boolean deleted = text(document, "x-op").equals("delete");
    var metadata = document.path("metadata");
    var key = text(metadata, "namespace") + "/" + text(metadata, "name");
    switch (text(document, "kind")) {
      case "KubeProxyConfiguration" -> config = document;
      case "Node" -> node = node(document);
      case "Step" -> step();
      case "Service" -> put(services, key, deleted, service(document));
      case "EndpointSlice" -> put(slices, key, deleted, slice(document));
      default -> throw new IllegalArgumentException("a document " + document);
    }
  }

  private static <V> void put(Map<String, V> map, String key, boolean deleted, V value) {
    if (deleted) {
      map.remove(key);
    } else {
      map.put(key, value);
    }
  }

  /** The inputs after each step, the first at 0. */
  List<ServiceInputs> steps() {
    return steps;
  }

  ServiceInputs inputs() {
    return steps.getLast();
  }

  /** For unit tests' expectations: their release. */
  KubeProxyVersion generation() {
    return KubeProxyVersion.of("1." + text(config.path("x-emulator"), "generation"));
  }

  /** The text that stands for {@code 0x00004000} there. */
  String markText() {
    var mark = text(config.path("x-emulator"), "markText");
    return mark.isEmpty() ? "0x00004000" : mark;
  }

  KubeProxyConfig config(KubeProxyVersion version) {
    var emulator = config.path("x-emulator");
    var iptables = config.path("iptables");
    var cidr = text(config, "clusterCIDR");
    var gates = new HashMap<String, Boolean>();
    config
        .path("featureGates")
        .properties()
        .forEach(gate -> gates.put(gate.getKey(), gate.getValue().asBoolean()));
    return new KubeProxyConfig(
        version,
        emulator.path("ipv6").asBoolean(false) ? IpFamily.IPV6 : IpFamily.IPV4,
        cidr.isEmpty() ? new LocalTraffic.Unknown() : new LocalTraffic.ClusterCidr(Prefix.of(cidr)),
        iptables.path("masqueradeAll").asBoolean(false),
        iptables.path("masqueradeBit").asInt(14),
        iptables.path("localhostNodePorts").asBoolean(true),
        texts(config, "nodePortAddresses").stream().map(Prefix::of).toList(),
        emulator.path("randomFully").asBoolean(false),
        emulator.path("conntrackTCPLiberal").asBoolean(false),
        gates);
  }

  List<IpAddress> localAddresses() {
    return texts(config.path("x-emulator"), "localAddresses").stream().map(IpAddress::of).toList();
  }

  private static NodeInput node(JsonNode document) {
    var addresses = new ArrayList<String>();
    document.path("status").path("addresses").forEach(a -> addresses.add(text(a, "address")));
    return new NodeInput(
        text(document.path("metadata"), "name"),
        addresses,
        strings(document.path("metadata").path("labels")));
  }

  private static Service service(JsonNode document) {
    var spec = document.path("spec");
    var ports = new ArrayList<Service.Port>();
    for (var port : spec.path("ports")) {
      ports.add(
          new Service.Port(
              text(port, "name"),
              port.path("protocol").asString("TCP"),
              port.path("port").asInt(),
              port.path("nodePort").asInt(0)));
    }
    var ingress = new ArrayList<Service.Ingress>();
    for (var entry : document.path("status").path("loadBalancer").path("ingress")) {
      ingress.add(
          new Service.Ingress(
              text(entry, "ip"), entry.path("ipMode").asString("VIP").equals("VIP")));
    }
    var clusterIps =
        spec.has("clusterIPs") ? texts(spec, "clusterIPs") : List.of(text(spec, "clusterIP"));
    return new Service(
        text(document.path("metadata"), "namespace"),
        text(document.path("metadata"), "name"),
        type(text(spec, "type")),
        clusterIps,
        texts(spec, "externalIPs"),
        ingress,
        texts(spec, "loadBalancerSourceRanges"),
        ports,
        text(spec, "externalTrafficPolicy").equals("Local"),
        text(spec, "internalTrafficPolicy").equals("Local"),
        spec.path("healthCheckNodePort").asInt(0),
        text(spec, "sessionAffinity").equals("ClientIP")
            ? Optional.of(
                Duration.ofSeconds(
                    spec.path("sessionAffinityConfig")
                        .path("clientIP")
                        .path("timeoutSeconds")
                        .asInt(10800)))
            : Optional.empty(),
        strings(document.path("metadata").path("labels")),
        strings(document.path("metadata").path("annotations")));
  }

  private static Service.Type type(String type) {
    return switch (type) {
      case "", "ClusterIP" -> Service.Type.CLUSTER_IP;
      case "NodePort" -> Service.Type.NODE_PORT;
      case "LoadBalancer" -> Service.Type.LOAD_BALANCER;
      case "ExternalName" -> Service.Type.EXTERNAL_NAME;
      default -> throw new IllegalArgumentException("a service of type " + type);
    };
  }

  private static EndpointSlice slice(JsonNode document) {
    var endpoints = new ArrayList<EndpointSlice.Endpoint>();
    for (var endpoint : document.path("endpoints")) {
      var conditions = endpoint.path("conditions");
      var zones = new ArrayList<String>();
      endpoint.path("hints").path("forZones").forEach(zone -> zones.add(text(zone, "name")));
      endpoints.add(
          new EndpointSlice.Endpoint(
              endpoint.path("addresses").get(0).asString(),
              text(endpoint, "nodeName"),
              condition(conditions, "ready"),
              condition(conditions, "serving"),
              condition(conditions, "terminating"),
              zones));
    }
    var ports = new ArrayList<EndpointSlice.Port>();
    for (var port : document.path("ports")) {
      ports.add(
          new EndpointSlice.Port(
              text(port, "name"),
              port.path("protocol").asString("TCP"),
              port.path("port").asInt()));
    }
    var metadata = document.path("metadata");
    return new EndpointSlice(
        text(metadata, "namespace"),
        text(metadata.path("labels"), "kubernetes.io/service-name"),
        text(metadata, "name"),
        text(document, "addressType").equals("IPv6") ? IpFamily.IPV6 : IpFamily.IPV4,
        endpoints,
        ports);
  }

  private static Optional<Boolean> condition(JsonNode conditions, String name) {
    return conditions.has(name) ? Optional.of(conditions.get(name).asBoolean()) : Optional.empty();
  }

  private static Map<String, String> strings(JsonNode node) {
    var strings = new HashMap<String, String>();
    node.properties().forEach(e -> strings.put(e.getKey(), e.getValue().asString()));
    return strings;
  }

  private static List<String> texts(JsonNode node, String key) {
    var texts = new ArrayList<String>();
    node.path(key).forEach(text -> texts.add(text.asString()));
    return texts;
  }

  private static String text(JsonNode node, String key) {
    @Nullable JsonNode value = node.get(key);
    return value == null || value.isNull() ? "" : value.asString();
  }
}
