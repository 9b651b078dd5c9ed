package dev.aviary.emulator.confd;

import dev.aviary.emulator.node.NodeBgp;
import dev.aviary.emulator.node.PeeringPlan.PlannedPeer;
import dev.aviary.emulator.resource.BgpFilterResource;
import dev.aviary.emulator.resource.BgpFilterResource.Direction;
import dev.aviary.emulator.resource.BgpFilterResource.Operation;
import dev.aviary.emulator.resource.BgpFilterResource.Operation.AddCommunity;
import dev.aviary.emulator.resource.BgpFilterResource.Operation.PrependAsPath;
import dev.aviary.emulator.resource.BgpFilterResource.Operation.SetPriority;
import dev.aviary.emulator.resource.BgpFilterResource.PrefixMatch;
import dev.aviary.emulator.resource.BgpFilterResource.Rule;
import dev.aviary.net.IpFamily;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/** BGPFilters as functions of BIRD's filter language, and the calls of them. */
final class FilterFunctions {
  /** BIRD's limit of 64 for a symbol, less "bgp_" and "_importFilterV4". */
  private static final int LONGEST_NAME = 45;

  private static final int HASH_LENGTH = 16;

  private FilterFunctions() {}

  /** The definitions for one family, or the comment that there are none. */
  static String definitions(NodeBgp bgp) {
    var version = CommonText.number(bgp.family());
    var out = new StringBuilder();
    for (var filter : bgp.filters()) {
      var name = filter.metadata().name();
      boolean first = true;
      for (var direction : Direction.values()) {
        var rules = filter.rules(direction, bgp.family());
        if (rules.isEmpty()) {
          continue;
        }
        if (first) {
          out.append("# v").append(version).append(" BGPFilter ").append(name).append('\n');
          first = false;
        }
        out.append("function ").append(function(name, direction, bgp.family()));
        out.append(asksPeerType(rules) ? "(bool is_same_as) {\n" : "() {\n");
        rules.forEach(rule -> out.append("  ").append(statement(rule)).append('\n'));
        out.append("}\n");
      }
    }
    return out.isEmpty() ? "# No v" + version + " BGPFilters configured\n" : out.toString();
  }

  /** The calls of a peer's filters, a line each; those that are missing are left out. */
  static List<String> calls(NodeBgp bgp, PlannedPeer peer, Direction direction) {
    var calls = new ArrayList<String>();
    for (var name : peer.options().filters()) {
      var rules =
          bgp.filter(name)
              .map((BgpFilterResource f) -> f.rules(direction, bgp.family()))
              .orElse(List.of());
      if (!rules.isEmpty()) {
        var argument = asksPeerType(rules) ? Boolean.toString(peer.internal()) : "";
        calls.add(function(name, direction, bgp.family()) + "(" + argument + ");");
      }
    }
    return calls;
  }

  private static boolean asksPeerType(List<Rule> rules) {
    return rules.stream().anyMatch(rule -> rule.peerType().isPresent());
  }

  private static String function(String name, Direction direction, IpFamily family) {
    return "'bgp_%s_%sFilterV%s'"
        .formatted(shortened(name), direction.text(), CommonText.number(family));
  }

  private static String shortened(String name) {
    if (name.length() <= LONGEST_NAME) {
      return name;
    }
    try {
      var digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return name.substring(0, LONGEST_NAME - HASH_LENGTH - 1)
          + "_"
          + HexFormat.of().withUpperCase().formatHex(digest).substring(0, HASH_LENGTH);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static String statement(Rule rule) {
    var conditions = conditions(rule);
    var words = new ArrayList<String>();
    rule.operations().forEach(operation -> words.addAll(operation(operation)));
    words.add(rule.accept() ? "accept;" : "reject;");
    var body = String.join(" ", words);
    var text =
        conditions.isEmpty()
            ? body
            : "if (" + String.join("&&", conditions) + ") then { " + body + " }";
    return rule.peerType()
        .map(
            type ->
                switch (type) {
                  case IBGP -> "if (is_same_as) then { " + text + " }";
                  case EBGP -> "if (!is_same_as) then { " + text + " }";
                })
        .orElse(text);
  }

  private static List<String> conditions(Rule rule) {
    var found = new ArrayList<String>();
    rule.prefix().ifPresent(match -> found.add(prefix(match)));
    if (rule.remoteOnly()) {
      found.add("((defined(source))&&(source ~ [ RTS_BGP ]))");
    }
    if (!rule.interfaceName().isEmpty()) {
      found.add("((defined(ifname))&&(ifname ~ \"" + rule.interfaceName() + "\"))");
    }
    rule.community()
        .ifPresent(
            community ->
                found.add(
                    "(%s ~ %s)"
                        .formatted(
                            community.birdText(),
                            community.large() ? "bgp_large_community" : "bgp_community")));
    if (!rule.asPathPrefix().isEmpty()) {
      found.add(
          "(bgp_path ~ [= %s * =])"
              .formatted(
                  rule.asPathPrefix().stream()
                      .map(String::valueOf)
                      .collect(Collectors.joining(" "))));
    }
    rule.priority()
        .ifPresent(
            priority ->
                found.add(
                    "(defined(bgp_local_pref)&&(bgp_local_pref = %d))"
                        .formatted(NodeBgp.PRIORITY_BASE - priority)));
    return found;
  }

  private static String prefix(PrefixMatch match) {
    var cidr =
        match.byLength()
            ? "[ %s{%d,%d} ]".formatted(match.cidr(), match.least(), match.most())
            : match.cidr().text();
    return "(net " + match.operator().bird() + " " + cidr + ")";
  }

  private static List<String> operation(Operation operation) {
    return switch (operation) {
      case AddCommunity(var community) -> List.of(CommonText.add(community));
      // BIRD puts each in front of the others, so the last is said first.
      case PrependAsPath(var path) ->
          path.reversed().stream().map(as -> "bgp_path.prepend(" + as + ");").toList();
      case SetPriority(var priority) ->
          List.of("bgp_local_pref = " + (NodeBgp.PRIORITY_BASE - priority) + ";");
    };
  }
}
