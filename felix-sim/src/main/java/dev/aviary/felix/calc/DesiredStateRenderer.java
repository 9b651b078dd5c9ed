package dev.aviary.felix.calc;

import dev.aviary.felix.calc.Rendering.ChainKey;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;

/**
 * Renders intents for one family. What it remembers from one rendering to the next only saves time.
 */
public final class DesiredStateRenderer {
  private final FelixConfig config;
  private final IpFamily family;
  private final Memo<ChainKey, Chain> memo = new Memo<>();

  public DesiredStateRenderer(FelixConfig config, IpFamily family) {
    this.config = config;
    this.family = family;
  }

  /** The tables, sets and routes that {@code intent} asks for. */
  public DesiredState render(Intent intent, HostState host) {
    var rendering = new Rendering(config, config.marks(), family, intent, memo);
    var state =
        new DesiredState(
            family,
            List.of(
                new RawTable(rendering).render(),
                new MangleTable(rendering).render(),
                new NatTable(rendering).render(),
                new FilterTable(rendering).render()),
            sets(rendering, host),
            new RouteCalculator(config, intent, family, host).routes());
    memo.sweep();
    return state;
  }

  private static List<IpSet> sets(Rendering rendering, HostState host) {
    var family = rendering.family();
    var intent = rendering.intent();
    var encapsulation = rendering.config().encapsulation();
    var sets = new ArrayList<IpSet>();
    sets.add(nets(family, IpSetNames.ALL_POOLS, pools(intent.pools())));
    sets.add(
        nets(
            family,
            IpSetNames.MASQUERADED_POOLS,
            pools(intent.pools().stream().filter(Pool::natOutgoing).toList())));
    if (!host.localAddresses().isEmpty()) {
      sets.add(
          IpSet.of(
              family,
              IpSetNames.THIS_HOST,
              IpSet.Type.HASH_IP,
              host.localAddresses().stream()
                  .filter(a -> a.family() == family)
                  .map(IpAddress::toString)
                  .toList()));
    }
    if (family == IpFamily.IPV4 && encapsulation.ipip()) {
      sets.add(nets(family, IpSetNames.ALL_HOSTS, hosts(rendering, true)));
    }
    if (family == IpFamily.IPV4 && encapsulation.vxlan()) {
      sets.add(nets(family, IpSetNames.ALL_VXLAN, hosts(rendering, false)));
    }
    intent.ipSets().stream().filter(set -> set.family() == family).forEach(sets::add);
    return sets;
  }

  private static List<Prefix> pools(List<Pool> pools) {
    return pools.stream().map(Pool::cidr).toList();
  }

  /** IPIP knows every node, VXLAN the other ends only. */
  private static List<Prefix> hosts(Rendering rendering, boolean ipip) {
    var nets = new ArrayList<>(rendering.config().encapsulation().externalNodes());
    for (var host : rendering.intent().hosts()) {
      boolean own = host.name().equals(rendering.intent().hostname());
      if (ipip || (!own && host.vtep().isPresent())) {
        host.ipv4().map(IpAddress::toPrefix).ifPresent(nets::add);
      }
    }
    return nets;
  }

  private static IpSet nets(IpFamily family, String id, Collection<Prefix> nets) {
    var members = new TreeSet<String>();
    nets.stream()
        .filter(net -> net.family() == family)
        .forEach(net -> members.addAll(IpSetCalculator.netTexts(net)));
    return IpSet.of(family, id, IpSet.Type.HASH_NET, members);
  }
}
