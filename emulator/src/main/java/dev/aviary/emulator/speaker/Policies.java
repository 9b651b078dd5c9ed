package dev.aviary.emulator.speaker;

import dev.aviary.bgp.policy.Change;
import dev.aviary.bgp.policy.Condition;
import dev.aviary.bgp.policy.Policy;
import dev.aviary.bgp.policy.PrefixList;
import dev.aviary.bgp.policy.Statement;
import dev.aviary.bgp.policy.Statement.Outcome;
import dev.aviary.bgp.route.Community;
import dev.aviary.bgp.route.LargeCommunity;
import dev.aviary.bgp.route.Origin;
import dev.aviary.emulator.resource.Fields;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.regex.Pattern;

/** The prefix lists and policies of a file, by name; {@code accept} and {@code reject} exist. */
final class Policies {
  private static final String COMMUNITY = "a community, such as 64512:100";
  private static final String LARGE_COMMUNITY = "a large community, such as 64512:1:2";

  /** BIRD's spelling: a prefix with its lengths, or with + for all inside it. */
  private static final Pattern ENTRY =
      Pattern.compile("([^{+]+)(?:(\\+)|\\{([0-9]{1,3}),([0-9]{1,3})})?");

  private final Map<String, PrefixList> lists = new HashMap<>();
  private final Map<String, Policy> policies = new HashMap<>();

  /** Next hops whose addresses are in {@code list}. */
  private record Listed(PrefixList list) implements Condition.NextHopIn.Selection {
    @Override
    public boolean contains(IpAddress nextHop) {
      return list.contains(nextHop.toPrefix());
    }
  }

  private Policies() {
    policies.put("accept", Policy.ACCEPT);
    policies.put("reject", Policy.REJECT);
  }

  static Policies read(Fields file) {
    var read = new Policies();
    var lists = file.object("prefixLists");
    for (var name : lists.names()) {
      read.lists.put(name, prefixes(lists, name));
    }
    var named = file.object("policies");
    for (var name : named.names()) {
      var statements = named.objects(name).stream().map(read::statement).toList();
      read.policies.put(name, new Policy(name, statements, Policy.Otherwise.REJECT));
    }
    return read;
  }

  /** The policy that {@code fields} names; empty where it names none. */
  Optional<Policy> named(Fields fields, String field) {
    return fields.parsed(
        field, name -> Optional.ofNullable(policies.get(name)), "accept, reject or a policy here");
  }

  private static PrefixList prefixes(Fields fields, String name) {
    return new PrefixList(
        each(fields, name, Policies::entry, "a prefix, such as 10.0.0.0/8, 10.0.0.0/8{16,24}"));
  }

  private static Optional<PrefixList.Entry> entry(String text) {
    var parts = ENTRY.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    var prefix = Prefix.parse(parts.group(1));
    if (parts.group(2) != null) {
      return prefix.map(PrefixList::within);
    }
    if (parts.group(3) == null) {
      return prefix.map(PrefixList::exactly);
    }
    int least = Integer.parseInt(parts.group(3));
    int most = Integer.parseInt(parts.group(4));
    return prefix
        .filter(p -> least <= most && most <= p.family().bits())
        .map(p -> new PrefixList.Entry(p, least, most));
  }

  /** All of a list that can be read; the rest is reported. */
  static <T> List<T> each(
      Fields fields, String name, Function<String, Optional<T>> parser, String expected) {
    var found = new ArrayList<T>();
    for (var text : fields.texts(name)) {
      var value = parser.apply(text);
      value.ifPresent(found::add);
      if (value.isEmpty()) {
        fields.problem(name, "must be " + expected + ", is '" + text + "'");
      }
    }
    return found;
  }

  private Statement statement(Fields fields) {
    var conditions = conditions(fields.object("match"));
    var changes = changes(fields.object("set"));
    var outcome = fields.oneOf("action", Outcome.values(), o -> o.name().toLowerCase(Locale.ROOT));
    if (!fields.has("action")) {
      fields.problem("action", "is required");
    }
    fields.done();
    return new Statement(conditions, changes, outcome.orElse(Outcome.REJECT));
  }

