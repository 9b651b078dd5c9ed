package dev.aviary.emulator.node;

import dev.aviary.emulator.resource.BgpCommunity;
import dev.aviary.emulator.resource.BgpConfigurationResource;
import dev.aviary.emulator.resource.BgpConfigurationResource.PrefixAdvertisement;
import dev.aviary.emulator.resource.Cidr;
import dev.aviary.emulator.resource.Resources;
import dev.aviary.net.IpFamily;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Routes inside {@code cidr} leave with these communities, sorted as texts. */
public record CommunityRule(Cidr cidr, List<BgpCommunity> communities) {
  public CommunityRule {
    communities = List.copyOf(communities);
  }

  /**
   * Those of one node: its own configuration's, else the cluster's. One of its own that speaks only
   * of the other family hides the cluster's too.
   */
  static List<CommunityRule> of(Resources resources, String node, IpFamily family) {
    var config =
        BgpConfigProcessor.ofNode(resources, node)
            .filter(c -> c.prefixAdvertisements().isPresent())
            .or(() -> NodeFacts.defaults(resources));
    return config.stream()
        .flatMap(
            c ->
                c.prefixAdvertisements().orElse(List.of()).stream()
                    .filter(a -> a.cidr().prefix().family() == family)
                    .map(a -> of(c, a)))
        .toList();
  }

  private static CommunityRule of(
      BgpConfigurationResource config, PrefixAdvertisement advertisement) {
    var values = new TreeSet<String>();
    for (var name : advertisement.communities()) {
      if (BgpCommunity.parse(name).isPresent()) {
        values.add(name);
      } else {
        Optional.ofNullable(config.communities().get(name)).ifPresent(values::add);
      }
    }
    return new CommunityRule(
        advertisement.cidr(),
        values.stream().flatMap(value -> BgpCommunity.parse(value).stream()).toList());
  }
}
