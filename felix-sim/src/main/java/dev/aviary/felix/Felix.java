package dev.aviary.felix;

import dev.aviary.felix.calc.DesiredState;
import dev.aviary.felix.calc.FelixConfig;
import dev.aviary.felix.calc.Inputs;
import dev.aviary.felix.calc.PolicyCalculator;
import dev.aviary.felix.dataplane.ChainManager;
import dev.aviary.felix.dataplane.ConntrackManager;
import dev.aviary.felix.dataplane.InterfaceManager;
import dev.aviary.felix.dataplane.IpSetManager;
import dev.aviary.felix.dataplane.RouteManager;
import dev.aviary.felix.dataplane.TunnelManager;
import dev.aviary.kernel.Kernel;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.List;

/**
 * Felix on one host. {@link #apply} compares the kernel with what the inputs ask for and writes the
 * difference: it may be called at any time, and what somebody else deleted or changed of Felix's is
 * put right. Nothing is remembered that the kernel can't tell, so a new Felix takes over from an
 * old one.
 */
public final class Felix {
  private final FelixConfig config;
  private final InterfaceManager interfaces;
  private final TunnelManager tunnels;
  private final ConntrackManager conntrack;
  private final List<Family> families = new ArrayList<>();

  private record Family(
      IpFamily family, IpSetManager sets, RouteManager routes, ChainManager chains) {}

  public Felix(FelixConfig config, Kernel kernel) {
    this.config = config;
    interfaces = new InterfaceManager(kernel, config);
    tunnels = new TunnelManager(kernel, config);
    conntrack = new ConntrackManager(kernel);
    for (var family : IpFamily.values()) {
      if (family == IpFamily.IPV4 || config.ipv6Support()) {
        families.add(
            new Family(
                family,
                new IpSetManager(kernel, family, config.maxIpSetSize()),
                new RouteManager(kernel, family, config),
                new ChainManager(kernel, family, config.insertHooks())));
      }
    }
  }

  /** Makes the kernel what {@code inputs} ask for. */
  public void apply(Inputs inputs) {
    interfaces.forward();
    var host = interfaces.read();
    var intent = PolicyCalculator.intent(inputs, host);
    interfaces.configure(intent.workloads());
    tunnels.apply(intent);
    for (var family : families) {
      apply(family, DesiredState.of(config, family.family(), intent, host));
    }
  }

  /** Sets are there before the rules that name them, and go after. */
  private void apply(Family family, DesiredState desired) {
    family.sets().write(desired.ipSets());
    conntrack.forget(family.routes().apply(desired.routes()));
    desired.tables().forEach(family.chains()::apply);
    family.sets().deleteOthers(desired.ipSets());
  }
}
