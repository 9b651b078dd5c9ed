package dev.aviary.felix.dataplane;

import dev.aviary.felix.calc.TableState;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.RestoreException;
import dev.aviary.net.IpFamily;

/** Keeps our chains and hooks in the tables of one family. */
public final class ChainManager {
  private final Kernel kernel;
  private final IpFamily family;
  private final boolean insertHooks;

  public ChainManager(Kernel kernel, IpFamily family, boolean insertHooks) {
    this.kernel = kernel;
    this.family = family;
    this.insertHooks = insertHooks;
  }

  /** Makes one table so; true if something had to be written. */
  public boolean apply(TableState desired) {
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
