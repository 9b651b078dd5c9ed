package dev.aviary.kubeproxy;

import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What kube-proxy is told. {@code nodePortAddresses} are the nets on whose addresses node ports are
 * served, none meaning all; {@code randomFully} says whether the host's iptables can do that. A
 * dual-stack node runs one proxier a family.
 */
public record KubeProxyConfig(
    KubeProxyVersion version,
    IpFamily family,
    LocalTraffic localTraffic,
    boolean masqueradeAll,
    int masqueradeBit,
    boolean localhostNodePorts,
    List<Prefix> nodePortAddresses,
    boolean randomFully,
    boolean conntrackLiberal,
    Map<String, Boolean> featureGates) {
  private static final int MASQUERADE_BIT = 14;

  public KubeProxyConfig {
    if (masqueradeBit < 0 || masqueradeBit > 31) {
      throw new IllegalArgumentException("masqueradeBit " + masqueradeBit + " is not in 0 to 31");
    }
    nodePortAddresses = nodePortAddresses.stream().filter(net -> net.family() == family).toList();
    featureGates = Map.copyOf(featureGates);
  }

  /** kube-proxy's defaults with {@code localTraffic}, for IPv4. */
  public static KubeProxyConfig of(KubeProxyVersion version, LocalTraffic localTraffic) {
    return new KubeProxyConfig(
        version,
        IpFamily.IPV4,
        localTraffic,
        false,
        MASQUERADE_BIT,
        true,
        List.of(),
        true,
        false,
        Map.of());
  }

  /** The same for the other family. */
  public KubeProxyConfig withFamily(IpFamily family, LocalTraffic localTraffic) {
    return new KubeProxyConfig(
        version,
        family,
        localTraffic,
        masqueradeAll,
        masqueradeBit,
        localhostNodePorts,
        nodePortAddresses,
        randomFully,
        conntrackLiberal,
        featureGates);
  }

  boolean isOn(FeatureGate gate) {
    return gate.existsIn(version)
        && featureGates.getOrDefault(gate.label(), gate.isOnByDefault(version));
  }

  /** The mark of traffic to masquerade, in the digits that kube-proxy uses. */
  String mark() {
    return String.format(Locale.ROOT, "0x%08x", 1 << masqueradeBit);
  }

  /** True if node ports are served on every address. */
  boolean nodePortsEverywhere() {
    return nodePortAddresses.isEmpty()
        || nodePortAddresses.stream().anyMatch(net -> net.length() == 0);
  }
}
