package dev.aviary.kernel.netfilter;

import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One table's chains while they are being changed; nothing shows before it is committed. */
final class Staging {
  private static final int FAILED = 1;

  private final Table table;
  private final IpFamily family;
  private final Compiler compiler;
  private final Environment environment;
  private final boolean lenient;
  private final Map<String, Optional<Chain>> changed = new LinkedHashMap<>();
  private final Map<String, List<RuleEntry>> edited = new LinkedHashMap<>();
  private final Map<String, Integer> references = new HashMap<>();
  private final List<Chain> zeroed = new ArrayList<>();
  private boolean emptied;
  private int handles;

  Staging(
      Table table, IpFamily family, Compiler compiler, Environment environment, boolean lenient) {
    this.table = table;
    this.family = family;
    this.compiler = compiler;
    this.environment = environment;
    this.lenient = lenient;
    this.handles = table.handles();
  }

  /** The number that the next chain or rule has in nf_tables. */
  private int handle() {
    return ++handles;
  }

  /** What {@link Table#handles} is after the commit. */
  int handles() {
    return handles;
  }

  private static RuleException failed(String message) {
    return new RuleException(FAILED, message);
  }

  static RuleException noSuchChain() {
    return failed("No chain/target/match by that name.");
  }

  boolean hasChain(String name) {
    return find(name) != null;
  }

  private @Nullable Chain find(String name) {
    var now = changed.get(name);
    return now == null ? table.chain(name) : now.orElse(null);
  }

  private void put(Chain chain) {
    changed.put(chain.name(), Optional.of(chain));
  }

  private void drop(String name) {
    changed.put(name, Optional.empty());
    edited.remove(name);
  }

  private List<String> names() {
    var names = new LinkedHashSet<>(table.chains().keySet());
    names.addAll(changed.keySet());
    return names.stream().filter(this::hasChain).toList();
  }

  private Chain chain(String name) throws RuleException {
    var chain = find(name);
    if (chain == null) {
      throw noSuchChain();
    }
    return chain;
  }

  private List<RuleEntry> rules(String name) throws RuleException {
    var list = edited.get(name);
    if (list == null) {
      touch(name);
      list = new ArrayList<>(chain(name).rules());
      edited.put(name, list);
    }
    return list;
  }

  /** Numbers a built-in chain when it is named first: that is when nf_tables makes it. */
  private void touch(String name) throws RuleException {
    var chain = chain(name);
    if (chain.handle() == 0) {
      put(chain.withHandle(handle()));
    }
  }

  /** Takes all rules and all user chains away, as a restore without --noflush does first. */
  void flushTable() {
    for (var name : names()) {
      var chain = find(name);
      if (chain != null && chain.isBuiltIn()) {
        put(chain.withRules(List.of()).withHandle(0));
      } else {
        drop(name);
      }
    }
    edited.clear();
    references.clear();
    emptied = true;
    handles = 0;
  }

  void newChain(String name) throws RuleException {
    checkName(name);
    if (hasChain(name)) {
      throw failed("Chain already exists.");
    }
    put(Chain.user(name, handle()));
  }

  private static void checkName(String name) throws RuleException {
    if (name.isEmpty() || name.length() > 28) {
      throw Values.bad("chain name `" + name + "' too long (must be under 29 chars)");
    }
    if (name.startsWith("-") || name.startsWith("!")) {
      throw Values.bad("chain name not allowed to start with `" + name.charAt(0) + "'\n");
    }
    if (TargetFactory.isVerdict(name) || Extension.target(name).isPresent()) {
      throw Values.bad("Invalid chain name `" + name + "'");
    }
  }

