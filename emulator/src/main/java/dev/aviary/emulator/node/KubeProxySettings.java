package dev.aviary.emulator.node;

import dev.aviary.emulator.resource.KubeProxyConfigurationResource;
import dev.aviary.emulator.resource.KubeProxyConfigurationResource.Detection;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.kubeproxy.KubeProxyConfig;
import dev.aviary.kubeproxy.KubeProxyVersion;
import dev.aviary.kubeproxy.LocalTraffic;
import dev.aviary.net.IpFamily;
import java.util.List;

/** What every node's kube-proxy is started with: one proxier a family. */
final class KubeProxySettings {
  /** Both are written, whether or not the cluster has addresses of both. */
  static final List<IpFamily> FAMILIES = List.of(IpFamily.IPV4, IpFamily.IPV6);

  private KubeProxySettings() {}

  static List<KubeProxyConfig> of(Resources resources, KubeProxyVersion version) {
    var given =
        resources.find(
            KubeProxyConfigurationResource.class, "", KubeProxyConfigurationResource.NAME);
    return FAMILIES.stream()
        .map(
            family ->
                given
                    .map(configuration -> of(configuration, version, family))
                    .orElseGet(
                        () ->
                            KubeProxyConfig.of(version, new LocalTraffic.Unknown())
                                .withFamily(family, new LocalTraffic.Unknown())))
        .toList();
  }

  private static KubeProxyConfig of(
      KubeProxyConfigurationResource given, KubeProxyVersion version, IpFamily family) {
    return new KubeProxyConfig(
        version,
        family,
        localTraffic(given.detection(), family),
        given.masqueradeAll(),
        given.masqueradeBit(),
        given.localhostNodePorts(),
        given.nodePortAddresses(),
        true,
        given.tcpBeLiberal(),
        given.featureGates());
  }

  private static LocalTraffic localTraffic(Detection detection, IpFamily family) {
    return switch (detection) {
      case Detection.ClusterCidr(var cidrs) ->
          cidrs.stream()
              .filter(cidr -> cidr.family() == family)
              .findFirst()
              .<LocalTraffic>map(LocalTraffic.ClusterCidr::new)
              .orElseGet(LocalTraffic.Unknown::new);
      case Detection.BridgeInterface(var name) -> new LocalTraffic.BridgeInterface(name);
      case Detection.InterfaceNamePrefix(var prefix) ->
          new LocalTraffic.InterfaceNamePrefix(prefix);
    };
  }
}
