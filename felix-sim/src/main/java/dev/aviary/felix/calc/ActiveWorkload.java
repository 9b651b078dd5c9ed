package dev.aviary.felix.calc;

import dev.aviary.net.Prefix;
import java.util.List;

/**
 * A workload of this host, with what applies to it in order. {@code floatingIps} are external
 * addresses that are translated to one of {@code nets}.
 */
public record ActiveWorkload(
    String interfaceName,
    boolean adminUp,
    List<Prefix> nets,
    List<FloatingIp> floatingIps,
    PolicyNames policies,
    List<String> profiles) {
  public ActiveWorkload {
    nets = List.copyOf(nets);
    floatingIps = List.copyOf(floatingIps);
    profiles = List.copyOf(profiles);
  }
}
