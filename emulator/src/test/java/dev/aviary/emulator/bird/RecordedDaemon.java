package dev.aviary.emulator.bird;

import dev.aviary.emulator.bird.BirdConfigurationReader.BadConfigurationException;
import dev.aviary.net.IpFamily;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A daemon as a recording shows it: its configuration, and the facts that replies of one moment
 * say. What those do not say, such as what is exported where, comes out of the configuration.
 */
final class RecordedDaemon implements BirdState {

  private final BirdRelease release;
  private final BirdReconfiguration reconfiguration;
  private final RecordedExports exports = new RecordedExports(this);
  private final Set<String> disabled = new HashSet<>();
  private Map<String, BirdProtocol> protocols = Map.of();
  private List<BirdTable> tables = List.of();
  private List<BirdInterface> interfaces = List.of();
  private List<String> status = List.of();
  private List<String> recovery = List.of();
  private List<Bfd> bfd = List.of();
  private Memory memory = new Memory(List.of());
  private Map<String, List<BirdRoute>> adjacent = Map.of();
  private boolean complete;
  private boolean detailed;
  private Progress progress = Progress.RUNNING;

  RecordedDaemon(Recording recording) throws BadConfigurationException {
    var version = recording.version();
    boolean two = version.startsWith("2.");
    release =
        new BirdRelease(
            two ? BirdDialect.BIRD_2_0 : BirdDialect.BIRD_1_6, version, !version.startsWith("v"));
    var files = new LinkedHashMap<>(recording.files());
    var main =
        files.keySet().stream()
            .filter(name -> name.matches("bird6?\\.(cfg|conf)"))
            .findFirst()
            .orElseThrow();
    // The recordings were made in folders below /lab.
    files.put("/lab/" + main, recording.files().getOrDefault(main, ""));
    var own =
        new BirdReconfiguration.Files() {
          @Override
          public BirdConfiguration read(String file) throws BadConfigurationException {
            return BirdConfigurationReader.read(files, file, release.dialect());
          }

          @Override
          public boolean follow(BirdConfiguration next, boolean soft) {
            return goesDown(next);
          }
        };
    reconfiguration = new BirdReconfiguration(own, own.read("/lab/" + main));
  }

  /** True if a protocol that is up is not in {@code next}. */
  private boolean goesDown(BirdConfiguration next) {
    return protocols.values().stream()
        .anyMatch(p -> next.protocol(p.name()).isEmpty() && p.state().equals("up"));
  }

  // ---- facts

  /** Takes on what the replies of one moment say; the last ones count most. */
  void learn(List<Recording.Command> moment) {
    var known = new LinkedHashMap<String, BirdProtocol>();
    var full = new HashSet<String>();
    Optional<List<String>> listed = Optional.empty();
    var routes = new RecordedTables(release);
    var near = new LinkedHashMap<String, List<BirdRoute>>();
    for (var each : moment) {
      var reply = each.reply().orElse("");
      var command = each.text().strip().replaceAll("\\s+", " ");
      if (command.startsWith("show protocols")) {
        var found = RecordedProtocols.of(reply, release.is2());
        if (command.equals("show protocols") || command.equals("show protocols all")) {
          listed = Optional.of(found.stream().map(f -> f.protocol().name()).toList());
        }
        for (var one : found) {
          var name = one.protocol().name();
          if (one.full()) {
            full.add(name);
            known.put(name, one.protocol());
          } else {
            known.merge(
                name,
                one.protocol(),
                (before, row) -> full.contains(name) ? rowOf(row, before) : row);
          }
        }
      } else if (command.startsWith("show route")) {
        routes.learn(command, reply);
        if (command.contains(" import table ") || command.contains(" export table ")) {
          near.put(
              command.replaceAll(".*(import|export) table (\\S+).*", "$1 $2"),
              RecordedRoutes.of(reply).stream().map(RecordedRoutes.Found::route).toList());
        }
      } else if (command.startsWith("show interfaces") && !command.contains("summary")) {
        interfaces = RecordedFacts.interfaces(reply);
      } else if (command.equals("show status")) {
        status = ReplyLines.texts(reply, "1011");
        recovery = ReplyLines.texts(reply, "0024");
        progress =
            reply.contains("Reconfiguration in progress")
                ? Progress.RECONFIGURING
                : Progress.RUNNING;
      } else if (command.equals("configure status")) {
        progress =
            reply.contains("Reconfiguration in progress")
                ? Progress.RECONFIGURING
                : Progress.RUNNING;
      } else if (command.equals("show memory")) {
        memory = RecordedFacts.memory(reply);
      } else if (command.startsWith("show bfd sessions")) {
        bfd = RecordedFacts.bfd(reply);
      }
    }
    protocols = arrange(known, listed);
    tables = routes.tables(reconfiguration.current());
    complete = routes.isComplete();
    detailed = routes.isDetailed();
    adjacent = near;
  }

