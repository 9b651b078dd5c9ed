package dev.aviary.emulator.bird;

import dev.aviary.bgp.BgpSpeaker;
import dev.aviary.bgp.ExportView;
import dev.aviary.bgp.NeighborView;
import dev.aviary.bgp.RouteView;
import dev.aviary.bgp.SpeakerView;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.emulator.bird.BirdConfiguration.Section;
import dev.aviary.emulator.bird.BirdConfigurationReader.BadConfigurationException;
import dev.aviary.emulator.bird.filter.FilterRun;
import dev.aviary.emulator.confd.BirdFiles;
import dev.aviary.emulator.confd.BirdSpelling;
import dev.aviary.emulator.node.CalicoNode;
import dev.aviary.emulator.node.NodeBgp;
import dev.aviary.net.IpFamily;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One node's daemon: BIRD 1.6's for one family, or 2.0's for both, by what the node is. It outlives
 * its clients' dialogs. Used on the node's event loop.
 */
public final class BirdDaemon implements BirdState {
  private static final String FOLDER = "/etc/calico/confd/config/";

  private final CalicoNode node;
  private final IpFamily family;
  private final InstantSource clock;
  private final IdentityHashMap<BirdRoute, RouteView> spoken = new IdentityHashMap<>();
  private final DaemonParts parts;
  private Instant started;
  private Instant reconfigured;
  private List<NodeBgp> configuredFor = List.of();
  private BirdConfiguration configuration = BirdConfiguration.EMPTY;
  private BirdReconfiguration reconfiguration;

  /**
   * The daemon of {@code node} that serves {@code family}.
   *
   * @param started when it began to run
   */
  public BirdDaemon(CalicoNode node, IpFamily family, Instant started, InstantSource clock) {
    this.node = node;
    this.family = family;
    this.clock = clock;
    this.parts = new DaemonParts(node);
    this.started = started;
    this.reconfigured = started;
    this.reconfiguration = new BirdReconfiguration(new OwnFiles(), configuration);
  }

  /** A client's dialog, which shows times of {@code zone}. */
  public BirdConsole console(ZoneId zone) {
    return new BirdConsole(this, zone);
  }

  private boolean isTwo() {
    return node.facts().behavior() != Behavior.BIRD_16;
  }

  private NodeNames names() {
    return new NodeNames(isTwo());
  }

  private List<IpFamily> families() {
    return isTwo() ? List.of(IpFamily.values()) : List.of(family);
  }

  private Optional<SpeakerView> view(IpFamily of) {
    return node.speakerView(of);
  }

  @Override
  public BirdRelease release() {
    return isTwo() ? BirdRelease.BIRD_2 : BirdRelease.CALICO;
  }

  @Override
  public String routerId() {
    return node.bgp(family).map(NodeBgp::routerId).orElse("0.0.0.0");
  }

  @Override
  public String hostname() {
    return node.name();
  }

  @Override
  public Instant started() {
    return started;
  }

  @Override
  public Instant reconfigured() {
    return reconfigured;
  }

  @Override
  public Progress progress() {
    return Progress.RUNNING;
  }

  @Override
  public Optional<Recovery> recovery() {
    return Optional.empty();
  }

  @Override
  public List<BirdInterface> interfaces() {
    return node.kernel().links().list().stream()
        .map(link -> BirdInterface.of(link, families()))
        .toList();
  }

  // ---- the configuration: what confd writes from the resources

  private final class OwnFiles implements BirdReconfiguration.Files {
    @Override
    public BirdConfiguration read(String file) throws BadConfigurationException {
      var files = files();
      if (!files.containsKey(file)) {
        OperatorFiles.read(Path.of(file), files);
      }
      return BirdConfigurationReader.read(files, file, release().dialect());
    }

    @Override
    public boolean follow(BirdConfiguration next, boolean soft) {
      // confd's file is what the speaker follows already.
      reconfigured = clock.instant();
      return false;
    }
  }

