package dev.aviary.felix.calc;

import dev.aviary.net.Prefix;
import java.util.List;

/**
 * Tunnels: which are on, and who may send what through them. {@code externalNodes} are hosts
 * outside the cluster that may too.
 */
public record Encapsulation(
    boolean ipip,
    boolean vxlan,
    int vxlanPort,
    int vxlanVni,
    boolean allowIpipFromWorkloads,
    boolean allowVxlanFromWorkloads,
    List<Prefix> externalNodes) {
  public Encapsulation {
    externalNodes = List.copyOf(externalNodes);
  }
}
