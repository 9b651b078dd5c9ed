package dev.aviary.felix;

import dev.aviary.felix.calc.ActiveWorkload;
import dev.aviary.felix.calc.DesiredState;
import dev.aviary.felix.calc.DesiredStateRenderer;
import dev.aviary.felix.calc.FelixConfig;
import dev.aviary.felix.calc.HostState;
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
  private final PolicyCalculator policies = new PolicyCalculator();
  private final InterfaceManager interfaces;
  private final TunnelManager tunnels;
  private final ConntrackManager conntrack;
  private final List<Family> families = new ArrayList<>();
  private Calculated calculated = Calculated.NOTHING;

  private record Family(
      DesiredStateRenderer renderer, IpSetManager sets, RouteManager routes, ChainManager chains) {}

  /** What was calculated last, one state a family, and from what. */
  private record Calculated(
      Inputs inputs, HostState host, List<ActiveWorkload> workloads, List<DesiredState> states) {
    static final Calculated NOTHING =
        new Calculated(Inputs.none(""), HostState.unknown(), List.of(), List.of());

    boolean isOf(Inputs inputs, HostState host) {
      return this.inputs.equals(inputs) && this.host.equals(host);
    }
  }

  public Felix(FelixConfig config, Kernel kernel) {
    interfaces = new InterfaceManager(kernel, config);
    tunnels = new TunnelManager(kernel, config);
    conntrack = new ConntrackManager(kernel);
    for (var family : IpFamily.values()) {
      if (family == IpFamily.IPV4 || config.ipv6Support()) {
        families.add(
            new Family(
                new DesiredStateRenderer(config, family),
                new IpSetManager(kernel, family, config.maxIpSetSize()),
                new RouteManager(kernel, family, config),
                new ChainManager(kernel, family, config.insertHooks())));
      }
    }
  }

  /** Makes the kernel what {@code inputs} ask for. */
  public void apply(Inputs inputs) {
    interfaces.forward();
    tunnels.apply(inputs);
    var host = interfaces.read();
    if (!calculated.isOf(inputs, host)) {
      var intent = policies.intent(inputs, host);
      calculated =
          new Calculated(
              inputs,
              host,
              intent.workloads(),
              families.stream().map(f -> f.renderer().render(intent, host)).toList());
    }
    interfaces.configure(calculated.workloads());
    for (int i = 0; i < families.size(); i++) {
      apply(families.get(i), calculated.states().get(i));
    }
  }

  /** Sets are there before the rules that name them, and go after. */
  private void apply(Family family, DesiredState desired) {
    family.sets().write(desired.ipSets());
    conntrack.forget(family.routes().apply(desired.routes()));
    family.chains().apply(desired.tables());
    family.sets().deleteOthers(desired.ipSets());
  }
}
