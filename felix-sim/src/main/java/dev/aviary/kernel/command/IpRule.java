package dev.aviary.kernel.command;

import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.route.RouteParser;
import dev.aviary.kernel.route.RouteText;
import java.util.List;

/** {@code ip rule}. */
final class IpRule {
  private IpRule() {}

  static CommandResult run(Kernel kernel, IpCommand.Options options, List<String> words) {
    var command = words.isEmpty() ? "show" : words.getFirst();
    var rest = words.isEmpty() ? words : words.subList(1, words.size());
    try {
      switch (command) {
        case "add", "a" -> {
          var rule = RouteParser.rule(options.family(), rest, nextPriority(kernel, options));
          var done = kernel.fib().addRule(rule);
          return done.isDone()
              ? CommandResult.ok("")
              : CommandResult.failed(2, "RTNETLINK answers: " + done.text());
        }
        case "del", "delete", "d" -> {
          var rule = RouteParser.rule(options.family(), rest, -1);
          var done =
              kernel
                  .fib()
                  .deleteRule(
                      options.family(),
                      each ->
                          (rule.priority() < 0 || each.priority() == rule.priority())
                              && each.mark() == rule.mark()
                              && each.table() == rule.table());
          return done.isDone()
              ? CommandResult.ok("")
              : CommandResult.failed(2, "RTNETLINK answers: " + done.text());
        }
        case "show", "list", "ls", "lst" -> {
          return CommandResult.ok(show(kernel, options));
        }
        default -> {
          return CommandResult.failed(
              255, "Command \"" + command + "\" is unknown, try \"ip rule help\".");
        }
      }
    } catch (RouteParser.BadRouteException e) {
      return CommandResult.failed(255, "Error: " + e.getMessage());
    }
  }

  /** A new rule goes before the first one that is not the local one. */
  private static int nextPriority(Kernel kernel, IpCommand.Options options) {
    var rules = kernel.fib().rules(options.family());
    return rules.size() > 1 ? rules.get(1).priority() - 1 : 0;
  }

  private static String show(Kernel kernel, IpCommand.Options options) {
    var out = new StringBuilder();
    for (var rule : kernel.fib().rules(options.family())) {
      out.append(RouteText.rule(rule)).append('\n');
    }
    return out.toString();
  }
}
