package dev.aviary.kernel.command;

import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.ipset.IpSet;
import dev.aviary.kernel.ipset.IpSetException;
import java.util.ArrayList;
import java.util.List;

/** {@code ipset}. */
final class IpSetCommand {
  private IpSetCommand() {}

  static CommandResult run(Kernel kernel, List<String> arguments) {
    var words = new ArrayList<>(arguments);
    boolean namesOnly = words.removeIf(w -> w.equals("-n") || w.equals("-name"));
    words.removeIf(w -> w.equals("-s") || w.equals("-sorted"));
    var command = words.isEmpty() ? "" : words.getFirst();
    var name = words.size() > 1 ? words.get(1) : null;
    try {
      switch (command) {
        case "list", "-L", "l" -> {
          if (namesOnly) {
            return CommandResult.ok(
                Commands.lines(kernel.ipSets().list().stream().map(IpSet::name).toList()));
          }
          return CommandResult.ok(kernel.ipSets().listing(name));
        }
        case "save", "-S", "s" -> {
          return CommandResult.ok(kernel.ipSets().save(name));
        }
        case "test", "-T", "t" -> {
          if (words.size() < 3) {
            throw usage("test");
          }
          boolean in = kernel.ipSets().test(words.get(1), words.get(2));
          var line = words.get(2) + (in ? " is in set " : " is NOT in set ") + words.get(1) + ".";
          return in
              ? new CommandResult("", "Warning: " + line + "\n", 0)
              : CommandResult.failed(1, line);
        }
        case "version", "-v" -> {
          return CommandResult.ok("ipset v7.17, protocol version: 7\n");
        }
        case "" -> {
          return CommandResult.failed(1, "ipset v7.17: No command specified");
        }
        default -> {
          kernel.ipSets().run(words);
          return CommandResult.ok("");
        }
      }
    } catch (IpSetException e) {
      return CommandResult.failed(1, "ipset v7.17: " + e.getMessage());
    } catch (UsageException e) {
      return CommandResult.failed(1, "ipset v7.17: " + e.getMessage());
    }
  }

  /** A command that lacks an argument. */
  private static final class UsageException extends Exception {
    UsageException(String message) {
      super(message);
    }
  }

  private static UsageException usage(String command) {
    return new UsageException("Missing mandatory argument to command " + command);
  }
}
