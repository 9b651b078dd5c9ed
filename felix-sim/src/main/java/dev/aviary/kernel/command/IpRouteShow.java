package dev.aviary.kernel.command;

import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.RouteQuery;
import dev.aviary.kernel.route.KernelRoute;
import dev.aviary.kernel.route.RouteProtocol;
import dev.aviary.kernel.route.RouteScope;
import dev.aviary.kernel.route.RouteText;
import dev.aviary.kernel.route.RouteType;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@code ip route show} and {@code ip route get}. */
final class IpRouteShow {
  private static final int KERNEL_ERROR = 2;
  private static final int USAGE = 255;

  private IpRouteShow() {}

  /** A selector of {@code ip route show} that cannot be read. */
  private static final class BadSelectorException extends Exception {
    BadSelectorException(String message) {
      super(message);
    }
  }

  /** Which routes are asked for. */
  private static final class Selection {
    private int table = KernelRoute.TABLE_MAIN;
    private boolean allTables;
    private Predicate<KernelRoute> wanted = _ -> true;

    void and(Predicate<KernelRoute> more) {
      wanted = wanted.and(more);
    }
  }

  static CommandResult show(Kernel kernel, IpCommand.Options options, List<String> words) {
    var selection = new Selection();
    try {
      select(selection, options.family(), words);
    } catch (BadSelectorException e) {
      return CommandResult.failed(USAGE, "Error: " + e.getMessage());
    }
    var routes = new ArrayList<KernelRoute>();
    if (selection.allTables) {
      for (int number : kernel.fib().tableNumbers(options.family())) {
        routes.addAll(kernel.fib().routes(options.family(), number));
      }
    } else {
      routes.addAll(kernel.fib().routes(options.family(), selection.table));
    }
    routes.removeIf(selection.wanted.negate());
    var style = RouteText.Style.PLAIN;
    if (selection.allTables) {
      style = RouteText.Style.ALL_TABLES;
    } else if (options.details()) {
      style = RouteText.Style.DETAILS;
    }
    if (options.json()) {
      var list = new StringJoiner(",", "[", "]\n");
      for (var route : routes) {
        list.add(RouteText.json(route, style));
      }
      return CommandResult.ok(list.toString());
    }
    var out = new StringBuilder();
    for (var route : routes) {
      out.append(RouteText.line(route, style)).append('\n');
    }
    return CommandResult.ok(out.toString());
  }

  private static void select(Selection selection, IpFamily family, List<String> words)
      throws BadSelectorException {
    for (int i = 0; i < words.size(); i++) {
      var word = words.get(i);
      switch (word) {
        case "table" -> table(selection, value(words, ++i));
        case "dev" -> {
          var device = value(words, ++i);
          selection.and(route -> route.uses(device));
        }
        case "proto", "protocol" -> {
          var text = value(words, ++i);
          var protocol =
              RouteProtocol.parse(text)
                  .orElseThrow(() -> new BadSelectorException(invalid(text, "protocol")));
          selection.and(route -> route.protocol().equals(protocol));
        }
        case "scope" -> {
          var text = value(words, ++i);
          var scope =
              RouteScope.parse(text)
                  .orElseThrow(() -> new BadSelectorException(invalid(text, "scope")));
          selection.and(route -> route.scope() == scope);
        }
        case "type" -> {
          var text = value(words, ++i);
          var type =
              RouteType.parse(text)
                  .orElseThrow(() -> new BadSelectorException(invalid(text, "type")));
          selection.and(route -> route.type() == type);
        }
        case "via" -> {
          var gateway = value(words, ++i);
          selection.and(route -> gateway.equals(String.valueOf(route.gateway())));
        }
        case "root" -> {
          var prefix = prefix(value(words, ++i), family);
          selection.and(route -> prefix.contains(route.destination()));
        }
        case "match" -> {
          var prefix = prefix(value(words, ++i), family);
          selection.and(route -> route.destination().contains(prefix));
        }
        default -> {
          boolean named = word.equals("to") || word.equals("exact");
          var prefix = prefix(named ? value(words, ++i) : word, family);
          selection.and(route -> route.destination().equals(prefix));
        }
      }
    }
  }

