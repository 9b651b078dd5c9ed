package dev.aviary.kubeproxy;

import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.Kernel;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * kube-proxy of one family on one node. The first {@link #apply} writes everything; later ones
 * write the chains that changed. {@link #resync} is its periodic look at the canary.
 */
public final class KubeProxy {
  /** More endpoints than this, and the many rules go without comments. */
  private static final int LARGE_CLUSTER = 1000;

  private static final String CANARY = "KUBE-PROXY-CANARY";
  private static final List<String> CANARY_TABLES = List.of("mangle", "nat", "filter");

  private final KubeProxyConfig config;
  private final Kernel kernel;
  private final ServicePorts servicePorts;
  private Written written = Written.NOTHING;

  /** What the kernel was last told, and by which inputs. */
  private record Written(
      @Nullable ServiceInputs inputs,
      Map<String, ServiceUnit> units,
      ServiceRules.@Nullable Setting setting) {
    static final Written NOTHING = new Written(null, Map.of(), null);
  }

  public KubeProxy(KubeProxyConfig config, Kernel kernel) {
    this.config = config;
    this.kernel = kernel;
    this.servicePorts = new ServicePorts(config);
  }

  /** Makes the kernel what {@code inputs} ask for; equal inputs cost little and change nothing. */
  public void apply(ServiceInputs inputs) {
    var shared = new SharedRules(config, hostAddresses());
    var units = units(inputs);
    int endpoints = units.values().stream().mapToInt(ServiceUnit::endpointCount).sum();
    var setting =
        new ServiceRules.Setting(
            config, inputs.node(), shared.hasNodeAddress(), endpoints > LARGE_CLUSTER);
    boolean full = !setting.equals(written.setting());
    units.replaceAll((_, unit) -> full || unit.isWithoutRules() ? unit.withRules(setting) : unit);
    if (full) {
      writeAll(shared, units);
    } else {
      write(PartialRestore.text(written.units(), units, shared));
    }
    forget(written.units(), units);
    written = new Written(inputs, units, setting);
  }

  /** Writes everything again if someone took the canary away. */
  public void resync() {
    var inputs = written.inputs();
    var tables = new IptablesTables(kernel, config.family());
    if (inputs != null && !tables.chains("mangle").contains(CANARY)) {
      written = new Written(inputs, written.units(), null);
      apply(inputs);
    }
  }

  private Map<String, ServiceUnit> units(ServiceInputs inputs) {
    var slices = servicePorts.byService(inputs.slices());
    var units = new LinkedHashMap<String, ServiceUnit>(inputs.services().size() * 2);
    for (var service : inputs.services()) {
      var key = service.namespace() + "/" + service.name();
      var own = slices.getOrDefault(key, List.of());
      var before = written.units().get(key);
      units.put(
          key,
          before != null && before.isOf(service, own)
              ? before
              : ServiceUnit.of(service, own, servicePorts.of(service, own, inputs.node())));
    }
    return units;
  }

  private List<IpAddress> hostAddresses() {
    var addresses = new ArrayList<IpAddress>();
    for (var link : kernel.links().list()) {
      link.addresses(config.family()).stream()
          .map(InterfaceAddress::address)
          .forEach(addresses::add);
    }
    return addresses;
  }

  private void writeAll(SharedRules shared, Map<String, ServiceUnit> units) {
    settings();
    var tables = new IptablesTables(kernel, config.family());
    CANARY_TABLES.forEach(table -> tables.ensureChain(table, CANARY));
    for (var jump : JumpRule.of(config, shared.protectsLocalnet())) {
      tables.ensureChain(jump.table(), jump.target());
      tables.ensureFirst(jump.table(), jump.from(), jump.rule());
    }
    if (config.version().atLeast(20) && !config.version().atLeast(25)) {
      // kubelet fills it; without it no rule could name it.
      tables.ensureChain("nat", KubeletChains.MARK_DROP);
    }
    Set<String> stale = new TreeSet<>(tables.chains("nat"));
    stale.removeIf(chain -> !ServiceNames.isPerService(chain));
    var rules = new ArrayList<PortRules>();
    units.values().forEach(unit -> rules.addAll(unit.rules()));
    rules.forEach(port -> stale.removeAll(new LinkedHashSet<>(port.chains())));
    tables.commit();
    write(RestoreText.full(shared, rules, stale));
  }

  private void write(String text) {
    if (!text.isEmpty()) {
      IptablesTables.restore(kernel, config.family(), text);
    }
  }

  /** So that node ports can be reached by 127.0.0.1, and conntrack keeps connections for a day. */
  private void settings() {
    boolean byLoopback =
        config.nodePortAddresses().isEmpty()
            || config.nodePortAddresses().stream().anyMatch(n -> n.address().isLoopback());
    var version = config.version();
    if (!version.atLeast(24)
        || (byLoopback
            && (!version.atLeast(26) || config.localhostNodePorts())
            && (!version.atLeast(28) || config.family() == IpFamily.IPV4))) {
      kernel.sysctls().set("net.ipv4.conf.all.route_localnet", 1);
    }
    kernel.sysctls().set("net.netfilter.nf_conntrack_tcp_timeout_established", 86400);
    kernel.sysctls().set("net.netfilter.nf_conntrack_tcp_timeout_close_wait", 3600);
  }

  private void forget(Map<String, ServiceUnit> before, Map<String, ServiceUnit> after) {
    var old = new ArrayList<ServicePort>();
    before.forEach(
        (key, unit) -> {
          if (!unit.equals(after.get(key))) {
            old.addAll(unit.ports());
          }
        });
    var current = new ArrayList<ServicePort>();
    after.forEach(
        (key, unit) -> {
          if (!unit.equals(before.get(key))) {
            current.addAll(unit.ports());
          }
        });
    var cleanup = new ConntrackCleanup(config);
    for (var flows :
        cleanup.between(ConntrackCleanup.byKey(old), ConntrackCleanup.byKey(current))) {
      kernel.conntrack().delete(flows::match);
    }
  }
}
