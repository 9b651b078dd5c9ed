package dev.aviary.kernel.command;

import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.conntrack.Conntrack;
import dev.aviary.kernel.conntrack.ConntrackEntry;
import dev.aviary.kernel.conntrack.ConntrackEvents;
import dev.aviary.kernel.conntrack.ConntrackText;
import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** {@code conntrack}: -L, -D, -F, -C, -E with its filters, which look at the original tuple. */
final class ConntrackCommand {
  private static final String NAME = "conntrack v1.4.7 (conntrack-tools): ";

  private final Kernel kernel;
  private final List<Predicate<ConntrackEntry>> filters = new ArrayList<>();
  private String command = "";
  private final Set<ConntrackEvents.Kind> kinds = EnumSet.allOf(ConntrackEvents.Kind.class);
  private final List<String> words;
  private boolean extended;
  private boolean id;
  private boolean timestamp;

  private ConntrackCommand(Kernel kernel, List<String> words) {
    this.kernel = kernel;
    this.words = words;
  }

  static CommandResult run(Kernel kernel, List<String> arguments) {
    return new ConntrackCommand(kernel, arguments).run(arguments);
  }

  private static CommandResult usage(String message) {
    return CommandResult.failed(
        2, NAME + message + "\nTry `conntrack -h' or 'conntrack --help' for more information.");
  }

  private CommandResult run(List<String> arguments) {
    for (int i = 0; i < arguments.size(); i++) {
      var word = arguments.get(i);
      switch (word) {
        case "-L", "--dump" -> command = "-L";
        case "-D", "--delete" -> command = "-D";
        case "-F", "--flush" -> command = "-F";
        case "-C", "--count" -> command = "-C";
        case "-E", "--event" -> command = "-E";
        case "-n", "--src-nat" -> filters.add(entry -> isIcmp(entry) || entry.isSourceNat());
        case "-g", "--dst-nat" -> filters.add(entry -> isIcmp(entry) || entry.isDestinationNat());
        case "-j", "--any-nat" ->
            filters.add(entry -> isIcmp(entry) || entry.isSourceNat() || entry.isDestinationNat());
        default -> {
          if (!word.startsWith("-")) {
            if (!word.equals("conntrack")) {
              return usage("Bad parameter `" + word + "'");
            }
            continue;
          }
          if (i + 1 >= arguments.size()) {
            return usage("unknown option `" + word + "'");
          }
          var refusal = option(word, arguments.get(++i));
          if (refusal != null) {
            return refusal;
          }
        }
      }
    }
    return perform();
  }

  private @org.jspecify.annotations.Nullable CommandResult option(String word, String value) {
    switch (word) {
      case "-p", "--proto" -> {
        var protocol = IpProtocol.parse(value);
        if (protocol.isEmpty()) {
          return usage("`" + value + "' unsupported protocol");
        }
        int number = protocol.get();
        filters.add(entry -> entry.original().protocol() == number);
      }
      case "-f", "--family" -> {
        var family = value.equals("ipv6") ? IpFamily.IPV6 : IpFamily.IPV4;
        filters.add(entry -> Conntrack.family(entry) == family);
      }
      case "-o", "--output" -> {
        for (var each : value.split(",", -1)) {
          switch (each) {
            case "extended" -> extended = true;
            case "id" -> id = true;
            case "timestamp" -> timestamp = true;
            default -> {
              return usage("unknown argument `" + each + "'");
            }
          }
        }
      }
      case "-e", "--event-mask" -> {
        return mask(value);
      }
      case "-s", "--src", "--orig-src" -> {
        return address(value, a -> filters.add(e -> e.original().source().equals(a)));
      }
      case "-d", "--dst", "--orig-dst" -> {
        return address(value, a -> filters.add(e -> e.original().destination().equals(a)));
      }
      case "-r", "--reply-src" -> {
        return address(value, a -> filters.add(e -> e.reply().source().equals(a)));
      }
      case "-q", "--reply-dst" -> {
        return address(value, a -> filters.add(e -> e.reply().destination().equals(a)));
      }
      case "--sport", "--orig-port-src" ->
          filters.add(e -> Integer.toString(e.original().sourceKey()).equals(value));
      case "--dport", "--orig-port-dst" ->
          filters.add(e -> Integer.toString(e.original().destinationKey()).equals(value));
      case "--state" -> filters.add(e -> e.stateText().equals(value.toUpperCase(Locale.ROOT)));
      case "-m", "--mark" -> filters.add(e -> Integer.toUnsignedString(e.mark()).equals(value));
      default -> {
        return usage("unknown option `" + word + "'");
      }
    }
    return null;
  }