  private List<Condition> conditions(Fields match) {
    var found = new ArrayList<Condition>();
    match
        .parsed("prefixList", n -> Optional.ofNullable(lists.get(n)), "one of the prefixLists here")
        .ifPresent(list -> found.add(new Condition.PrefixIn(list)));
    if (match.has("prefixes")) {
      found.add(new Condition.PrefixIn(prefixes(match, "prefixes")));
    }
    match
        .oneOf("family", IpFamily.values(), f -> f.name().toLowerCase(Locale.ROOT))
        .ifPresent(family -> found.add(new Condition.FamilyIs(family)));
    each(match, "communities", Community::parse, COMMUNITY)
        .forEach(community -> found.add(new Condition.HasCommunity(community)));
    each(match, "largeCommunities", LargeCommunity::parse, LARGE_COMMUNITY)
        .forEach(community -> found.add(new Condition.HasLargeCommunity(community)));
    match
        .parsed("asPathContains", Values::as, Values.AS)
        .ifPresent(as -> found.add(new Condition.AsPathContains(as)));
    match
        .parsed("neighborAs", Values::as, Values.AS)
        .ifPresent(as -> found.add(new Condition.NeighborAsIs(as)));
    if (match.has("asPathLength")) {
      var length = match.object("asPathLength");
      int least = length.number("min", 0, Integer.MAX_VALUE).orElse(0);
      int most = length.number("max", 0, Integer.MAX_VALUE).orElse(Integer.MAX_VALUE);
      length.done();
      found.add(new Condition.AsPathLength(least, most));
    }
    within(match, "localPref", Condition.LocalPrefWithin::new).ifPresent(found::add);
    within(match, "med", Condition.MedWithin::new).ifPresent(found::add);
    if (match.has("nextHops")) {
      found.add(new Condition.NextHopIn(new Listed(prefixes(match, "nextHops"))));
    }
    origin(match).ifPresent(origin -> found.add(new Condition.OriginIs(origin)));
    switchOf(match, "local", new Condition.IsLocal()).ifPresent(found::add);
    switchOf(match, "external", new Condition.IsExternal()).ifPresent(found::add);
    match.text("source").ifPresent(name -> found.add(new Condition.FromSource(name)));
    if (match.has("not")) {
      conditions(match.object("not")).forEach(inner -> found.add(new Condition.Not(inner)));
    }
    var any = match.objects("any").stream().flatMap(inner -> conditions(inner).stream()).toList();
    if (!any.isEmpty()) {
      found.add(new Condition.AnyOf(any));
    }
    match.done();
    return found;
  }

  /** A range of numbers that are to be read unsigned. */
  private static Optional<Condition> within(
      Fields match, String name, BiFunction<Integer, Integer, Condition> condition) {
    if (!match.has(name)) {
      return Optional.empty();
    }
    var range = match.object(name);
    int least = Values.unsigned(range, "min").orElse(0);
    int most = Values.unsigned(range, "max").orElse(-1);
    range.done();
    return Optional.of(condition.apply(least, most));
  }

  private static Optional<Condition> switchOf(Fields match, String name, Condition condition) {
    if (!match.has(name)) {
      return Optional.empty();
    }
    return Optional.of(match.flag(name, true) ? condition : new Condition.Not(condition));
  }

  static Optional<Origin> origin(Fields fields) {
    return fields.oneOf("origin", Origin.values(), o -> o.name().toLowerCase(Locale.ROOT));
  }

  private static List<Change> changes(Fields set) {
    var found = new ArrayList<Change>();
    Values.unsigned(set, "localPref").ifPresent(v -> found.add(new Change.SetLocalPref(v)));
    if (set.text("med", "").equals("none")) {
      found.add(new Change.RemoveMed());
    } else {
      Values.unsigned(set, "med").ifPresent(v -> found.add(new Change.SetMed(v)));
    }
    origin(set).ifPresent(origin -> found.add(new Change.SetOrigin(origin)));
    set.parsed("nextHop", IpAddress::parse, "an address")
        .ifPresent(hop -> found.add(new Change.SetNextHop(hop)));
    each(set, "removeCommunities", Community::parse, COMMUNITY)
        .forEach(c -> found.add(new Change.RemoveCommunity(c)));
    each(set, "addCommunities", Community::parse, COMMUNITY)
        .forEach(c -> found.add(new Change.AddCommunity(c)));
    each(set, "removeLargeCommunities", LargeCommunity::parse, LARGE_COMMUNITY)
        .forEach(c -> found.add(new Change.RemoveLargeCommunity(c)));
    each(set, "addLargeCommunities", LargeCommunity::parse, LARGE_COMMUNITY)
        .forEach(c -> found.add(new Change.AddLargeCommunity(c)));
    if (set.flag("removePrivateAs", false)) {
      found.add(new Change.RemovePrivateAs());
    }
    if (set.has("prepend")) {
      var prepend = set.object("prepend");
      var as = prepend.parsed("as", Values::as, Values.AS);
      int times = prepend.number("times", 1, 100).orElse(1);
      if (!prepend.has("as")) {
        prepend.problem("as", "is required");
      }
      prepend.done();
      as.ifPresent(number -> found.add(new Change.Prepend(number, times)));
    }
    set.done();
    return found;
  }
}
