package dev.aviary.emulator.bird;

import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** The tables that replies show. Routes as they leave are no part of a table. */
final class RecordedTables {
  private static final Pattern CHANGED =
      Pattern.compile("\\b(export|noexport|preexport|import table|filter )\\b");
  private static final Pattern PART =
      Pattern.compile("\\b(where|for|protocol|primary|count|in)\\b|[0-9a-f.:]+/\\d+");

  private final BirdRelease release;
  private final Map<String, Map<String, RecordedRoutes.Found>> routes = new LinkedHashMap<>();
  private final Map<String, Map<String, RecordedRoutes.Found>> refused = new LinkedHashMap<>();
  private boolean complete;

  RecordedTables(BirdRelease release) {
    this.release = release;
  }

  void learn(String command, String reply) {
    if (CHANGED.matcher(command).find()) {
      return;
    }
    var into = command.contains(" filtered") ? refused : routes;
    for (var found : RecordedRoutes.of(reply)) {
      var key = found.route().prefix() + " " + found.route().protocol();
      var table = into.computeIfAbsent(table(found), _ -> new LinkedHashMap<>());
      // Networks of one hash stand in an order that only listings tell: the last one's counts.
      var before = table.remove(key);
      table.put(key, before != null && before.full() && !found.full() ? before : found);
    }
    complete |= isWhole(command);
  }

  /** True for a command that lists all routes of a daemon. */
  static boolean isWhole(String command) {
    return command.strip().startsWith("show route")
        && !CHANGED.matcher(command).find()
        && !PART.matcher(command).find()
        && !command.contains(" filtered")
        && !command.contains(" table ");
  }

  private String table(RecordedRoutes.Found found) {
    return release.is2() ? found.table() : "master";
  }

  /** True if a reply listed every route. */
  boolean isComplete() {
    return complete;
  }

  /** True if replies have the attributes of every route that a session told. */
  boolean isDetailed() {
    return routes.values().stream()
        .flatMap(table -> table.values().stream())
        .allMatch(f -> f.full() || f.route().source() != BirdRoute.Source.BGP);
  }

  List<BirdTable> tables(BirdConfiguration configuration) {
    var tables = new ArrayList<BirdTable>();
    for (var symbol : configuration.symbols()) {
      if (symbol.kind() == BirdSymbol.Kind.TABLE) {
        tables.add(table(symbol.name()));
      }
    }
    return tables;
  }

  private BirdTable table(String name) {
    var listed = sorted(routes.getOrDefault(name, Map.of()));
    boolean six =
        name.equals("master6")
            || listed.stream().anyMatch(r -> r.prefix().family() == IpFamily.IPV6);
    return new BirdTable(
        name,
        six ? IpFamily.IPV6 : IpFamily.IPV4,
        name.startsWith("master"),
        listed,
        sorted(refused.getOrDefault(name, Map.of())));
  }

  /** The best of a network before the others, which keep their order. */
  private static List<BirdRoute> sorted(Map<String, RecordedRoutes.Found> found) {
    var list = new ArrayList<BirdRoute>();
    found.values().forEach(f -> list.add(f.route()));
    list.sort(
        (a, b) ->
            Boolean.compare(a.mark() == BirdRoute.Mark.NONE, b.mark() == BirdRoute.Mark.NONE));
    return list;
  }
}
