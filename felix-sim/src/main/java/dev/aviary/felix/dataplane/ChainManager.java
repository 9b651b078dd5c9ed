package dev.aviary.felix.dataplane;

import dev.aviary.felix.calc.IptablesTable;
import dev.aviary.felix.calc.TableState;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.RestoreException;
import dev.aviary.net.IpFamily;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Keeps our chains and hooks in the tables of one family. */
public final class ChainManager {
  private static final long NEVER = -1;

  private final Kernel kernel;
  private final IpFamily family;
  private final boolean insertHooks;
  private final Map<IptablesTable, TableState> before = new EnumMap<>(IptablesTable.class);
  private long seen = NEVER;

  public ChainManager(Kernel kernel, IpFamily family, boolean insertHooks) {
    this.kernel = kernel;
    this.family = family;
    this.insertHooks = insertHooks;
  }

  /**
   * Makes the tables so; true if something had to be written. A table is read unless nobody has
   * written any since the last time and the same is wanted of it.
   */
  public boolean apply(List<TableState> desired) {
    boolean untouched = kernel.netfilter(family).version() == seen;
    boolean written = false;
    for (var table : desired) {
      if (!untouched || !table.equals(before.get(table.table()))) {
        written |= apply(table);
        before.put(table.table(), table);
      }
    }
    seen = kernel.netfilter(family).version();
    return written;
  }

  private boolean apply(TableState desired) {
    var saved = kernel.iptablesSave(family, desired.table().label());
    var text = TableDelta.text(desired, TableReading.of(saved), insertHooks);
    if (text.isEmpty()) {
      return false;
    }
    try {
      kernel.iptablesRestore(family, text, true);
    } catch (RestoreException e) {
      throw new IllegalStateException(
          "line " + e.line() + ": " + e.getMessage() + " in\n" + text, e);
    }
    return true;
  }
}
