package dev.aviary.emulator.speaker;

import dev.aviary.bgp.rib.NextHopResolver;
import dev.aviary.emulator.resource.Fields;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import dev.aviary.net.PrefixMap;
import java.util.Optional;

/** What a file says about how far next hops are: the longest prefix that contains one decides. */
final class NextHopCosts implements NextHopResolver {
  private final PrefixMap<Integer> costs;

  private NextHopCosts(PrefixMap<Integer> costs) {
    this.costs = costs;
  }

  /** Empty where the file says nothing: then everything is near. */
  static Optional<NextHopResolver> read(Fields file) {
    if (!file.has("nextHops")) {
      return Optional.empty();
    }
    var costs = new PrefixMap<Integer>();
    for (var each : file.objects("nextHops")) {
      var prefix = each.parsed("prefix", Prefix::parse, "a prefix");
      if (!each.has("prefix")) {
        each.problem("prefix", "is required");
      }
      int cost = each.number("cost", 0, UNKNOWN - 1).orElse(0);
      prefix.ifPresent(p -> costs.put(p, cost));
      each.done();
    }
    return Optional.of(new NextHopCosts(costs));
  }

  @Override
  public int cost(IpAddress nextHop) {
    var found = costs.longestMatch(nextHop);
    return found == null ? UNREACHABLE : found.getValue();
  }
}
