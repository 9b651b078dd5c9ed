package dev.aviary.kernel.netfilter;

import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One table's chains while they are being changed; nothing shows before it is committed. */
final class Staging {
  private static final int FAILED = 1;

  private final Table table;
  private final IpFamily family;
  private final Compiler compiler;
  private final Environment environment;
  private final boolean lenient;
  private final Map<String, Chain> chains;
  private final Map<String, List<RuleEntry>> edited = new LinkedHashMap<>();

  Staging(
      Table table, IpFamily family, Compiler compiler, Environment environment, boolean lenient) {
    this.table = table;
    this.family = family;
    this.compiler = compiler;
    this.environment = environment;
    this.lenient = lenient;
    this.chains = new HashMap<>(table.chains());
  }

  private static RuleException failed(String message) {
    return new RuleException(FAILED, message);
  }

  static RuleException noSuchChain() {
    return failed("No chain/target/match by that name.");
  }

  boolean hasChain(String name) {
    return chains.containsKey(name);
  }

  private Chain chain(String name) throws RuleException {
    var chain = chains.get(name);
    if (chain == null) {
      throw noSuchChain();
    }
    return chain;
  }

  private List<RuleEntry> rules(String name) throws RuleException {
    var list = edited.get(name);
    if (list == null) {
      list = new ArrayList<>(chain(name).rules());
      edited.put(name, list);
    }
    return list;
  }

  /** Takes all rules and all user chains away, as a restore without --noflush does first. */
  void flushTable() {
    edited.clear();
    chains.values().removeIf(chain -> !chain.isBuiltIn());
    chains.replaceAll((_, chain) -> chain.withRules(List.of()));
  }

  void newChain(String name) throws RuleException {
    checkName(name);
    if (chains.containsKey(name)) {
      throw failed("Chain already exists.");
    }
    chains.put(name, Chain.user(name));
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
    var old = chains.get(name);
    if (old != null && old.isBuiltIn()) {
      switch (policy) {
        case "ACCEPT", "DROP" ->
            chains.put(name, old.withPolicy(policy.equals("DROP"), packets, octets));
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
    var old = chain(name);
    if (!old.isBuiltIn()) {
      throw failed("Bad built-in chain name.");
    }
    if (!policy.equals("ACCEPT") && !policy.equals("DROP")) {
      throw failed("Bad policy name. Run `dmesg' for more information.");
    }
    chains.put(name, old.withPolicy(policy.equals("DROP"), old.packets(), old.octets()));
  }

  void flush(@Nullable String name) throws RuleException {
    if (name == null) {
      for (var each : List.copyOf(chains.keySet())) {
        rules(each).clear();
      }
      return;
    }
    rules(name).clear();
  }

  void zero(@Nullable String name) throws RuleException {
    for (var chain : name == null ? List.copyOf(chains.values()) : List.of(chain(name))) {
      chain.zero();
    }
  }

  void deleteChain(@Nullable String name) throws RuleException {
    if (name == null) {
      for (var each : List.copyOf(chains.values())) {
        if (!each.isBuiltIn() && rules(each.name()).isEmpty() && references(each.name()) == 0) {
          chains.remove(each.name());
          edited.remove(each.name());
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
    chains.remove(name);
    edited.remove(name);
  }

  void rename(String from, String to) throws RuleException {
    checkName(to);
    var chain = chain(from);
    if (chain.isBuiltIn()) {
      throw failed("Can't rename built-in chain");
    }
    if (chains.containsKey(to)) {
      throw failed("File exists.");
    }
    var list = rules(from);
    edited.remove(from);
    chains.remove(from);
    chains.put(to, chain.withName(to));
    edited.put(to, list);
    for (var each : List.copyOf(chains.keySet())) {
      for (var entry : List.copyOf(rules(each))) {
        if (entry.rule().target() instanceof Target.Jump(var chainName, var isGoto)
            && chainName.equals(from)) {
          var old = entry.rule();
          var target = new Target.Jump(to, isGoto);
          rules(each).set(rules(each).indexOf(entry), entry(with(old, target), entry));
        }
      }
    }
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
        rule, compiler.compile(rule), jump(rule), counters.packets(), counters.octets());
  }

  private @Nullable ChainSlot jump(Rule rule) {
    return rule.target() instanceof Target.Jump(var chain, _) ? table.slot(chain) : null;
  }

  int references(String name) {
    int count = 0;
    for (var chain : chains.values()) {
      var rules = edited.get(chain.name());
      for (var entry : rules == null ? chain.rules() : rules) {
        if (entry.rule().target() instanceof Target.Jump(var to, _) && to.equals(name)) {
          count++;
        }
      }
    }
    return count;
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
    var chain = chains.get(name);
    return chain != null && !chain.isBuiltIn();
  }

  void append(String chain, Rule rule, long packets, long octets) throws RuleException {
    check(rule);
    rules(chain).add(new RuleEntry(rule, compiler.compile(rule), jump(rule), packets, octets));
  }

  void insert(String chain, int number, Rule rule) throws RuleException {
    check(rule);
    var list = rules(chain);
    if (number < 1 || number > list.size() + 1) {
      throw failed("Index of insertion too big.");
    }
    list.add(number - 1, new RuleEntry(rule, compiler.compile(rule), jump(rule), 0, 0));
  }

  void replace(String chain, int number, Rule rule) throws RuleException {
    check(rule);
    at(chain, number);
    rules(chain).set(number - 1, new RuleEntry(rule, compiler.compile(rule), jump(rule), 0, 0));
  }

  private void at(String chain, int number) throws RuleException {
    if (number < 1 || number > rules(chain).size()) {
      throw failed("Index of deletion too big.");
    }
  }

  void delete(String chain, int number) throws RuleException {
    at(chain, number);
    rules(chain).remove(number - 1);
  }

  void delete(String chain, Rule rule) throws RuleException {
    rules(chain).remove(find(chain, rule));
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

  /** The chains as they will be; refuses loops. */
  Map<String, Chain> finish() throws RuleException {
    edited.forEach(
        (name, rules) -> {
          var chain = chains.get(name);
          if (chain != null) {
            chains.put(name, chain.withRules(rules));
          }
        });
    // A loop or a dangling jump can only come in with a chain that changed.
    var changed = List.copyOf(edited.keySet());
    edited.clear();
    var done = new HashSet<String>();
    for (var name : changed) {
      var chain = chains.get(name);
      if (chain != null) {
        walk(chain, done, new HashSet<>());
      }
    }
    return chains;
  }

  private void walk(Chain chain, Set<String> done, Set<String> above) throws RuleException {
    if (done.contains(chain.name())) {
      return;
    }
    if (!above.add(chain.name()) || above.size() > 60) {
      throw failed("Too many levels of symbolic links.");
    }
    for (var entry : chain.rules()) {
      if (entry.rule().target() instanceof Target.Jump(var to, _)) {
        var next = chains.get(to);
        if (next == null) {
          throw noSuchChain();
        }
        walk(next, done, above);
      }
    }
    above.remove(chain.name());
    done.add(chain.name());
  }

  Table table() {
    return table;
  }
}
