package dev.aviary.emulator.resource;

import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Kubernetes' KubeProxyConfiguration, which every node's kube-proxy is started with: what stands
 * under {@code config.conf} in the ConfigMap of kubeadm's clusters.
 *
 * @param detection how traffic of the cluster's own pods is told
 * @param masqueradeBit the bit of the mark for traffic to masquerade, 0 to 31
 * @param nodePortAddresses the nets on whose addresses node ports are served; none for all
 */
public record KubeProxyConfigurationResource(
    Metadata metadata,
    Source source,
    Detection detection,
    boolean masqueradeAll,
    int masqueradeBit,
    boolean localhostNodePorts,
    List<Prefix> nodePortAddresses,
    boolean tcpBeLiberal,
    Map<String, Boolean> featureGates)
    implements Resource {

  /** What the only one is called: the file that it stands in has no name for it. */
  public static final String NAME = "kube-proxy";

  private static final int MASQUERADE_BIT = 14;
  private static final List<String> MODES = List.of("", "iptables");

  public KubeProxyConfigurationResource {
    nodePortAddresses = List.copyOf(nodePortAddresses);
    featureGates = Map.copyOf(featureGates);
  }

  /** How traffic of the cluster's own pods is told from other traffic. */
  public sealed interface Detection {
    /** By its source; one network of a family, or none. */
    record ClusterCidr(List<Prefix> cidrs) implements Detection {
      public ClusterCidr {
        cidrs = List.copyOf(cidrs);
      }
    }

    /** By the bridge it comes in through. */
    record BridgeInterface(String name) implements Detection {}

    /** By how the interface's name begins. */
    record InterfaceNamePrefix(String prefix) implements Detection {}
  }

  static KubeProxyConfigurationResource read(Fields fields, Source source) {
    var metadata =
        fields.has("metadata")
            ? Metadata.read(fields, false)
            : new Metadata(NAME, "", Map.of(), Map.of());
    if (!metadata.name().isEmpty() && !metadata.name().equals(NAME)) {
      fields.object("metadata").problem("name", "must be " + NAME + ", or left out");
    }
    fields
        .text("mode")
        .filter(mode -> !MODES.contains(mode))
        .ifPresent(mode -> fields.problem("mode", "only iptables is emulated, is '" + mode + "'"));
    var iptables = fields.object("iptables");
    var conntrack = fields.object("conntrack");
    var read =
        new KubeProxyConfigurationResource(
            metadata,
            source,
            detection(fields),
            iptables.flag("masqueradeAll", false),
            iptables.number("masqueradeBit", 0, 31).orElse(MASQUERADE_BIT),
            iptables.flag("localhostNodePorts", true),
            prefixes(fields, "nodePortAddresses", fields.texts("nodePortAddresses")),
            conntrack.flag("tcpBeLiberal", false),
            gates(fields));
    iptables.accept("minSyncPeriod", "syncPeriod");
    iptables.done();
    conntrack.acceptAll();
    fields.accept(
        "bindAddress",
        "bindAddressHardFail",
        "clientConnection",
        "configSyncPeriod",
        "enableProfiling",
        "healthzBindAddress",
        "hostnameOverride",
        "ipvs",
        "logging",
        "metricsBindAddress",
        "nftables",
        "oomScoreAdj",
        "portRange",
        "showHiddenMetricsForVersion",
        "udpIdleTimeout",
        "winkernel");
    return read;
  }

  private static Detection detection(Fields fields) {
    var cidrs =
        prefixes(
            fields,
            "clusterCIDR",
            fields
                .text("clusterCIDR")
                .filter(text -> !text.isEmpty())
                .map(text -> List.of(text.split(",", -1)))
                .orElse(List.of()));
    var detect = fields.object("detectLocal");
    var bridge = detect.text("bridgeInterface", "");
    var prefix = detect.text("interfaceNamePrefix", "");
    detect.done();
    return switch (fields.text("detectLocalMode", "")) {
      case "", "ClusterCIDR" -> new Detection.ClusterCidr(cidrs);
      case "BridgeInterface" -> new Detection.BridgeInterface(bridge);
      case "InterfaceNamePrefix" -> new Detection.InterfaceNamePrefix(prefix);
      case String other -> {
        fields.problem(
            "detectLocalMode",
            "must be ClusterCIDR, BridgeInterface or InterfaceNamePrefix, is '" + other + "'");
        yield new Detection.ClusterCidr(cidrs);
      }
    };
  }

  private static List<Prefix> prefixes(Fields fields, String name, List<String> texts) {
    var prefixes = new ArrayList<Prefix>();
    for (var text : texts) {
      Prefix.parse(text.strip())
          .ifPresentOrElse(
              prefixes::add, () -> fields.problem(name, "'" + text + "' is no network"));
    }
    return prefixes;
  }

  private static Map<String, Boolean> gates(Fields fields) {
    var gates = new TreeMap<String, Boolean>();
    var given = fields.object("featureGates");
    for (var name : given.names()) {
      gates.put(name, given.flag(name, false));
    }
    return gates;
  }
}