  private List<NodeBgp> decided() {
    return families().stream().flatMap(each -> node.bgp(each).stream()).toList();
  }

  private String mainFile() {
    if (isTwo()) {
      return FOLDER + "bird.conf";
    }
    return FOLDER
        + switch (family) {
          case IPV4 -> "bird.cfg";
          case IPV6 -> "bird6.cfg";
        };
  }

  private Map<String, String> files() {
    var texts =
        BirdFiles.of(decided(), isTwo() ? BirdSpelling.BIRD_2_0 : BirdSpelling.CALICO).texts();
    var files = new HashMap<>(texts);
    texts.forEach((name, text) -> files.put(FOLDER + name, text));
    return files;
  }

  @Override
  public BirdConfiguration configuration() {
    var decided = decided();
    if (!decided.equals(configuredFor)) {
      try {
        configuration = BirdConfigurationReader.read(files(), mainFile(), release().dialect());
      } catch (BadConfigurationException e) {
        throw new IllegalStateException("confd's own file: " + e.getMessage(), e);
      }
      configuredFor = decided;
      reconfiguration = new BirdReconfiguration(new OwnFiles(), configuration);
    }
    return configuration;
  }

  @Override
  public BirdReconfiguration reconfiguration() {
    configuration();
    return reconfiguration;
  }

  // ---- routes

  @Override
  public List<BirdTable> tables() {
    spoken.clear();
    var interfaces = interfaces();
    var routes = new NodeRoutes(node, names(), started);
    var tables = new ArrayList<BirdTable>();
    for (var each : families()) {
      tables.add(
          new BirdTable(
              names().table(each),
              each,
              true,
              routes.routes(each, interfaces, view(each), spoken).stream()
                  .filter(route -> !parts.isStopped(route.protocol()))
                  .toList(),
              List.of()));
    }
    return tables;
  }

  @Override
  public Optional<BirdTable> adjacent(BirdRouteQuery.Adjacent asked) {
    return Optional.empty();
  }

  @Override
  public List<StaticRoute> statics() {
    var found = new ArrayList<StaticRoute>();
    for (var section : configuration().protocols()) {
      if (section.kind().equals("static")) {
        section.all("route").forEach(option -> found.add(BirdStatics.of(section.name(), option)));
      }
    }
    return found;
  }

  @Override
  public List<Bfd> bfd() {
    return List.of();
  }

  @Override
  public Memory memory() {
    return NodeMemory.of(this);
  }

  // ---- exports

  private Optional<BgpSpeaker> speaker(String protocol) {
    return families().stream()
        .filter(each -> view(each).flatMap(v -> v.neighbor(protocol)).isPresent())
        .findFirst()
        .flatMap(node::speaker);
  }

  @Override
  public Selection selection(String protocol) {
    for (var each : families()) {
      if (names().kernel(each).equals(protocol)) {
        return Selection.MERGED;
      }
      var neighbor = view(each).flatMap(v -> v.neighbor(protocol));
      if (neighbor
          .flatMap(NeighborView::options)
          .map(o -> !o.addPathSend().isEmpty())
          .orElse(false)) {
        return Selection.ALL;
      }
    }
    return Selection.BEST;
  }

  @Override
  public Offer offer(String protocol, BirdRoute route) {
    if (names().kernel(route.prefix().family()).equals(protocol)) {
      return parts.isStopped(protocol) ? new Offer.Refused() : toKernel(protocol, route);
    }
    var speaker = speaker(protocol);
    if (speaker.isEmpty()) {
      return new Offer.Refused();
    }
    var known = Optional.ofNullable(spoken.get(route));
    if (known.isEmpty()) {
      return new Offer.Filtered(route); // Calico's filter lets blocks and services through
    }
    var view = speaker.get().exports(protocol, known.get().route());
    if (view.isEmpty()) {
      return new Offer.Refused();
    }
    return switch (view.get()) {
      case ExportView.Refused _ -> new Offer.Refused();
      case ExportView.Filtered _ -> new Offer.Filtered(route);
      // The filter has let it through: what cannot be said is found out later.
      case ExportView.Unsayable _ -> new Offer.Told(route, route);
      case ExportView.Told(var leaves, _) -> {
        var told = NodeRoutes.told(route, leaves, isTwo());
        yield new Offer.Told(told, told);
      }
    };
  }

