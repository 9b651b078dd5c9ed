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
      return new CommandResult("", "", 0);
    }
    var name = argv.getFirst();
    var arguments = argv.subList(1, argv.size());
    return switch (name) {
      case "ip" -> IpCommand.run(kernel, arguments);
      case "iptables", "iptables-legacy", "iptables-nft", "ip6tables", "ip6tables-legacy" ->
          IptablesCommand.run(kernel, name, arguments);
      default -> CommandResult.failed(NOT_FOUND, name + ": command not found");
    };
  }
}
