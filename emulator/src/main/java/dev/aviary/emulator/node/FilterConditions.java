package dev.aviary.emulator.node;

import dev.aviary.bgp.policy.Change;
import dev.aviary.bgp.policy.Condition;
import dev.aviary.bgp.policy.PrefixList;
import dev.aviary.bgp.policy.Statement;
import dev.aviary.bgp.policy.Statement.Outcome;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.Community;
import dev.aviary.emulator.node.PeeringPlan.PlannedPeer;
import dev.aviary.emulator.resource.BgpCommunity;
import dev.aviary.emulator.resource.BgpFilterResource;
import dev.aviary.emulator.resource.BgpFilterResource.Direction;
import dev.aviary.emulator.resource.BgpFilterResource.Operation;
import dev.aviary.emulator.resource.BgpFilterResource.Operation.AddCommunity;
import dev.aviary.emulator.resource.BgpFilterResource.Operation.PrependAsPath;
import dev.aviary.emulator.resource.BgpFilterResource.Operation.SetPriority;
import dev.aviary.emulator.resource.BgpFilterResource.PeerType;
import dev.aviary.emulator.resource.BgpFilterResource.PrefixMatch;
import dev.aviary.emulator.resource.BgpFilterResource.Rule;
import dev.aviary.net.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** BGPFilters as statements of a policy. */
final class FilterConditions {
  private final NodeBgp bgp;
  private final NextHops nextHops;

  FilterConditions(NodeBgp bgp, NextHops nextHops) {
    this.bgp = bgp;
    this.nextHops = nextHops;
  }

  /** Adds the filters of {@code peer} in their order; those that are missing are left out. */
  void add(PlannedPeer peer, Direction direction, NamedPolicy.Builder into) {
    for (var name : peer.options().filters()) {
      var rules =
          bgp.filter(name)
              .map((BgpFilterResource f) -> f.rules(direction, bgp.family()))
              .orElse(List.of());
      int number = 0;
      for (var rule : rules) {
        number++;
        if (rule.peerType().filter(type -> peer.internal() != (type == PeerType.IBGP)).isEmpty()) {
          into.add(
              "BGPFilter %s, %s rule %d".formatted(name, direction.text(), number),
              statement(rule));
        }
      }
    }
  }

  private Statement statement(Rule rule) {
    return new Statement(
        conditions(rule),
        rule.operations().stream().flatMap(operation -> changes(operation).stream()).toList(),
        rule.accept() ? Outcome.ACCEPT : Outcome.REJECT);
  }

  private List<Condition> conditions(Rule rule) {
    var found = new ArrayList<Condition>();
    rule.prefix().ifPresent(match -> found.add(prefix(match)));
    if (rule.remoteOnly()) {
      found.add(new Condition.Not(new Condition.IsLocal()));
    }
    if (!rule.interfaceName().isEmpty()) {
      found.add(new Condition.NextHopIn(new Through(rule.interfaceName(), nextHops)));
    }
    rule.community().ifPresent(community -> found.add(has(community)));
    if (!rule.asPathPrefix().isEmpty()) {
      found.add(
          new Condition.AsPathStartsWith(rule.asPathPrefix().stream().map(AsNumber::of).toList()));
    }
    rule.priority()
        .map(priority -> NodeBgp.PRIORITY_BASE - priority)
        .ifPresent(value -> found.add(new Condition.LocalPrefWithin(value, value)));
    return found;
  }

  private static Condition prefix(PrefixMatch match) {
    var prefix = match.cidr().prefix();
    var entry =
        match.byLength()
            ? new PrefixList.Entry(prefix, match.least(), Math.max(match.least(), match.most()))
            : switch (match.operator()) {
              case EQUAL, NOT_EQUAL -> PrefixList.exactly(prefix);
              case IN, NOT_IN -> PrefixList.within(prefix);
            };
    var in = new Condition.PrefixIn(PrefixList.of(entry));
    return switch (match.operator()) {
      case EQUAL, IN -> in;
      case NOT_EQUAL, NOT_IN -> new Condition.Not(in);
    };
  }

  private static Condition has(BgpCommunity community) {
    var parts = community.parts();
    return community.large()
        ? new Condition.HasLargeCommunity(BgpPolicies.large(community))
        : new Condition.HasCommunity(
            new Community((int) (parts.getFirst() << 16 | parts.getLast())));
  }

  private static List<Change> changes(Operation operation) {
    return switch (operation) {
      case AddCommunity(var community) -> List.of(BgpPolicies.add(community));
      case PrependAsPath(var path) ->
          path.reversed().stream()
              .<Change>map(as -> new Change.Prepend(AsNumber.of(as), 1))
              .toList();
      case SetPriority(var priority) ->
          List.of(new Change.SetLocalPref(NodeBgp.PRIORITY_BASE - priority));
    };
  }

  /** Next hops that are reached through an interface whose name matches BIRD's pattern. */
  private record Through(String pattern, NextHops nextHops)
      implements Condition.NextHopIn.Selection {
    @Override
    public boolean contains(IpAddress nextHop) {
      return nextHops.resolve(nextHop).filter(hop -> matches(pattern, hop.device())).isPresent();
    }

    private static boolean matches(String pattern, String text) {
      if (pattern.isEmpty()) {
        return text.isEmpty();
      }
      return switch (pattern.charAt(0)) {
        case '*' ->
            matches(pattern.substring(1), text)
                || (!text.isEmpty() && matches(pattern, text.substring(1)));
        case '?' -> !text.isEmpty() && matches(pattern.substring(1), text.substring(1));
        default ->
            !text.isEmpty()
                && text.charAt(0) == pattern.charAt(0)
                && matches(pattern.substring(1), text.substring(1));
      };
    }
  }
}
