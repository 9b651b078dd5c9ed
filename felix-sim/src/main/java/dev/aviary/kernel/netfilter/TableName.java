package dev.aviary.kernel.netfilter;

import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The tables, with their built-in chains in the order that they are listed. */
public enum TableName {
  RAW(List.of(Hook.PREROUTING, Hook.OUTPUT)),
  MANGLE(List.of(Hook.PREROUTING, Hook.INPUT, Hook.FORWARD, Hook.OUTPUT, Hook.POSTROUTING)),
  NAT(List.of(Hook.PREROUTING, Hook.INPUT, Hook.OUTPUT, Hook.POSTROUTING)),
  FILTER(List.of(Hook.INPUT, Hook.FORWARD, Hook.OUTPUT)),
  SECURITY(List.of(Hook.INPUT, Hook.FORWARD, Hook.OUTPUT));

  @SuppressWarnings("ImmutableEnumChecker")
  private final List<Hook> hooks;

  TableName(List<Hook> hooks) {
    this.hooks = hooks;
  }

  /** The hooks it has a built-in chain for. */
  public List<Hook> hooks() {
    return hooks;
  }

  /** Its name as {@code -t} takes it. */
  public String text() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The table that {@code -t} calls {@code text}. */
  public static Optional<TableName> parse(String text) {
    for (var table : values()) {
      if (table.text().equals(text)) {
        return Optional.of(table);
      }
    }
    return Optional.empty();
  }
}