  private @org.jspecify.annotations.Nullable CommandResult mask(String value) {
    kinds.clear();
    for (var each : value.split(",", -1)) {
      switch (each) {
        case "ALL" -> kinds.addAll(EnumSet.allOf(ConntrackEvents.Kind.class));
        case "NEW" -> kinds.add(ConntrackEvents.Kind.NEW);
        case "UPDATES" -> kinds.add(ConntrackEvents.Kind.UPDATE);
        case "DESTROY" -> kinds.add(ConntrackEvents.Kind.DESTROY);
        default -> {
          return usage("unknown argument `" + each + "'");
        }
      }
    }
    return null;
  }

  private static @org.jspecify.annotations.Nullable CommandResult address(
      String text, Consumer<IpAddress> then) {
    var parsed = IpAddress.parse(text);
    if (parsed.isEmpty()) {
      return usage("Invalid IP address `" + text + "'");
    }
    then.accept(parsed.get());
    return null;
  }

  /** The tool compares an ICMP flow's identifier with its type, and so takes it for translated. */
  private static boolean isIcmp(ConntrackEntry entry) {
    return entry.original().protocol() == IpProtocol.ICMP;
  }

  private boolean wanted(ConntrackEntry entry) {
    return filters.stream().allMatch(filter -> filter.test(entry));
  }

  private CommandResult perform() {
    var table = kernel.conntrack();
    return switch (command) {
      case "-L" -> print(table.entries().stream().filter(this::wanted).toList(), "shown");
      case "-D" -> {
        var gone = table.delete(this::wanted);
        var printed = print(gone, "deleted");
        yield gone.isEmpty() ? new CommandResult("", printed.stderr(), 1) : printed;
      }
      case "-F" -> {
        table.flush();
        yield new CommandResult("", NAME + "connection tracking table has been emptied.\n", 0);
      }
      case "-C" -> CommandResult.ok(table.size() + "\n");
      case "-E" -> follow();
      default -> usage("You need to supply a command");
    };
  }

  /** The events since the same command was given before; the first time it begins to listen. */
  private CommandResult follow() {
    kernel.conntrack().size(); // what has ended meanwhile is told now
    var heard =
        kernel
            .monitors()
            .read(
                "conntrack " + String.join(" ", words),
                ear -> kernel.conntrack().events().add(event -> hear(event, ear)));
    if (heard == null) {
      return new CommandResult(
          "", NAME + "listening from now on; the same command says what came.\n", 0);
    }
    var loss = heard.lost() ? "WARNING: We have hit ENOBUFS! We are losing events.\n" : "";
    return new CommandResult(
        Commands.lines(heard.lines()),
        loss + NAME + heard.lines().size() + " flow events have been shown.\n",
        0);
  }

  private void hear(ConntrackEvents.Event event, Consumer<String> ear) {
    if (kinds.contains(event.kind()) && wanted(event.entry())) {
      var instant = kernel.clock().instant();
      var stamp =
          timestamp
              ? String.format(
                  Locale.ROOT, "[%08d.%06d]\t", instant.getEpochSecond(), instant.getNano() / 1000)
              : "";
      ear.accept(stamp + ConntrackText.event(event, kernel.conntrack().now(), extended, id));
    }
  }

  private CommandResult print(List<ConntrackEntry> entries, String what) {
    var out = new StringBuilder();
    for (var entry : entries) {
      out.append(ConntrackText.line(entry, kernel.conntrack().now(), extended, id)).append('\n');
    }
    return new CommandResult(
        out.toString(), NAME + entries.size() + " flow entries have been " + what + ".\n", 0);
  }
}