  /** ":CHAIN POLICY [p:o]" of a restore: made if it is not there, else flushed. */
  void declare(String name, String policy, long packets, long octets, boolean flush)
      throws RuleException {
    if (hasChain(name)) {
      touch(name);
    }
    var old = find(name);
    if (old != null && old.isBuiltIn()) {
      switch (policy) {
        case "ACCEPT", "DROP" -> put(old.withPolicy(policy.equals("DROP"), packets, octets));
        case "-" -> {}
        default -> throw failed("Bad policy name");
      }
      return;
    }
    if (!policy.equals("-")) {
      throw failed("Can't set policy `" + policy + "' on `" + name + "'");
    }
    if (old == null) {
      newChain(name);
    } else if (flush) {
      flush(name);
    }
  }

  void policy(String name, String policy) throws RuleException {
    touch(name);
    var old = chain(name);
    if (!old.isBuiltIn()) {
      throw failed("Bad built-in chain name.");
    }
    if (!policy.equals("ACCEPT") && !policy.equals("DROP")) {
      throw failed("Bad policy name. Run `dmesg' for more information.");
    }
    put(old.withPolicy(policy.equals("DROP"), old.packets(), old.octets()));
  }

  void flush(@Nullable String name) throws RuleException {
    for (var each : name == null ? names() : List.of(name)) {
      var rules = rules(each);
      rules.forEach(entry -> refer(entry.rule(), -1));
      rules.clear();
    }
  }

  void zero(@Nullable String name) throws RuleException {
    for (var each : name == null ? names() : List.of(name)) {
      zeroed.add(chain(each));
    }
  }

  /** The chains whose counters start anew with the commit. */
  List<Chain> zeroed() {
    return zeroed;
  }

  void deleteChain(@Nullable String name) throws RuleException {
    if (name == null) {
      for (var each : names()) {
        if (!chain(each).isBuiltIn() && rules(each).isEmpty() && references(each) == 0) {
          drop(each);
        }
      }
      return;
    }
    if (chain(name).isBuiltIn()) {
      throw failed("Can't delete built-in chain");
    }
    if (!rules(name).isEmpty()) {
      throw failed("Directory not empty.");
    }
    if (references(name) > 0) {
      throw failed("Too many links.");
    }
    drop(name);
  }

  void rename(String from, String to) throws RuleException {
    checkName(to);
    var chain = chain(from);
    if (chain.isBuiltIn()) {
      throw failed("Can't rename built-in chain");
    }
    if (hasChain(to)) {
      throw failed("File exists.");
    }
    var list = rules(from);
    drop(from);
    put(chain.withName(to));
    edited.put(to, list);
    for (var each : names()) {
      if (uses(each, from)) {
        retarget(rules(each), from, to);
      }
    }
    references.put(to, references(from));
    references.put(from, 0);
  }

  private boolean uses(String chain, String target) throws RuleException {
    var list = edited.get(chain);
    return (list == null ? chain(chain).rules() : list)
        .stream().anyMatch(entry -> isJump(entry.rule(), target));
  }

  private static boolean isJump(Rule rule, String to) {
    return rule.target() instanceof Target.Jump(var chain, _) && chain.equals(to);
  }

  private void retarget(List<RuleEntry> rules, String from, String to) {
    rules.replaceAll(
        entry ->
            entry.rule().target() instanceof Target.Jump(var chain, var isGoto)
                    && chain.equals(from)
                ? entry(with(entry.rule(), new Target.Jump(to, isGoto)), entry)
                : entry);
  }

  private static Rule with(Rule old, Target target) {
    return new Rule(
        old.source(),
        old.notSource(),
        old.destination(),
        old.notDestination(),
        old.inDevice(),
        old.notInDevice(),
        old.outDevice(),
        old.notOutDevice(),
        old.protocol(),
        old.notProtocol(),
        old.fragment(),
        old.notFragment(),
        old.matches(),
        target);
  }

  private RuleEntry entry(Rule rule, RuleEntry counters) {
    return new RuleEntry(
        rule,
        counters.handle(),
        compiler.compile(rule),
        jump(rule),
        counters.packets(),
        counters.octets());
  }

  private RuleEntry entry(Rule rule, long packets, long octets) {
    return new RuleEntry(rule, handle(), compiler.compile(rule), jump(rule), packets, octets);
  }

