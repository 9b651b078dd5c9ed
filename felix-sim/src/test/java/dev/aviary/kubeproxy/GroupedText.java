package dev.aviary.kubeproxy;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * A text of kube-proxy's in a form in which the order of services doesn't matter: of each table the
 * chains, and the rules of each service port (and of none) in their order.
 */
final class GroupedText {
  private static final Pattern NAME =
      Pattern.compile("--comment \"?(?:[a-zA-Z ]* )?([a-z0-9-]+/[a-z0-9-]+:?[a-z0-9-]*)[ \"]");
  private static final Pattern HASH = Pattern.compile("KUBE-(?:SVC|XLB|FW|SVL|EXT)-([A-Z2-7]{16})");

  private GroupedText() {}

  /** As the unit tests have it: of each table the chains with their rules in order. */
  static Map<String, Map<String, List<String>>> byChain(String text) {
    var tables = new TreeMap<String, Map<String, List<String>>>();
    Map<String, List<String>> chains = new TreeMap<>();
    for (var line : text.lines().toList()) {
      if (line.startsWith("*")) {
        chains = new TreeMap<>();
        tables.put(line, chains);
      } else if (line.startsWith(":")) {
        chains.put(line.substring(1, line.indexOf(' ')), new ArrayList<>());
      } else if (line.startsWith("-A")) {
        chains.computeIfAbsent(line.split(" ", 3)[1], _ -> new ArrayList<>()).add(line);
      }
    }
    return tables;
  }

  static Map<String, Object> of(String text) {
    var tables = new TreeMap<String, Object>();
    SortedSet<String> chains = new TreeSet<>();
    Map<String, List<String>> groups = new TreeMap<>();
    var names = names(text);
    for (var line : text.lines().toList()) {
      if (line.startsWith("*")) {
        chains = new TreeSet<>();
        groups = new TreeMap<>();
        tables.put(line, Map.of("chains", chains, "groups", groups));
      } else if (line.startsWith(":")) {
        chains.add(line.substring(0, line.lastIndexOf(' ')));
      } else if (line.startsWith("-")) {
        var key = line.startsWith("-X") ? "-X" : key(line, names);
        groups.computeIfAbsent(key, _ -> new ArrayList<>()).add(line);
      }
    }
    for (var table : tables.values()) {
      sortStale(table);
    }
    return tables;
  }

  private static void sortStale(Object table) {
    if (table instanceof Map<?, ?> map
        && map.get("groups") instanceof Map<?, ?> groups
        && groups.get("-X") instanceof List<?> stale) {
      stale.sort(null);
    }
  }

  /** By the hash in its chains' names, what each service port is called. */
  private static Map<String, String> names(String text) {
    var names = new HashMap<String, String>();
    text.lines()
        .forEach(
            line -> {
              var name = NAME.matcher(line);
              var hash = HASH.matcher(line);
              if (name.find() && hash.find()) {
                names.put(hash.group(1), name.group(1));
              }
            });
    return names;
  }

  private static String key(String line, Map<String, String> names) {
    var name = NAME.matcher(line);
    if (name.find()) {
      return name.group(1);
    }
    var hash = HASH.matcher(line);
    return hash.find() ? names.getOrDefault(hash.group(1), hash.group(1)) : "";
  }
}
