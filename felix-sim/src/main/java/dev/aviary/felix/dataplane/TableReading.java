package dev.aviary.felix.dataplane;

import dev.aviary.felix.calc.CalicoNames;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * What a table holds, by what {@code iptables-save} prints of it: of each chain, the hash of each
 * rule; "" for a rule of somebody else, and {@link #UNHASHED} for one of ours without a hash.
 */
record TableReading(Map<String, List<String>> chains) {
  /** Stands for a jump to one of our chains that an early Felix wrote. */
  static final String UNHASHED = "OLD INSERT RULE";

  private static final Pattern HASH = Pattern.compile("--comment \"?cali:([a-zA-Z0-9_-]+)\"?");
  private static final Pattern TARGET = Pattern.compile(" -[jg] ([^ ]+)");

  static TableReading of(String saved) {
    Map<String, List<String>> chains = new LinkedHashMap<>();
    for (int start = 0; start < saved.length(); ) {
      int end = saved.indexOf('\n', start);
      end = end < 0 ? saved.length() : end;
      if (saved.charAt(start) == ':') {
        chains.put(saved.substring(start + 1, saved.indexOf(' ', start)), new ArrayList<>());
      } else if (saved.startsWith("-A ", start)) {
        var line = saved.substring(start, end);
        var chain =
            line.substring(3, line.indexOf(' ', 3) < 0 ? end - start : line.indexOf(' ', 3));
        chains.computeIfAbsent(chain, _ -> new ArrayList<>()).add(hash(line));
      }
      start = end + 1;
    }
    return new TableReading(chains);
  }

  private static String hash(String line) {
    if (!line.contains("cali") && !line.contains("felix-")) {
      return "";
    }
    var hash = HASH.matcher(line);
    if (hash.find()) {
      return hash.group(1);
    }
    var target = TARGET.matcher(line);
    return target.find() && CalicoNames.isOurChain(target.group(1)) ? UNHASHED : "";
  }

  /** The hashes of {@code chain}; empty where it isn't there. */
  List<String> hashes(String chain) {
    return chains.getOrDefault(chain, List.of());
  }
}