  private static String invalid(String text, String what) {
    return "argument \"" + text + "\" is wrong: invalid \"" + what + "\"";
  }

  private static String value(List<String> words, int at) throws BadSelectorException {
    if (at >= words.size()) {
      throw new BadSelectorException("Command line is not complete. Try option \"help\"");
    }
    return words.get(at);
  }

  private static void table(Selection selection, String text) throws BadSelectorException {
    if (text.equals("all")) {
      selection.allTables = true;
      return;
    }
    selection.table =
        RouteText.parseTable(text)
            .orElseThrow(
                () ->
                    new BadSelectorException(
                        "argument \"" + text + "\" is wrong: table id value is invalid"));
  }

  private static Prefix prefix(String text, IpFamily family) throws BadSelectorException {
    if (text.equals("default")) {
      return KernelRoute.everything(family);
    }
    var parsed =
        text.indexOf('/') < 0 ? IpAddress.parse(text).map(IpAddress::toPrefix) : Prefix.parse(text);
    return parsed
        .filter(prefix -> prefix.family() == family)
        .orElseThrow(
            () ->
                new BadSelectorException(
                    (family == IpFamily.IPV4 ? "inet" : "inet6")
                        + " prefix is expected rather than \""
                        + text
                        + "\"."));
  }

  static CommandResult get(Kernel kernel, IpCommand.Options options, List<String> words) {
    IpAddress destination = null;
    IpAddress source = null;
    String oif = null;
    int mark = 0;
    try {
      for (int i = 0; i < words.size(); i++) {
        var word = words.get(i);
        switch (word) {
          case "from" -> source = address(value(words, ++i));
          case "oif", "dev" -> oif = value(words, ++i);
          case "mark" -> mark = Integer.decode(value(words, ++i));
          case "to" -> destination = address(value(words, ++i));
          default -> destination = address(word);
        }
      }
    } catch (BadSelectorException e) {
      return CommandResult.failed(1, "Error: " + e.getMessage());
    } catch (NumberFormatException _) {
      return CommandResult.failed(USAGE, "Error: argument is wrong: \"mark\" value is invalid");
    }
    if (destination == null) {
      return CommandResult.failed(USAGE, "need at least a destination address");
    }
    return answer(RouteQuery.ask(kernel, destination, source, mark, oif), destination, source);
  }

  private static IpAddress address(String text) throws BadSelectorException {
    return IpAddress.parse(text)
        .orElseThrow(
            () ->
                new BadSelectorException("inet prefix is expected rather than \"" + text + "\"."));
  }

  private static CommandResult answer(
      RouteQuery.Answer answer, IpAddress destination, @Nullable IpAddress source) {
    return switch (answer) {
      case RouteQuery.Refused(var message) ->
          CommandResult.failed(KERNEL_ERROR, "RTNETLINK answers: " + message);
      case RouteQuery.Found found -> {
        var out = new StringBuilder();
        var cache = "";
        var quirk = "";
        switch (found.type()) {
          case LOCAL -> {
            out.append("local ");
            cache = " <local>";
          }
          case BROADCAST -> {
            out.append("broadcast ");
            cache = " <local,brd>";
          }
          case MULTICAST -> {
            out.append("multicast ");
            cache = " <local,mc>";
            // The bit that marks multicast is one that iproute2 takes for this flag.
            quirk = "rt_offload_failed ";
          }
          case UNICAST, ANYCAST, BLACKHOLE, UNREACHABLE, PROHIBIT, THROW -> {}
        }
        out.append(destination).append(' ');
        if (source != null) {
          out.append("from ").append(source).append(' ');
        }
        if (found.gateway() != null) {
          out.append("via ").append(found.gateway()).append(' ');
        }
        out.append("dev ").append(found.device()).append(' ');
        if (found.source() != null && source == null) {
          out.append("src ").append(found.source()).append(' ');
        }
        boolean v6 = destination.family() == IpFamily.IPV6;
        if (v6) {
          out.append("metric ").append(found.metric()).append(" pref medium\n");
        } else {
          out.append(quirk).append("uid 0 \n    cache").append(cache).append(" \n");
        }
        yield CommandResult.ok(out.toString());
      }
    };
  }
}
