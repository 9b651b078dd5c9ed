package dev.aviary.emulator.node;

import dev.aviary.emulator.resource.FelixConfigurationResource;
import dev.aviary.emulator.resource.IpPoolResource;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.felix.calc.FelixConfig;
import dev.aviary.net.IpFamily;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The settings of Felix on one node: Calico's manifest, then the cluster's, then the node's own.
 */
public final class FelixSettings {
  private FelixSettings() {}

  private static Map<String, String> settings(Resources resources, String node) {
    var settings = new TreeMap<String, String>();
    // What the manifests of Calico for Kubernetes set in the environment of calico-node.
    settings.put("defaultEndpointToHostAction", "Accept");
    // Dual-stack installations turn it on.
    boolean six =
        resources.of(IpPoolResource.class).stream()
            .anyMatch(pool -> pool.cidr().family() == IpFamily.IPV6);
    settings.put("ipv6Support", Boolean.toString(six));
    // Making a pool with a tunnel turns that tunnel on (calicoctl, the API server).
    for (var pool : resources.of(IpPoolResource.class)) {
      if (pool.ipipMode() != IpPoolResource.TunnelMode.NEVER) {
        settings.put("ipipEnabled", "true");
      }
      if (pool.vxlanMode() != IpPoolResource.TunnelMode.NEVER) {
        settings.put("vxlanEnabled", "true");
      }
    }
    for (var name : List.of("default", "node." + node)) {
      resources
          .find(FelixConfigurationResource.class, "", name)
          .ifPresent(config -> settings.putAll(config.settings()));
    }
    return settings;
  }

  static FelixConfig of(Resources resources, String node) {
    return FelixConfig.of(settings(resources, node));
  }

  /** What is wrong with them, each beginning with the setting's name. */
  public static List<String> problems(Resources resources, String node) {
    var parsed = FelixConfig.parse(settings(resources, node));
    return parsed.isValid() ? List.of() : parsed.getError().asJava();
  }
}
