package dev.aviary.emulator.resource;

import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Calico's BGPFilter: rules for routes that come in and go out, by family. The first that matches
 * decides.
 */
public record BgpFilterResource(
    Metadata metadata,
    Source source,
    Map<IpFamily, List<Rule>> imports,
    Map<IpFamily, List<Rule>> exports)
    implements Resource {
  private static final Pattern INTERFACE = Pattern.compile("\\*|[a-zA-Z0-9_.*-]{1,15}");

  public BgpFilterResource {
    imports = Map.copyOf(imports);
    exports = Map.copyOf(exports);
  }

  /** Which way a route goes. */
  public enum Direction {
    IMPORT("import"),
    EXPORT("export");

    private final String text;

    Direction(String text) {
      this.text = text;
    }

    /** As function names have it. */
    public String text() {
      return text;
    }
  }

  /** How a prefix is compared. */
  public enum Operator {
    EQUAL("Equal", "="),
    NOT_EQUAL("NotEqual", "!="),
    IN("In", "~"),
    NOT_IN("NotIn", "!~");

    private final String text;
    private final String bird;

    Operator(String text, String bird) {
      this.text = text;
      this.bird = bird;
    }

    /** As manifests have it. */
    public String text() {
      return text;
    }

    /** As BIRD's configuration has it. */
    public String bird() {
      return bird;
    }
  }

  /** To which kind of peer a rule is limited. */
  public enum PeerType {
    IBGP("iBGP"),
    EBGP("eBGP");

    private final String text;

    PeerType(String text) {
      this.text = text;
    }

    /** As manifests have it. */
    public String text() {
      return text;
    }
  }

  /**
   * What a prefix must be.
   *
   * @param minimum of its length, where that was asked for
   */
  public record PrefixMatch(
      Cidr cidr,
      Operator operator,
      boolean byLength,
      Optional<Integer> minimum,
      Optional<Integer> maximum) {
    /** The least length, never less than the prefix's own. */
    public int least() {
      return Math.max(cidr.prefix().length(), minimum.orElse(0));
    }

    /** The greatest length. */
    public int most() {
      int bits = cidr.prefix().family().bits();
      return Math.min(bits, maximum.orElse(bits));
    }
  }

  /** Something that a rule changes. */
  public sealed interface Operation {
    record AddCommunity(BgpCommunity community) implements Operation {}

    /** The first of {@code path} will be the first of AS_PATH. */
    record PrependAsPath(List<Long> path) implements Operation {
      public PrependAsPath {
        path = List.copyOf(path);
      }
    }

    /** As a metric in the kernel: less is better. */
    record SetPriority(int priority) implements Operation {}
  }

  /**
   * One rule.
   *
   * @param remoteOnly only routes that were learned by BGP
   * @param interfaceName a pattern with * and ?; empty for any
   * @param priority as a metric in the kernel
   */
  public record Rule(
      boolean accept,
      Optional<PrefixMatch> prefix,
      boolean remoteOnly,
      String interfaceName,
      Optional<BgpCommunity> community,
      List<Long> asPathPrefix,
      Optional<Integer> priority,
      Optional<PeerType> peerType,
      List<Operation> operations) {
    public Rule {
      asPathPrefix = List.copyOf(asPathPrefix);
      operations = List.copyOf(operations);
    }

    /** True if it decides every route. */
    public boolean unconditional() {
      return prefix.isEmpty()
          && !remoteOnly
          && interfaceName.isEmpty()
          && community.isEmpty()
          && asPathPrefix.isEmpty()
          && priority.isEmpty()
          && peerType.isEmpty();
    }
  }

  /** Its rules for one family and direction. */
  public List<Rule> rules(Direction direction, IpFamily family) {
    var all =
        switch (direction) {
          case IMPORT -> imports;
          case EXPORT -> exports;
        };
    return all.getOrDefault(family, List.of());
  }

  /** Rules that no route can reach or match, a problem each; Calico takes them silently. */
  public List<Problem> deadRules() {
    var problems = new ArrayList<Problem>();
    for (var direction : Direction.values()) {
      for (var family : IpFamily.values()) {
        var field = "spec." + direction.text() + (family == IpFamily.IPV4 ? "V4" : "V6");
        deadRules(rules(direction, family)).forEach(t -> problems.add(source.problem(field, t)));
      }
    }
    return problems;
  }

  private static List<String> deadRules(List<Rule> rules) {
    var found = new ArrayList<String>();
    int decided = -1;
    for (int i = 0; i < rules.size(); i++) {
      var rule = rules.get(i);
      if (decided >= 0) {
        found.add(
            "rule %d can never match: rule %d decides every route".formatted(i + 1, decided + 1));
      } else if (rule.prefix().filter(p -> p.byLength() && p.least() > p.most()).isPresent()) {
        found.add("rule %d can never match: no prefix has such a length".formatted(i + 1));
      } else if (rule.unconditional()) {
        decided = i;
      }
    }
    return found;
  }

  static BgpFilterResource read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, false);
    var spec = fields.object("spec");
    var imports = new EnumMap<IpFamily, List<Rule>>(IpFamily.class);
    var exports = new EnumMap<IpFamily, List<Rule>>(IpFamily.class);
    imports.put(IpFamily.IPV4, rules(spec, "importV4", IpFamily.IPV4));
    imports.put(IpFamily.IPV6, rules(spec, "importV6", IpFamily.IPV6));
    exports.put(IpFamily.IPV4, rules(spec, "exportV4", IpFamily.IPV4));
    exports.put(IpFamily.IPV6, rules(spec, "exportV6", IpFamily.IPV6));
    spec.done();
    return new BgpFilterResource(metadata, source, imports, exports);
  }

  private static List<Rule> rules(Fields spec, String name, IpFamily family) {
    var found = new ArrayList<Rule>();
    for (var rule : spec.objects(name)) {
      rule.required("action");
      var action = rule.oneOf("action", List.of("Accept", "Reject")).orElse("Reject");
      var source = rule.oneOf("source", List.of("RemotePeers"));
      var link = rule.text("interface", "");
      if (!link.isEmpty() && !INTERFACE.matcher(link).matches()) {
        rule.problem("interface", "must be an interface's name or a pattern, is '" + link + "'");
      }
      found.add(
          new Rule(
              action.equals("Accept"),
              prefix(rule, family),
              source.isPresent(),
              link,
              community(rule),
              asPath(rule, "asPathPrefix"),
              rule.number("priority", 1, Integer.MAX_VALUE),
              rule.oneOf("peerType", PeerType.values(), PeerType::text),
              operations(rule)));
      rule.done();
    }
    return found;
  }

  private static Optional<PrefixMatch> prefix(Fields rule, IpFamily family) {
    var cidr =
        rule.parsed(
            "cidr",
            text -> Cidr.parse(text).filter(c -> c.prefix().family() == family),
            "a prefix of " + family);
    var operator = rule.oneOf("matchOperator", Operator.values(), Operator::text);
    boolean byLength = rule.has("prefixLength");
    var length = rule.object("prefixLength");
    var minimum = length.number("min", 0, family.bits());
    var maximum = length.number("max", 0, family.bits());
    length.done();
    if (rule.has("cidr") != rule.has("matchOperator")) {
      rule.problem(
          rule.has("cidr") ? "cidr" : "matchOperator",
          "CIDR and MatchOperator must both be set or both be empty");
    }
    if (byLength && !rule.has("cidr")) {
      rule.problem("prefixLength", "PrefixLength needs a CIDR");
    }
    if (cidr.isEmpty() || operator.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(new PrefixMatch(cidr.get(), operator.get(), byLength, minimum, maximum));
  }

  private static Optional<BgpCommunity> community(Fields rule) {
    if (!rule.has("communities")) {
      return Optional.empty();
    }
    var communities = rule.object("communities");
    var values = communities.texts("values");
    communities.done();
    if (values.size() != 1) {
      communities.problem("values", "must be one community");
      return Optional.empty();
    }
    var parsed = BgpCommunity.parse(values.getFirst());
    if (parsed.isEmpty()) {
      communities.problem("values", "must be " + BgpCommunity.EXPECTED);
    }
    return parsed;
  }

  private static List<Long> asPath(Fields fields, String name) {
    var found = new ArrayList<Long>();
    for (var text : fields.texts(name)) {
      AsNumbers.parse(text)
          .ifPresentOrElse(found::add, () -> fields.problem(name, "must be AS numbers"));
    }
    return found;
  }

  private static List<Operation> operations(Fields rule) {
    var found = new ArrayList<Operation>();
    for (var operation : rule.objects("operations")) {
      int before = found.size();
      if (operation.has("addCommunity")) {
        var add = operation.object("addCommunity");
        add.required("value");
        add.parsed("value", BgpCommunity::parse, BgpCommunity.EXPECTED)
            .ifPresent(community -> found.add(new Operation.AddCommunity(community)));
        add.done();
      }
      if (operation.has("prependASPath")) {
        var prepend = operation.object("prependASPath");
        found.add(new Operation.PrependAsPath(asPath(prepend, "prefix")));
        prepend.done();
      }
      if (operation.has("setPriority")) {
        var set = operation.object("setPriority");
        set.required("value");
        set.number("value", 1, Integer.MAX_VALUE)
            .ifPresent(priority -> found.add(new Operation.SetPriority(priority)));
        set.done();
      }
      operation.done();
      if (found.size() != before + 1 && !rule.hasProblems()) {
        rule.problem("operations", "must each be one of addCommunity, prependASPath, setPriority");
      }
    }
    return found;
  }
}
