package dev.aviary.kernel.command;

import dev.aviary.kernel.Kernel;
import java.util.List;

/** A shell on one host that knows the networking tools. */
public final class Commands {
  private static final int NOT_FOUND = 127;

  private Commands() {}

  /**
   * Runs one command.
   *
   * @param argv the command's name and its arguments
   */
  public static CommandResult run(Kernel kernel, List<String> argv) {
    if (argv.isEmpty()) {
      return CommandResult.ok("");
    }
    var name = argv.getFirst();
    var arguments = argv.subList(1, argv.size());
    return switch (name) {
      case "ip" -> IpCommand.run(kernel, arguments);
      case "bridge" -> BridgeCommand.run(kernel, arguments);
      case "route" -> NetTools.route(kernel, arguments);
      case "netstat" -> NetTools.netstat(kernel, arguments);
      case "arp" -> NetTools.arp(kernel, arguments);
      case "sysctl" -> SysctlCommand.run(kernel, arguments);
      case "ipset" -> IpSetCommand.run(kernel, arguments);
      case "conntrack" -> ConntrackCommand.run(kernel, arguments);
      case "cat" -> ProcFiles.cat(kernel, arguments);
      case "dmesg" -> CommandResult.ok(lines(kernel.dmesg()));
      case "nft" -> RulesetCommands.nft(kernel, arguments);
      case "xtables-monitor" -> RulesetCommands.xtablesMonitor(kernel, arguments);
      case "hostname" -> CommandResult.ok(kernel.hostName() + "\n");
      case "iptables",
          "iptables-legacy",
          "iptables-nft",
          "ip6tables",
          "ip6tables-legacy",
          "ip6tables-nft" ->
          IptablesCommand.run(kernel, name, arguments);
      case "iptables-save",
          "iptables-legacy-save",
          "iptables-nft-save",
          "ip6tables-save",
          "ip6tables-legacy-save",
          "ip6tables-nft-save" ->
          IptablesCommand.save(kernel, name, arguments);
      default -> CommandResult.failed(NOT_FOUND, name + ": command not found");
    };
  }

  static String lines(List<String> lines) {
    var out = new StringBuilder();
    lines.forEach(line -> out.append(line).append('\n'));
    return out.toString();
  }
}
