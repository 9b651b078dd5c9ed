package dev.aviary.kernel.command;

import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.kernel.route.RouteChange;
import dev.aviary.kernel.route.RouteParser;
import dev.aviary.kernel.route.RouteText;
import dev.aviary.net.IpAddress;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** {@code ip route}. */
final class IpRoute {
  private static final int KERNEL_ERROR = 2;
  private static final int USAGE = 255;

  private IpRoute() {}

  static CommandResult run(Kernel kernel, IpCommand.Options options, List<String> words) {
    var command = words.isEmpty() ? "show" : words.getFirst();
    var rest = words.isEmpty() ? words : words.subList(1, words.size());
    return switch (command) {
      case "add", "a" -> change(kernel, options, rest, kernel::addRoute);
      case "replace" -> change(kernel, options, rest, kernel::replaceRoute);
      case "change", "chg" -> change(kernel, options, rest, kernel::replaceRoute);
      case "append" -> change(kernel, options, rest, kernel.fib()::append);
      case "del", "delete", "d" -> delete(kernel, options, rest);
      case "show", "list", "ls", "lst" -> IpRouteShow.show(kernel, options, rest);
      case "get" -> IpRouteShow.get(kernel, options, rest);
      case "flush" -> flush(kernel, options, rest);
      default ->
          CommandResult.failed(
              USAGE, "Command \"" + command + "\" is unknown, try \"ip route help\".");
    };
  }

  @FunctionalInterface
  private interface Change {
    RouteChange apply(KernelRoute route);
  }

  private static CommandResult change(
      Kernel kernel, IpCommand.Options options, List<String> words, Change change) {
    try {
      var parsed = RouteParser.parse(options.family(), words, gateway -> device(kernel, gateway));
      for (var hop : parsed.route().nextHops()) {
        if (kernel.links().find(hop.device()).isEmpty()) {
          return CommandResult.failed(1, "Cannot find device \"" + hop.device() + "\"");
        }
      }
      return answer(change.apply(parsed.route()));
    } catch (RouteParser.BadRouteException e) {
      return usage(e);
    }
  }

  private static CommandResult usage(RouteParser.BadRouteException e) {
    var message = String.valueOf(e.getMessage());
    if (message.equals("Nexthop has invalid gateway.") || message.equals("No such device")) {
      var prefix = message.startsWith("Nexthop") ? "Error: " : "RTNETLINK answers: ";
      return CommandResult.failed(KERNEL_ERROR, prefix + message);
    }
    return CommandResult.failed(USAGE, "Error: " + message);
  }

  private static CommandResult answer(RouteChange change) {
    return switch (change) {
      case DONE -> CommandResult.ok("");
      case NEXTHOP_INVALID -> CommandResult.failed(KERNEL_ERROR, "Error: " + change.text());
      case FILE_EXISTS,
          NO_SUCH_PROCESS,
          NO_SUCH_FILE,
          NETWORK_UNREACHABLE,
          NETWORK_DOWN,
          NO_DEVICE ->
          CommandResult.failed(KERNEL_ERROR, "RTNETLINK answers: " + change.text());
    };
  }

  private static CommandResult flush(Kernel kernel, IpCommand.Options options, List<String> words) {
    int at = words.indexOf("table");
    int table =
        at >= 0 && at + 1 < words.size()
            ? RouteText.parseTable(words.get(at + 1)).orElse(-1)
            : KernelRoute.TABLE_MAIN;
    kernel.fib().deleteAll(options.family(), route -> route.table() == table);
    return CommandResult.ok("");
  }

  /** The device by which a gateway is directly reached. */
  static Optional<String> device(Kernel kernel, IpAddress gateway) {
    for (var link : kernel.links().list()) {
      for (var own : link.addresses(gateway.family())) {
        if (link.isUp() && own.prefix().contains(gateway)) {
          return Optional.of(link.name());
        }
      }
    }
    for (var route : kernel.fib().routes(gateway.family())) {
      var device = route.device();
      if (device != null
          && route.gateway() == null
          && route.destination().length() > 0
          && route.destination().contains(gateway)) {
        return Optional.of(device);
      }
    }
    return Optional.empty();
  }

  private static CommandResult delete(
      Kernel kernel, IpCommand.Options options, List<String> words) {
    try {
      var known = words.contains("dev") || words.contains("via");
      var parsed =
          RouteParser.parse(
              options.family(), known ? words : withDevice(words), _ -> Optional.of("*"));
      var wanted = parsed.route();
      Predicate<KernelRoute> test =
          route ->
              (!parsed.typeGiven() || route.type() == wanted.type())
                  && (!parsed.protocolGiven() || route.protocol().equals(wanted.protocol()))
                  && (parsed.metric() == null || route.metric() == wanted.metric())
                  && (parsed.gateway() == null || parsed.gateway().equals(route.gateway()))
                  && (parsed.device() == null
                      || parsed.device().equals("*")
                      || route.uses(parsed.device()));
      var gone = kernel.fib().delete(options.family(), wanted.table(), wanted.destination(), test);
      return answer(gone.isEmpty() ? RouteChange.NO_SUCH_PROCESS : RouteChange.DONE);
    } catch (RouteParser.BadRouteException e) {
      return usage(e);
    }
  }

  /** A deletion need not say by which device the route went. */
  private static List<String> withDevice(List<String> words) {
    var all = new java.util.ArrayList<>(words);
    all.add("dev");
    all.add("*");
    return all;
  }
}