  /** What the kernel protocol writes; 1.6 leaves the interfaces' own networks alone. */
  private Offer toKernel(String protocol, BirdRoute route) {
    boolean own = route.protocol().equals(protocol);
    if (own || (!isTwo() && route.source() == BirdRoute.Source.DEVICE)) {
      return new Offer.Refused();
    }
    if (node.isKeptOutOfKernel(route.prefix())) {
      return new Offer.Filtered(route);
    }
    var subject = new BirdSubject(route, release().dialect());
    exportFilter(protocol)
        .ifPresent(
            filter -> new FilterRun(configuration().definitions(), subject, !isTwo()).run(filter));
    return new Offer.Told(route, subject.route());
  }

  private Optional<dev.aviary.emulator.bird.filter.Statement> exportFilter(String protocol) {
    return configuration()
        .protocol(protocol)
        .map(section -> channel(section, family))
        .flatMap(section -> section.filtering("export"))
        .flatMap(BirdConfiguration.Option::filter);
  }

  private Section channel(Section section, IpFamily of) {
    return isTwo() ? section.channel(NodeNames.channel(of)) : section;
  }

  // ---- protocols

  @Override
  public List<BirdProtocol> protocols() {
    return new NodeProtocols(this, configuration(), names(), started).list();
  }

  List<IpFamily> servedFamilies() {
    return families();
  }

  Optional<SpeakerView> speakerView(IpFamily of) {
    return view(of);
  }

  // ---- control

  @Override
  public Control control(Action action, BirdProtocol protocol, String message) {
    var name = protocol.name();
    if (!protocol.kind().equals("BGP")) {
      return parts.control(action, protocol, served(protocol), clock.instant());
    }
    var speaker = speaker(name);
    if (speaker.isEmpty()) {
      return Control.IMPOSSIBLE;
    }
    var to = speaker.get();
    if (protocol.isDown() != (action == Action.ENABLE)) {
      return Control.ALREADY;
    }
    switch (action) {
      case DISABLE -> to.disable(name, message);
      case ENABLE -> to.enable(name);
      case RESTART -> to.restart(name, message);
    }
    return Control.DONE;
  }

  /** 2.0 has a kernel and a static protocol for each family. */
  private List<IpFamily> served(BirdProtocol protocol) {
    if (!isTwo() || protocol.channels().isEmpty()) {
      return families();
    }
    return families().stream()
        .filter(
            each ->
                protocol.channels().stream()
                    .anyMatch(channel -> channel.table().equals(names().table(each))))
        .toList();
  }

  /** Which of its own protocols an operator has stopped. */
  DaemonParts parts() {
    return parts;
  }

  @Override
  public boolean reload(BirdProtocol protocol, boolean in, boolean out) {
    return switch (protocol.kind()) {
      case "BGP" -> speaker(protocol.name()).map(s -> s.refresh(protocol.name())).orElse(false);
      case "Kernel" -> true;
      case "Static", "Device" -> isTwo();
      default -> false;
    };
  }

  /** On a node a daemon that stops is started again at once: every session begins anew. */
  @Override
  public void shutdown() {
    for (var each : families()) {
      view(each)
          .ifPresent(
              v ->
                  v.neighbors()
                      .forEach(n -> node.speaker(each).ifPresent(s -> s.restart(n.name(), ""))));
    }
    parts.startAll(families());
    started = clock.instant();
    reconfigured = started;
  }
}