  private @Nullable ChainSlot jump(Rule rule) {
    return rule.target() instanceof Target.Jump(var chain, _) ? table.slot(chain) : null;
  }

  /** How many rules enter the chain. */
  int references(String name) {
    var known = references.get(name);
    if (known != null) {
      return known;
    }
    return emptied ? 0 : table.references(name);
  }

  private void refer(Rule rule, int change) {
    if (rule.target() instanceof Target.Jump(var to, _)) {
      references.put(to, references(to) + change);
    }
  }

  /** Reads a rule's words. */
  Rule parse(List<String> words) throws RuleException {
    var rule = new RuleParser(family, words, this::isUserChain, lenient).parse();
    for (var match : rule.matches()) {
      if (match instanceof Match.SetMatch(var set, _, _, _)
          && environment.sets().find(set).isEmpty()) {
        throw Values.bad("Set " + set + " doesn't exist.\n");
      }
    }
    return rule;
  }

  private boolean isUserChain(String name) {
    var chain = find(name);
    return chain != null && !chain.isBuiltIn();
  }

  void append(String chain, Rule rule, long packets, long octets) throws RuleException {
    check(rule);
    var list = rules(chain);
    list.add(entry(rule, packets, octets));
    refer(rule, 1);
  }

  void insert(String chain, int number, Rule rule) throws RuleException {
    check(rule);
    var list = rules(chain);
    if (number < 1 || number > list.size() + 1) {
      throw failed("Index of insertion too big.");
    }
    list.add(number - 1, entry(rule, 0, 0));
    refer(rule, 1);
  }

  void replace(String chain, int number, Rule rule) throws RuleException {
    check(rule);
    at(chain, number);
    var entry = entry(rule, 0, 0);
    refer(rules(chain).set(number - 1, entry).rule(), -1);
    refer(rule, 1);
  }

  private void at(String chain, int number) throws RuleException {
    if (number < 1 || number > rules(chain).size()) {
      throw failed("Index of deletion too big.");
    }
  }

  void delete(String chain, int number) throws RuleException {
    at(chain, number);
    refer(rules(chain).remove(number - 1).rule(), -1);
  }

  void delete(String chain, Rule rule) throws RuleException {
    refer(rules(chain).remove(find(chain, rule)).rule(), -1);
  }

  /** The place of an equal rule, from 0. */
  int find(String chain, Rule rule) throws RuleException {
    var list = rules(chain);
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).rule().equals(rule)) {
        return i;
      }
    }
    throw failed("Bad rule (does a matching rule exist in that chain?).");
  }

  /** What the kernel checks of a target: its table, and that the chain it jumps to is there. */
  private void check(Rule rule) throws RuleException {
    boolean sound =
        switch (rule.target()) {
          case Target.Dnat _, Target.Snat _, Target.Masquerade _, Target.Redirect _ ->
              table.name() == TableName.NAT;
          case Target.Reject _ -> table.name() == TableName.FILTER;
          case Target.NoTrack _ -> table.name() == TableName.RAW;
          case Target.Jump(var chain, _) -> {
            if (!isUserChain(chain)) {
              throw noSuchChain();
            }
            yield true;
          }
          case Target.None _,
              Target.Accept _,
              Target.Drop _,
              Target.Return _,
              Target.SetMark _,
              Target.ConnMark _,
              Target.Log _,
              Target.NfLog _,
              Target.Trace _,
              Target.Unknown _ ->
              true;
        };
    if (!sound) {
      throw failed("Invalid argument. Run `dmesg' for more information.");
    }
  }

  /** The chains that change, as they will be, and empty for those that go; refuses loops. */
  Map<String, Optional<Chain>> finish() throws RuleException {
    for (var each : edited.entrySet()) {
      put(chain(each.getKey()).withRules(each.getValue()));
    }
    if (new LoopSearch(this::find).finds(edited.keySet(), table)) {
      throw failed("Too many levels of symbolic links.");
    }
    edited.clear();
    return changed;
  }

  Table table() {
    return table;
  }
}
