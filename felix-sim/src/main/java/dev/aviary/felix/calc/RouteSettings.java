package dev.aviary.felix.calc;

import dev.aviary.net.IpAddress;
import java.util.Optional;

/**
 * How Felix's routes look. {@code protocol} is the kernel's number of who put them there; {@code
 * removeExternal} lets Felix delete routes of others on workload interfaces.
 */
public record RouteSettings(int protocol, Optional<IpAddress> source, boolean removeExternal) {
  /** The kernel's RTPROT_BOOT. */
  static final int BOOT = 3;

  /** What tunnel-less and blackhole routes get while {@link #protocol} is left at boot. */
  private static final int VXLAN_DEFAULT = 80;

  public int vxlanProtocol() {
    return protocol == BOOT ? VXLAN_DEFAULT : protocol;
  }
}
