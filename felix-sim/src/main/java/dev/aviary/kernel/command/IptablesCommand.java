package dev.aviary.kernel.command;

import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.netfilter.Iptables;
import dev.aviary.kernel.netfilter.RuleException;
import dev.aviary.kernel.netfilter.TableName;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.List;

/** {@code iptables} and {@code ip6tables}. */
final class IptablesCommand {
  private static final int USAGE = 2;

  private IptablesCommand() {}

  static CommandResult run(Kernel kernel, String name, List<String> arguments) {
    var family = name.startsWith("ip6") ? IpFamily.IPV6 : IpFamily.IPV4;
    var tool = family == IpFamily.IPV4 ? "iptables" : "ip6tables";
    var words = new ArrayList<>(arguments);
    words.removeIf(word -> word.equals("-w") || word.equals("--wait"));
    var table = TableName.FILTER;
    int at = Math.max(words.indexOf("-t"), words.indexOf("--table"));
    if (at >= 0) {
      if (at + 1 >= words.size()) {
        return usage(tool, "option \"-t\" requires an argument");
      }
      var named = TableName.parse(words.get(at + 1));
      if (named.isEmpty()) {
        return CommandResult.failed(
            3,
            tool
                + " v1.8.9 (legacy): can't initialize "
                + tool
                + " table `"
                + words.get(at + 1)
                + "': Table does not exist (do you need to insmod?)\n"
                + "Perhaps "
                + tool
                + " or your kernel needs to be upgraded.");
      }
      table = named.get();
      words.subList(at, at + 2).clear();
    }
    if (words.isEmpty()) {
      return usage(tool, "no command specified");
    }
    try {
      if (Iptables.isChange(words.getFirst())) {
        Iptables.change(kernel.netfilter(family), table, words);
        kernel.rulesChanged();
        return CommandResult.ok("");
      }
      return usage(tool, "unknown option \"" + words.getFirst() + "\"");
    } catch (RuleException e) {
      return e.exit() == USAGE
          ? usage(tool, String.valueOf(e.getMessage()))
          : CommandResult.failed(e.exit(), tool + ": " + e.getMessage());
    }
  }

  private static CommandResult usage(String tool, String message) {
    return CommandResult.failed(
        USAGE,
        tool
            + " v1.8.9 (legacy): "
            + message
            + "\nTry `"
            + tool
            + " -h' or '"
            + tool
            + " --help' for more information.");
  }
}
