package dev.aviary.kernel.command;

import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.netfilter.NftMonitor;
import dev.aviary.kernel.netfilter.NftText;
import dev.aviary.kernel.netfilter.RuleTraces;
import dev.aviary.kernel.netfilter.TableName;
import dev.aviary.kernel.netfilter.XtablesMonitor;
import dev.aviary.net.IpFamily;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * {@code nft list ruleset}, {@code nft list table}, {@code nft monitor trace} and {@code
 * xtables-monitor --trace}. Tables are made by iptables only: nft's other commands are refused.
 */
final class RulesetCommands {
  private RulesetCommands() {}

  static CommandResult nft(Kernel kernel, List<String> arguments) {
    var words = String.join(" ", arguments);
    if (words.equals("monitor trace")) {
      return follow(
          kernel,
          "nft monitor trace",
          () ->
              new NftMonitor(
                      List.of(kernel.netfilter(IpFamily.IPV4), kernel.netfilter(IpFamily.IPV6)))
                  ::lines);
    }
    if (words.equals("list ruleset") || words.equals("list ruleset ip")) {
      var v6 = words.endsWith("ip") ? "" : NftText.ruleset(kernel.netfilter(IpFamily.IPV6));
      return CommandResult.ok(NftText.ruleset(kernel.netfilter(IpFamily.IPV4)) + v6);
    }
    if (words.equals("list ruleset ip6")) {
      return CommandResult.ok(NftText.ruleset(kernel.netfilter(IpFamily.IPV6)));
    }
    if (words.startsWith("list table ")) {
      return table(kernel, arguments.subList(2, arguments.size()));
    }
    return CommandResult.failed(
        1, "nft: only list ruleset, list table and monitor trace are there: tables are iptables'");
  }

  private static CommandResult table(Kernel kernel, List<String> words) {
    var family =
        words.size() == 2 && words.getFirst().equals("ip6") ? IpFamily.IPV6 : IpFamily.IPV4;
    var name = words.isEmpty() ? "" : words.getLast();
    var text =
        TableName.parse(name)
            .map(table -> NftText.table(kernel.netfilter(family), table))
            .orElse("");
    if (text.isEmpty()) {
      var line = "list table " + String.join(" ", words);
      return CommandResult.failed(
          1,
          "Error: No such file or directory\n"
              + line
              + "\n"
              + " ".repeat(line.length() - name.length())
              + "^".repeat(name.length()));
    }
    return CommandResult.ok(text);
  }

  static CommandResult xtablesMonitor(Kernel kernel, List<String> arguments) {
    boolean trace = false;
    var families = EnumSet.noneOf(IpFamily.class);
    for (var word : arguments) {
      switch (word) {
        case "-t", "--trace" -> trace = true;
        case "-4", "--ipv4" -> families.add(IpFamily.IPV4);
        case "-6", "--ipv6" -> families.add(IpFamily.IPV6);
        default -> {
          return CommandResult.failed(1, "xtables-monitor: " + word + ": only --trace is there");
        }
      }
    }
    if (!trace) {
      return CommandResult.failed(1, "xtables-monitor: only --trace is there");
    }
    Set<IpFamily> wanted = families.isEmpty() ? EnumSet.allOf(IpFamily.class) : families;
    return follow(
        kernel,
        "xtables-monitor --trace " + wanted,
        () -> event -> wanted.contains(event.family()) ? XtablesMonitor.lines(event) : List.of());
  }

  /** Starts what turns events into lines. */
  @FunctionalInterface
  private interface Printer {
    Function<RuleTraces.Event, List<String>> start();
  }

  private static CommandResult follow(Kernel kernel, String command, Printer printer) {
    var heard = kernel.monitors().read(command, ear -> listen(kernel, printer, ear));
    if (heard == null) {
      var name = command.substring(0, command.indexOf(' '));
      return new CommandResult(
          "", name + ": listening from now on; the same command says what came.\n", 0);
    }
    var loss = heard.lost() ? "netlink: Error: Resource temporarily unavailable\n" : "";
    return new CommandResult(Commands.lines(heard.lines()), loss, 0);
  }

  private static void listen(Kernel kernel, Printer printer, Consumer<String> ear) {
    var lines = printer.start();
    kernel.ruleTraces().add(event -> lines.apply(event).forEach(ear));
  }
}
