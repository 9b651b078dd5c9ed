package dev.aviary.kernel.netfilter;

import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The tables of one address family. A table exists once something has touched it. */
public final class Netfilter {
  private final IpFamily family;
  private final Environment environment;
  private final Compiler compiler;
  private final Map<TableName, Table> tables = new EnumMap<>(TableName.class);
  private final List<TableName> registered = new ArrayList<>();
  private IptablesRelease release = IptablesRelease.V1_8_9;
  private boolean lenient;
  private long version;

  public Netfilter(IpFamily family, Environment environment) {
    this.family = family;
    this.environment = environment;
    this.compiler = new Compiler(environment);
  }

  public IpFamily family() {
    return family;
  }

  /** Whose manners the tools have that print these tables. */
  public IptablesRelease release() {
    return release;
  }

  public void setRelease(IptablesRelease release) {
    this.release = release;
  }

  Environment environment() {
    return environment;
  }

  Compiler compiler() {
    return compiler;
  }

  /** With true, unknown matches never match and unknown targets do nothing, instead of errors. */
  public void setLenient(boolean lenient) {
    this.lenient = lenient;
  }

  boolean isLenient() {
    return lenient;
  }

  /** Makes the table exist, as listing it does. */
  public void touch(TableName name) {
    table(name);
  }

  Table table(TableName name) {
    var found = tables.get(name);
    if (found == null) {
      found = new Table(name, environment);
      register(found);
    }
    return found;
  }

  private void register(Table table) {
    if (tables.putIfAbsent(table.name(), table) == null) {
      registered.addFirst(table.name());
    }
  }

  /** True if the table exists. */
  public boolean has(TableName name) {
    return tables.containsKey(name);
  }

  @Nullable Table find(TableName name) {
    return tables.get(name);
  }

  /** The tables that exist, the one registered last first: the order of {@code iptables-save}. */
  public List<TableName> tableNames() {
    return List.copyOf(registered);
  }

  /** Counts changes of rules. */
  public long version() {
    return version;
  }

  /** Counts changes of one table's rules; 0 where there is no such table. */
  public long version(TableName name) {
    var table = tables.get(name);
    return table == null ? 0 : table.version();
  }

  /** The chains that were made or changed after that {@link #version(TableName)}, in no order. */
  public List<String> chainsChangedSince(TableName name, long version) {
    var table = tables.get(name);
    return table == null ? List.of() : table.changedSince(version);
  }

  /** True if the table has such a chain. */
  public boolean hasChain(TableName name, String chain) {
    var table = tables.get(name);
    return table != null && table.chain(chain) != null;
  }

  /** Shows a packet to one table's chain; accepted where there is no such table. */
  public Verdict run(TableName name, Hook hook, Skb skb) {
    var table = tables.get(name);
    return table == null ? Verdicts.ACCEPT : table.run(hook, skb);
  }

  /**
   * Loads a restore text, whole or not at all.
   *
   * @param noFlush true to keep the chains that the text does not name
   */
  public void restore(String text, boolean noFlush) throws RuleException {
    var restore = new Restore(this, noFlush);
    for (var staging : restore.read(text)) {
      commit(staging);
    }
  }

  private void commit(Staging staging) throws RuleException {
    var changed = staging.finish();
    register(staging.table());
    staging.table().commit(changed);
    staging.table().setHandles(staging.handles());
    staging.zeroed().forEach(Chain::zero);
    version++;
  }

  /** A change to be made; a table that is not there yet comes with the commit. */
  Staging stage(TableName name) {
    var found = tables.get(name);
    return new Staging(
        found == null ? new Table(name, environment) : found,
        family,
        compiler,
        environment,
        lenient);
  }

  /** A change of one table by hand. */
  @FunctionalInterface
  interface Edit {
    void apply(Staging staging) throws RuleException;
  }

  void edit(TableName name, Edit edit) throws RuleException {
    var staging = stage(name);
    edit.apply(staging);
    commit(staging);
  }

  /** The text between "*table" and "COMMIT" for each table, or for one. */
  public String save(@Nullable TableName only, boolean counters, String version, String date) {
    var out = new StringBuilder();
    for (var name : registered) {
      if (only == null || only == name) {
        var table = tables.get(name);
        if (table != null) {
          out.append(IptablesSave.table(table, counters, version, date));
        }
      }
    }
    return out.toString();
  }

  /** True if some rule asks for connections or translates. */
  public boolean needsConntrack() {
    return tables.values().stream().anyMatch(Table::needsConntrack);
  }

  /** How many rules use the set. */
  public int setReferences(String set) {
    return tables.values().stream().mapToInt(table -> table.setReferences(set)).sum();
  }

  /** The rules of a chain in {@code -S} form without "-A CHAIN"; empty if there is no chain. */
  public Optional<List<Rule>> rules(TableName table, String chain) {
    var found = tables.get(table);
    var rules = found == null ? null : found.chain(chain);
    return rules == null
        ? Optional.empty()
        : Optional.of(rules.rules().stream().map(RuleEntry::rule).toList());
  }

  /** The names of a table's chains: built-in ones first, then by name. */
  public List<String> chainNames(TableName table) {
    var found = tables.get(table);
    return found == null ? List.of() : found.ordered().stream().map(Chain::name).toList();
  }
}
