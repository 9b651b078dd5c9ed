package dev.aviary.felix.dataplane;

import dev.aviary.felix.calc.IptablesTable;
import dev.aviary.felix.calc.TableState;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.RestoreException;
import dev.aviary.kernel.netfilter.TableName;
import dev.aviary.net.IpFamily;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Keeps our chains and hooks in the tables of one family. */
public final class ChainManager {
  private static final Seen NOTHING = new Seen(TableReading.EMPTY, -1, null);

  private final Kernel kernel;
  private final IpFamily family;
  private final boolean insertHooks;
  private final Map<IptablesTable, Seen> seen = new EnumMap<>(IptablesTable.class);

  /** What a table held at a version of it, and what was wanted of it then. */
  private record Seen(TableReading reading, long version, @Nullable TableState desired) {}

  public ChainManager(Kernel kernel, IpFamily family, boolean insertHooks) {
    this.kernel = kernel;
    this.family = family;
    this.insertHooks = insertHooks;
  }

  /**
   * Makes the tables so; true if something had to be written. Of a table only the chains that
   * somebody has written since the last time are read.
   */
  public boolean apply(List<TableState> desired) {
    boolean written = false;
    for (var table : desired) {
      written |= apply(table);
    }
    return written;
  }

  private static TableName name(IptablesTable table) {
    return switch (table) {
      case RAW -> TableName.RAW;
      case MANGLE -> TableName.MANGLE;
      case NAT -> TableName.NAT;
      case FILTER -> TableName.FILTER;
    };
  }

  private boolean apply(TableState desired) {
    var before = seen.getOrDefault(desired.table(), NOTHING);
    var reading = read(desired.table(), before);
    if (reading.version() == before.version() && desired.equals(before.desired())) {
      return false;
    }
    var text = TableDelta.text(desired, reading.reading(), insertHooks);
    if (text.isEmpty()) {
      seen.put(desired.table(), new Seen(reading.reading(), reading.version(), desired));
      return false;
    }
    try {
      kernel.iptablesRestore(family, text, true);
    } catch (RestoreException e) {
      throw new IllegalStateException(
          "line " + e.line() + ": " + e.getMessage() + " in\n" + text, e);
    }
    var after = read(desired.table(), reading);
    seen.put(desired.table(), new Seen(after.reading(), after.version(), desired));
    return true;
  }

  private Seen read(IptablesTable table, Seen before) {
    var netfilter = kernel.netfilter(family);
    long version = netfilter.version(name(table));
    return version == before.version()
        ? before
        : new Seen(
            before.reading().refreshed(netfilter, name(table), before.version()), version, null);
  }
}