  /** A newer row with the details that were told before it, if it says the same. */
  private static BirdProtocol rowOf(BirdProtocol r, BirdProtocol before) {
    return r.state().equals(before.state()) && r.about().equals(before.about()) ? before : r;
  }

  private Map<String, BirdProtocol> arrange(
      Map<String, BirdProtocol> known, Optional<List<String>> listed) {
    var names =
        listed.orElseGet(() -> configuration().protocols().stream().map(s -> s.name()).toList());
    var all = new LinkedHashMap<String, BirdProtocol>();
    for (var name : names) {
      var said = known.get(name);
      all.put(
          name,
          said == null
              ? configured(name)
              : said.channels().isEmpty() && configuration().protocol(name).isPresent()
                  ? withChannels(said)
                  : said);
    }
    return all;
  }

  /** A row without details: its channels are those of the configuration. */
  private BirdProtocol withChannels(BirdProtocol row) {
    return new BirdProtocol(
        row.name(),
        row.kind(),
        row.table(),
        row.state(),
        row.since(),
        row.about(),
        row.description(),
        row.message(),
        row.session(),
        channels(configuration().protocol(row.name()).orElseThrow(), row.state().equals("up")),
        row.pipe().or(() -> pipe(configuration().protocol(row.name()).orElseThrow())));
  }

  private static Optional<BirdPipe> pipe(BirdConfiguration.Section section) {
    return section
        .option("peer", "table")
        .map(
            peer ->
                new BirdPipe(
                    section.option("table").map(o -> o.word(1)).orElse("master4"),
                    peer.word(2),
                    "",
                    "",
                    "",
                    "",
                    BirdCounts.own(0, 0)));
  }

  /** A protocol of which no reply says more than that it is configured. */
  private BirdProtocol configured(String name) {
    var section = configuration().protocol(name).orElseThrow();
    var kind = section.kind();
    return new BirdProtocol(
        name,
        switch (kind) {
          case "bgp", "bfd" -> kind.toUpperCase(java.util.Locale.ROOT);
          default -> kind.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + kind.substring(1);
        },
        "",
        disabled.contains(name) ? "down" : "up",
        Instant.EPOCH,
        BirdProtocol.About.NOTHING,
        "",
        "",
        Optional.empty(),
        channels(section, !disabled.contains(name)),
        pipe(section));
  }

  private static List<BirdChannel> channels(BirdConfiguration.Section section, boolean up) {
    var channels = new ArrayList<BirdChannel>();
    for (var channel : section.channels()) {
      channels.add(
          new BirdChannel(
              channel.kind(),
              up ? "UP" : "DOWN",
              channel.kind().equals("ipv4") ? "master4" : "master6",
              0,
              "",
              "",
              List.of(),
              Optional.empty(),
              Optional.empty(),
              "",
              List.of(),
              List.of()));
    }
    return channels;
  }

  /** True if all routes of the tables are known. */
  boolean isComplete() {
    return complete;
  }

  /** True if the attributes of all routes are known that are known. */
  boolean isDetailed() {
    return detailed;
  }

  boolean knowsMemory() {
    return !memory.parts().isEmpty();
  }

  boolean knowsInterfaces() {
    return !interfaces.isEmpty();
  }

  boolean knowsStatus() {
    return !status.isEmpty();
  }

  boolean knowsBfd() {
    return !bfd.isEmpty()
        || configuration().protocols().stream().noneMatch(s -> s.kind().equals("bfd"));
  }

  /** Who told {@code route}: its session's neighbor, by identifier. */
  String neighborId(BirdRoute route) {
    return Optional.ofNullable(protocols.get(route.protocol()))
        .flatMap(BirdProtocol::session)
        .flatMap(BirdSession::agreed)
        .map(BirdSession.Agreed::neighborId)
        .orElseGet(
            () ->
                configuration()
                    .protocol(route.protocol())
                    .orElseThrow()
                    .option("neighbor")
                    .orElseThrow()
                    .word(1));
  }

