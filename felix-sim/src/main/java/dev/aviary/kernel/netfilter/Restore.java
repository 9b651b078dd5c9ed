package dev.aviary.kernel.netfilter;

import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the lines of {@code iptables-restore} into staged tables. */
final class Restore {
  private static final Pattern COUNTERS = Pattern.compile("\\[(\\d{1,18}):(\\d{1,18})]");
  private static final int LONGEST_LINE = 10240;

  private final Netfilter netfilter;
  private final boolean noFlush;
  private final String tool;
  private final Map<TableName, Staging> stagings = new LinkedHashMap<>();
  private @Nullable Staging current;

  Restore(Netfilter netfilter, boolean noFlush) {
    this.netfilter = netfilter;
    this.noFlush = noFlush;
    this.tool = netfilter.family() == IpFamily.IPV4 ? "iptables-restore" : "ip6tables-restore";
  }

  /** The tables that the text changes, checked. */
  List<Staging> read(String text) throws RuleException {
    int number = 0;
    for (var line : text.lines().toList()) {
      number++;
      try {
        line(line.strip());
      } catch (RuleException e) {
        throw complaint(e, number);
      }
    }
    if (current != null) {
      throw new RuleException(number, 1, tool + ": COMMIT expected at line " + (number + 1));
    }
    return List.copyOf(stagings.values());
  }

  /** Usage errors come with the parser's words, the kernel's refusals without any. */
  private RuleException complaint(RuleException e, int number) {
    if (e.exit() == 2) {
      return new RuleException(
          number,
          2,
          tool
              + " v"
              + netfilter.release().version()
              + " (legacy): "
              + e.getMessage()
              + "\nError occurred at line: "
              + number
              + "\nTry `"
              + tool
              + " -h' or '"
              + tool
              + " --help' for more information.");
    }
    return new RuleException(number, e.exit(), tool + ": line " + number + " failed");
  }

  private void line(String line) throws RuleException {
    if (line.isEmpty() || line.startsWith("#")) {
      return;
    }
    if (line.length() > LONGEST_LINE) {
      throw Values.bad("line of " + line.length() + " characters is too long");
    }
    if (line.startsWith("*")) {
      if (current != null) {
        throw new RuleException(1, "COMMIT expected");
      }
      table(line.substring(1).strip());
    } else if (current == null) {
      throw new RuleException(1, "no table");
    } else if (line.equals("COMMIT")) {
      current.finish();
      current = null;
    } else if (line.startsWith(":")) {
      declare(current, line.substring(1));
    } else {
      command(current, line);
    }
  }

  private void table(String name) throws RuleException {
    var table =
        TableName.parse(name)
            .orElseThrow(() -> Values.bad(tool + ": unable to initialize table '" + name + "'"));
    var staging = stagings.get(table);
    if (staging == null) {
      staging = netfilter.stage(table);
      stagings.put(table, staging);
    }
    if (!noFlush) {
      staging.flushTable();
    }
    current = staging;
  }

  private void declare(Staging staging, String line) throws RuleException {
    var words = line.split("[ \t]+", -1);
    if (words.length < 2 || words[0].isEmpty()) {
      throw Values.bad("policy invalid");
    }
    long packets = 0;
    long octets = 0;
    if (words.length > 2) {
      var counters = COUNTERS.matcher(words[2]);
      if (!counters.matches()) {
        throw Values.bad("invalid policy counters for chain '" + words[0] + "'");
      }
      packets = Long.parseLong(counters.group(1));
      octets = Long.parseLong(counters.group(2));
    }
    staging.declare(words[0], words[1], packets, octets, true);
  }

  private void command(Staging staging, String line) throws RuleException {
    long packets = 0;
    long octets = 0;
    var rest = line;
    var counters = COUNTERS.matcher(line);
    if (counters.lookingAt()) {
      packets = Long.parseLong(counters.group(1));
      octets = Long.parseLong(counters.group(2));
      rest = line.substring(counters.end()).strip();
    }
    RuleCommand.run(staging, new ArrayList<>(Tokens.split(rest)), packets, octets);
  }
}
