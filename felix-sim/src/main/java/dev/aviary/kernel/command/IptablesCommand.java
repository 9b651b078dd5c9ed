package dev.aviary.kernel.command;

import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.netfilter.Iptables;
import dev.aviary.kernel.netfilter.IptablesRelease;
import dev.aviary.kernel.netfilter.ListText;
import dev.aviary.kernel.netfilter.RuleException;
import dev.aviary.kernel.netfilter.TableName;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code iptables}, {@code ip6tables}, and {@code iptables-save}, of both back ends. */
final class IptablesCommand {
  private static final int USAGE = 2;
  private static final int NO_TABLE = 3;

  private final Kernel kernel;
  private final IpFamily family;
  private final String tool;
  private final boolean nft;
  private TableName table = TableName.FILTER;

  private IptablesCommand(Kernel kernel, String name) {
    this.kernel = kernel;
    this.family = name.startsWith("ip6") ? IpFamily.IPV6 : IpFamily.IPV4;
    this.tool = family == IpFamily.IPV4 ? "iptables" : "ip6tables";
    this.nft = name.contains("-nft");
  }

  static CommandResult run(Kernel kernel, String name, List<String> arguments) {
    return new IptablesCommand(kernel, name).run(arguments);
  }

  private String version() {
    return tool + " v" + release().version() + " (" + (nft ? "nf_tables" : "legacy") + ")";
  }

  private IptablesRelease release() {
    return kernel.netfilter(family).release();
  }

  private CommandResult run(List<String> arguments) {
    var words = new ArrayList<>(arguments);
    words.removeIf(word -> word.equals("-w") || word.equals("--wait"));
    int at = Math.max(words.indexOf("-t"), words.indexOf("--table"));
    if (at >= 0) {
      if (at + 1 >= words.size()) {
        return usage("option \"-t\" requires an argument");
      }
      var named = TableName.parse(words.get(at + 1));
      if (named.isEmpty()) {
        return noTable(words.get(at + 1));
      }
      table = named.get();
      words.subList(at, at + 2).clear();
    }
    if (words.equals(List.of("-V")) || words.equals(List.of("--version"))) {
      return CommandResult.ok(version() + "\n");
    }
    try {
      return command(words);
    } catch (RuleException e) {
      return refused(e, words);
    }
  }

  private CommandResult noTable(String name) {
    return CommandResult.failed(
        NO_TABLE,
        version()
            + ": can't initialize "
            + tool
            + " table `"
            + name
            + "': Table does not exist (do you need to insmod?)\nPerhaps "
            + tool
            + " or your kernel needs to be upgraded.");
  }

  private CommandResult refused(RuleException e, List<String> words) {
    var message = String.valueOf(e.getMessage());
    if (e.exit() == USAGE) {
      return usage(message);
    }
    if (nft && message.startsWith("No chain") && isListing(words)) {
      return CommandResult.failed(
          1,
          version()
              + ": chain `"
              + words.getLast()
              + "' in table `"
              + table.text()
              + "' is incompatible, use 'nft' tool.\n");
    }
    return CommandResult.failed(e.exit(), tool + ": " + message);
  }

  private static boolean isListing(List<String> words) {
    return words.contains("-S") || words.contains("--list-rules") || words.contains("-L");
  }

  private CommandResult command(List<String> words) throws RuleException {
    boolean listing = false;
    boolean rules = false;
    boolean numeric = false;
    boolean verbose = false;
    boolean exact = false;
    boolean lineNumbers = false;
    String chain = null;
    if (!words.isEmpty() && Iptables.isChange(words.getFirst())) {
      Iptables.change(kernel.netfilter(family), table, words);
      kernel.rulesChanged();
      return CommandResult.ok("");
    }
    for (var word : expand(words)) {
      switch (word) {
        case "-L", "--list" -> listing = true;
        case "-S", "--list-rules" -> rules = true;
        case "-n", "--numeric" -> numeric = true;
        case "-v", "--verbose" -> verbose = true;
        case "-x", "--exact" -> exact = true;
        case "--line-numbers" -> lineNumbers = true;
        default -> {
          if (word.startsWith("-") || chain != null) {
            return usage(
                word.startsWith("-")
                    ? "unknown option \"" + word + "\""
                    : "Bad argument `" + word + "'");
          }
          chain = word;
        }
      }
    }
    var tables = kernel.netfilter(family);
    if (rules) {
      return CommandResult.ok(Iptables.rules(tables, table, chain, verbose));
    }
    if (listing) {
      return CommandResult.ok(
          Iptables.list(
              tables,
              table,
              chain,
              new ListText.Options(numeric, verbose, exact, lineNumbers, release())));
    }
    return usage("no command specified");
  }

  /** "-nvx" is "-n -v -x". */
  private static List<String> expand(List<String> words) {
    var all = new ArrayList<String>();
    for (var word : words) {
      boolean bundle =
          word.length() > 2
              && word.startsWith("-")
              && word.substring(1).chars().allMatch(c -> "LSnvx".indexOf(c) >= 0);
      if (bundle) {
        word.substring(1).chars().forEach(c -> all.add("-" + (char) c));
      } else {
        all.add(word);
      }
    }
    return all;
  }

  private CommandResult usage(String message) {
    return CommandResult.failed(
        USAGE,
        version()
            + ": "
            + message
            + "\nTry `"
            + tool
            + " -h' or '"
            + tool
            + " --help' for more information.");
  }

  /** {@code iptables-save [-c] [-t TABLE]}. */
  static CommandResult save(Kernel kernel, String name, List<String> arguments) {
    var command = new IptablesCommand(kernel, name);
    boolean counters = false;
    TableName only = null;
    for (int i = 0; i < arguments.size(); i++) {
      var word = arguments.get(i);
      switch (word) {
        case "-c", "--counters" -> counters = true;
        case "-t", "--table" -> {
          var text = i + 1 < arguments.size() ? arguments.get(++i) : "";
          only = TableName.parse(text).orElse(null);
          if (only == null) {
            return CommandResult.failed(
                1, "Table does not exist: " + text + "\nCannot initialize: " + text);
          }
        }
        default -> {
          return CommandResult.failed(1, "Unknown arguments found on commandline");
        }
      }
    }
    return CommandResult.ok(command.saved(only, counters));
  }

  private String saved(@Nullable TableName only, boolean counters) {
    var tables = kernel.netfilter(family);
    if (!nft) {
      return tables.save(only, counters, tool + "-save v" + release().version(), kernel.date());
    }
    var out = new StringBuilder();
    var version = tool + "-nft-save v" + release().version() + release().nftSuffix();
    for (var each :
        List.of(
            TableName.MANGLE, TableName.RAW, TableName.FILTER, TableName.NAT, TableName.SECURITY)) {
      if (only == null || only == each) {
        out.append(tables.save(each, counters, version, kernel.date()));
      }
    }
    return out.toString();
  }
}