  // ---- BirdState

  @Override
  public BirdRelease release() {
    return release;
  }

  private String said(String start) {
    return status.stream()
        .filter(line -> line.startsWith(start))
        .map(line -> line.substring(start.length()))
        .findFirst()
        .orElse("");
  }

  @Override
  public String routerId() {
    return said("Router ID is ");
  }

  @Override
  public String hostname() {
    return said("Hostname is ");
  }

  @Override
  public Instant started() {
    return RecordedTime.whole(said("Last reboot on "));
  }

  @Override
  public Instant reconfigured() {
    return RecordedTime.whole(said("Last reconfiguration on "));
  }

  @Override
  public Progress progress() {
    return progress;
  }

  @Override
  public Optional<Recovery> recovery() {
    if (recovery.isEmpty()) {
      return Optional.empty();
    }
    var timer = recovery.get(2).replaceAll("[^0-9./]", "").split("/", -1);
    return Optional.of(
        new Recovery(
            Integer.parseInt(recovery.get(1).replaceAll("\\D", "")),
            new BirdTimer(
                RecordedFacts.millis(timer[0]), Duration.ofSeconds(Long.parseLong(timer[1])))));
  }

  @Override
  public List<BirdProtocol> protocols() {
    return List.copyOf(protocols.values());
  }

  @Override
  public List<BirdTable> tables() {
    return tables;
  }

  @Override
  public Optional<BirdTable> adjacent(BirdRouteQuery.Adjacent asked) {
    var side = asked.in() ? "import" : "export";
    var kept =
        configuration()
            .protocol(asked.protocol())
            .map(section -> section.channel(asked.channel()))
            .flatMap(channel -> channel.option(side, "table", "on"));
    if (kept.isEmpty()) {
      return Optional.empty();
    }
    var routes = adjacent.get(side + " " + asked.name());
    return Optional.of(
        new BirdTable(
            side,
            asked.channel().equals("ipv4") ? IpFamily.IPV4 : IpFamily.IPV6,
            true,
            routes == null ? List.of() : routes,
            List.of()));
  }

  @Override
  public List<BirdInterface> interfaces() {
    return interfaces;
  }

  @Override
  public Memory memory() {
    return memory;
  }

  @Override
  public List<StaticRoute> statics() {
    var found = new ArrayList<StaticRoute>();
    for (var section : configuration().protocols()) {
      if (section.kind().equals("static")) {
        section.all("route").forEach(o -> found.add(BirdStatics.of(section.name(), o)));
      }
    }
    return found;
  }

  @Override
  public List<Bfd> bfd() {
    return bfd;
  }

  @Override
  public BirdConfiguration configuration() {
    return reconfiguration.current();
  }

  @Override
  public BirdReconfiguration reconfiguration() {
    return reconfiguration;
  }

  @Override
  public Offer offer(String protocol, BirdRoute route) {
    return exports.offer(protocol, route);
  }

  @Override
  public Selection selection(String protocol) {
    var section = configuration().protocol(protocol);
    if (section.map(s -> s.option("merge", "paths", "on").isPresent()).orElse(false)) {
      return Selection.MERGED;
    }
    boolean many =
        section
            .filter(s -> s.kind().equals("bgp"))
            .map(
                s ->
                    s.option("add", "paths", "on").isPresent()
                        || s.channels().stream()
                            .anyMatch(c -> c.option("add", "paths", "on").isPresent()))
            .orElse(false);
    return many ? Selection.ALL : Selection.BEST;
  }

  @Override
  public Control control(Action action, BirdProtocol protocol, String message) {
    var name = protocol.name();
    boolean down = disabled.contains(name);
    return switch (action) {
      case DISABLE -> disabled.add(name) ? Control.DONE : Control.ALREADY;
      case ENABLE -> disabled.remove(name) ? Control.DONE : Control.ALREADY;
      case RESTART -> down ? Control.ALREADY : Control.DONE;
    };
  }

  @Override
  public boolean reload(BirdProtocol protocol, boolean in, boolean out) {
    return switch (protocol.kind()) {
      case "BGP", "Kernel" -> true;
      case "Static", "Device" -> release.is2();
      default -> false;
    };
  }

  @Override
  public void shutdown() {
    progress = Progress.STOPPING;
  }
}
