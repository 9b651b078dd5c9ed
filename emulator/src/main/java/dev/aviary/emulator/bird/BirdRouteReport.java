package dev.aviary.emulator.bird;

import dev.aviary.bgp.ExportView;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code show route …}. */
final class BirdRouteReport {
  private final BirdDaemon daemon;
  private final BirdTime time;
  private @Nullable Prefix prefix;
  private @Nullable Prefix lookup;
  private @Nullable String protocol;
  private @Nullable String export;
  private String exportMode = "";
  private boolean all;
  private boolean primary;
  private boolean filtered;
  private boolean count;
  private boolean stats;

  BirdRouteReport(BirdDaemon daemon, BirdTime time) {
    this.daemon = daemon;
    this.time = time;
  }

  private static String error(String text) {
    return new BirdReply().end("9001", text);
  }

  String answer(BirdWords words) {
    while (!words.isEmpty()) {
      var wrong = argument(words);
      if (wrong.isPresent()) {
        return wrong.get();
      }
    }
    return print();
  }

  /** Takes the next argument; the reply if it is wrong. */
  private Optional<String> argument(BirdWords words) {
    var word = words.next();
    switch (word) {
      case "all" -> all = true;
      case "primary" -> primary = true;
      case "filtered" -> filtered = true;
      case "count" -> count = true;
      case "stats" -> stats = true;
      case "table" -> {
        var table = words.next();
        return table.equals("master")
            ? Optional.empty()
            : Optional.of(error(table.isEmpty() ? "syntax error" : table + " is not a table"));
      }
      case "protocol" -> {
        protocol = words.next();
        return known(protocol);
      }
      case "export", "noexport", "preexport" -> {
        exportMode = word;
        export = words.next();
        return known(export);
      }
      case "for" -> {
        lookup = parse(words.next());
        return lookup == null ? Optional.of(error("syntax error")) : Optional.empty();
      }
      case "filter", "where" -> {
        return Optional.of(
            new BirdReply()
                .end("8000", "'show route " + word + "' is not there in an emulated daemon"));
      }
      default -> {
        prefix = parse(word);
        return prefix == null || !word.contains("/")
            ? Optional.of(error("syntax error"))
            : Optional.empty();
      }
    }
    return Optional.empty();
  }

  private Optional<String> known(String name) {
    var found = daemon.protocols().stream().filter(p -> p.name().equals(name)).findFirst();
    if (found.isEmpty()) {
      return Optional.of(error(name.isEmpty() ? "syntax error" : name + " is not a protocol"));
    }
    return found.get().isDown() && !exportMode.isEmpty()
        ? Optional.of(new BirdReply().end("8005", "Protocol is down"))
        : Optional.empty();
  }

  private static @Nullable Prefix parse(String text) {
    if (text.contains("/")) {
      return Prefix.parse(text).orElse(null);
    }
    return IpAddress.parse(text)
        .map(address -> Prefix.of(address, address.family() == IpFamily.IPV4 ? 32 : 128))
        .orElse(null);
  }

  private String print() {
    var table = filtered ? List.<BirdDaemon.Entry>of() : daemon.routes();
    var wanted = prefix;
    if (lookup != null) {
      wanted = longest(table, lookup);
    }
    if (lookup != null || prefix != null) {
      var asked = wanted;
      if (asked == null || table.stream().noneMatch(e -> e.route().prefix().equals(asked))) {
        return new BirdReply().end("8001", "Network not in table");
      }
      table = table.stream().filter(e -> e.route().prefix().equals(asked)).toList();
    }
    var shown = new ArrayList<BirdRoute>();
    for (var entry : table) {
      shown(entry).ifPresent(shown::add);
    }
    var reply = new BirdReply();
    if (!count) {
      list(shown, reply);
    }
    return count || stats
        ? reply.end(
            "0014",
            "%d of %d routes for %d networks"
                .formatted(shown.size(), table.size(), networks(table)))
        : reply.end();
  }

  private static int networks(List<BirdDaemon.Entry> table) {
    var found = new HashSet<Prefix>();
    table.forEach(entry -> found.add(entry.route().prefix()));
    return found.size();
  }

  private static @Nullable Prefix longest(List<BirdDaemon.Entry> table, Prefix target) {
    Prefix found = null;
    for (var entry : table) {
      var candidate = entry.route().prefix();
      if (candidate.length() <= target.length()
          && candidate.contains(target.address())
          && (found == null || candidate.length() > found.length())) {
        found = candidate;
      }
    }
    return found;
  }

  private Optional<BirdRoute> shown(BirdDaemon.Entry entry) {
    var route = entry.route();
    if ((protocol != null && !route.protocol().equals(protocol))
        || ((primary || export != null) && !route.best())) {
      return Optional.empty();
    }
    if (export == null) {
      return Optional.of(route);
    }
    if (export.equals("kernel1")) {
      boolean written = daemon.isInKernel(entry);
      return written == exportMode.equals("export") ? Optional.of(route) : Optional.empty();
    }
    return switch (daemon.export(export, entry)) {
      case ExportView.Told(var leaves) ->
          switch (exportMode) {
            case "export" -> Optional.of(BirdDaemon.told(route, leaves));
            case "preexport" -> Optional.of(route);
            default -> Optional.empty();
          };
      case ExportView.Filtered _ ->
          exportMode.equals("export") ? Optional.empty() : Optional.of(route);
      case ExportView.Refused _ -> Optional.empty();
    };
  }

  private void list(List<BirdRoute> routes, BirdReply reply) {
    Prefix before = null;
    for (var route : routes) {
      reply.line("1007", route.line(time, route.prefix().equals(before)));
      before = route.prefix();
      if (all) {
        reply.line("1008", "\tType: " + route.source() + " unicast univ");
        route.attributes().forEach(line -> reply.line("1012", "\t" + line));
      }
    }
  }
}
