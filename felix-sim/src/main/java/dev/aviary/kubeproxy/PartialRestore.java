package dev.aviary.kubeproxy;

import dev.aviary.kubeproxy.PortRules.Line;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * The {@code iptables-restore --noflush} text for what changed between two states of the services:
 * a chain whose rules are the same is neither declared nor written.
 */
final class PartialRestore {
  private final Collection<ServiceUnit> after;
  private final SharedRules shared;
  private final Map<String, List<Line>> written = new LinkedHashMap<>();
  private final Set<String> stale = new TreeSet<>();
  private final Set<String> touchedNat = new TreeSet<>();
  private final Set<String> touchedFilter = new TreeSet<>();

  private PartialRestore(Collection<ServiceUnit> after, SharedRules shared) {
    this.after = after;
    this.shared = shared;
  }

  /** The text; empty if nothing changed. */
  static String text(
      Map<String, ServiceUnit> before, Map<String, ServiceUnit> after, SharedRules shared) {
    var restore = new PartialRestore(after.values(), shared);
    after.forEach(
        (key, unit) -> {
          var was = before.get(key);
          if (!unit.equals(was)) {
            restore.change(was == null ? List.of() : List.of(was), List.of(unit));
          }
        });
    before.forEach(
        (key, unit) -> {
          if (!after.containsKey(key)) {
            restore.change(List.of(unit), List.of());
          }
        });
    return restore.text();
  }

  private void change(List<ServiceUnit> before, List<ServiceUnit> after) {
    var was = new HashMap<String, List<Line>>();
    before.forEach(unit -> was.putAll(unit.ownChains()));
    var now = new LinkedHashMap<String, List<Line>>();
    after.forEach(unit -> now.putAll(unit.ownChains()));
    now.forEach(
        (chain, lines) -> {
          if (!lines.equals(was.get(chain))) {
            written.put(chain, lines);
          }
        });
    was.keySet().stream().filter(chain -> !now.containsKey(chain)).forEach(stale::add);
    touch(lines(before, true), lines(after, true), touchedNat);
    touch(lines(before, false), lines(after, false), touchedFilter);
  }

  private static List<Line> lines(Collection<ServiceUnit> units, boolean nat) {
    var lines = new ArrayList<Line>();
    units.forEach(unit -> lines.addAll(unit.shared(nat)));
    return lines;
  }

  private static void touch(List<Line> before, List<Line> after, Set<String> touched) {
    if (!before.equals(after)) {
      before.forEach(line -> touched.add(line.chain()));
      after.forEach(line -> touched.add(line.chain()));
    }
  }

  private String text() {
    stale.removeAll(written.keySet());
    var text = new StringBuilder();
    if (!touchedFilter.isEmpty()) {
      text.append("*filter\n");
      RestoreText.declare(text, touchedFilter);
      RestoreText.lines(text, of(touchedFilter, lines(after, false)));
      text.append("COMMIT\n");
    }
    if (!touchedNat.isEmpty() || !written.isEmpty() || !stale.isEmpty()) {
      text.append("*nat\n");
      RestoreText.declare(text, touchedNat);
      RestoreText.declare(text, written.keySet());
      RestoreText.declare(text, stale);
      if (!touchedNat.isEmpty()) {
        RestoreText.lines(text, of(touchedNat, lines(after, true)));
      }
      written.values().forEach(lines -> RestoreText.lines(text, lines));
      stale.forEach(chain -> text.append("-X ").append(chain).append('\n'));
      RestoreText.lines(text, of(touchedNat, shared.natEnd()));
      text.append("COMMIT\n");
    }
    return text.toString();
  }

  private static List<Line> of(Set<String> chains, List<Line> lines) {
    return lines.stream().filter(line -> chains.contains(line.chain())).toList();
  }
}
