package dev.aviary.bgp;

import dev.aviary.bgp.message.BgpError;
import dev.aviary.bgp.message.Capability.GracefulRestart;
import dev.aviary.bgp.message.NotificationMessage;
import dev.aviary.bgp.message.SessionOptions;
import dev.aviary.bgp.rib.LocRib;
import dev.aviary.bgp.rib.RibListener;
import dev.aviary.bgp.rib.RouteSelection;
import dev.aviary.bgp.rib.Sources;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AttributeCache;
import dev.aviary.bgp.route.Nlri;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.route.Route;
import dev.aviary.bgp.route.RouteSource;
import dev.aviary.bgp.session.Scheduler;
import dev.aviary.bgp.session.SessionState;
import dev.aviary.bgp.transport.PeerOptions;
import dev.aviary.bgp.transport.Transport;
import dev.aviary.bgp.transport.Wire;
import dev.aviary.bgp.transport.WireHandler;
import dev.aviary.net.Prefix;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One router: starts and stops, originates and withdraws routes, follows best routes. All calls
 * must be made on its event loop; callers hand them over with {@link Scheduler#execute}.
 */
public final class BgpSpeaker {
  private static final Logger log = LoggerFactory.getLogger(BgpSpeaker.class);

  private final SpeakerConfig config;
  private final Transport transport;
  private final Scheduler scheduler;
  private final AttributeCache cache = new AttributeCache();
  private final Sources sources =
      new Sources(new RouteSource.Local("static1", RouteSource.STATIC_PREFERENCE));
  private final Map<AfiSafi, LocRib> ribs = new LinkedHashMap<>();
  private final Neighbors neighbors = new Neighbors();
  private final Map<UpdateGroup.Key, UpdateGroup> groups = new LinkedHashMap<>();
  private final List<RibListener> listeners = new ArrayList<>();
  private final List<SpeakerListener> watchers = new ArrayList<>();
  private MessageRecorder recorder = MessageRecorder.NOBODY;
  private final long began;
  private final Instant beganAt;
  private @Nullable InetAddress lastUnknown;
  private boolean flushPending;
  private boolean running;
  private boolean restarting;
  private final Set<Neighbor> awaited = new HashSet<>();

  public BgpSpeaker(SpeakerConfig config, Transport transport, Scheduler scheduler) {
    this.config = config;
    this.transport = transport;
    this.scheduler = scheduler;
    this.began = scheduler.nanos();
    this.beganAt = scheduler.instant();
    this.restarting = config.restarting();
    for (var family : List.of(AfiSafi.IPV4_UNICAST, AfiSafi.IPV6_UNICAST)) {
      var selection = new RouteSelection(config.selection(), config.resolver());
      ribs.put(family, new LocRib(family, cache, sources, selection));
    }
  }

  /** What came of starting. */
  public sealed interface Started {
    /** It listens at {@code local}, if it was to listen. */
    record Running(Optional<InetSocketAddress> local) implements Started {}

    /** It cannot listen; nothing runs. */
    record Failed(String reason) implements Started {}
  }

  /** Listens if it is to, then starts all neighbors. */
  public void start(Consumer<Started> outcome) {
    if (config.listen().isEmpty()) {
      running = true;
      neighbors.all().forEach(Neighbor::start);
      outcome.accept(new Started.Running(Optional.empty()));
      return;
    }
    transport.listen(
        config.listen().get(),
        new Transport.Acceptor() {
          @Override
          public void listening(InetSocketAddress local) {
            running = true;
            neighbors.all().forEach(Neighbor::start);
            outcome.accept(new Started.Running(Optional.of(local)));
          }

          @Override
          public void failed(String reason) {
            outcome.accept(new Started.Failed(reason));
          }

          @Override
          public Optional<WireHandler> accepted(Wire wire) {
            return accept(wire);
          }
        });
    if (restarting) {
      awaited.addAll(neighbors.all());
      scheduler.after(config.restartWait(), this::restartOver);
    }
  }

  /** As {@link #start(Consumer)}; a failure is logged. */
  public void start() {
    start(
        outcome -> {
          if (outcome instanceof Started.Failed(var reason)) {
            log.error("{}: cannot listen: {}", config.name(), reason);
          }
        });
  }

  /** Ends all sessions with Cease, administrative shutdown; {@code done} runs when that is said. */
  public void stop(Runnable done) {
    running = false;
    transport.close();
    var cease = NotificationMessage.of(BgpError.ADMINISTRATIVE_SHUTDOWN);
    neighbors.all().forEach(neighbor -> neighbor.stop(cease));
    flush();
    scheduler.execute(done);
  }

  private Optional<WireHandler> accept(Wire wire) {
    var from = wire.remote().getAddress();
    var neighbor = neighbors.at(from).or(() -> admit(from));
    if (neighbor.isEmpty() && !from.equals(lastUnknown)) {
      lastUnknown = from; // a storm from one address is one line
      log.warn("{}: unexpected connect from unknown address {}", config.name(), wire.remote());
    }
    return neighbor.flatMap(known -> known.accept(wire));
  }

  // ---- neighbors

  /**
   * Adds a neighbor, and starts it if the speaker runs.
   *
   * @throws IllegalArgumentException if there is one of this name, or one at its address with
   *     another password (the system keeps one for each address)
   */
  public void add(NeighborConfig neighborConfig) {
    if (neighbors.find(neighborConfig.name()).isPresent()) {
      throw new IllegalArgumentException("two neighbors called " + neighborConfig.name());
    }
    for (var other : neighbors.besides(neighborConfig)) {
      if (!other.config().wire().password().equals(neighborConfig.wire().password())) {
        throw new IllegalArgumentException(
            "neighbor %s: password differs from that of %s at the same address"
                .formatted(neighborConfig.name(), other.config().name()));
      }
    }
    var neighbor = new Neighbor(this, neighborConfig);
    neighbors.add(neighbor);
    transport.expect(new PeerOptions(NeighborFacts.from(neighborConfig), neighborConfig.wire()));
    if (running) {
      if (restarting) {
        awaited.add(neighbor);
      }
      neighbor.start();
    }
  }

  /** Takes a neighbor out; its session ends with Cease, peer de-configured. */
  public void remove(String name) {
    neighbors.find(name).ifPresent(n -> remove(n, BgpError.DECONFIGURED));
  }

  private void remove(Neighbor neighbor, BgpError why) {
    neighbors.remove(neighbor);
    neighbor.stop(NotificationMessage.of(why));
    flush();
    sources.remove(neighbor.number());
  }

  /**
   * Puts a new configuration in the place of the one of the same name. Where only policies differ,
   * the session stays: routes are asked for and told again (RFC 2918).
   */
  public void change(NeighborConfig neighborConfig) {
    var old = neighbors.find(neighborConfig.name());
    if (old.isPresent()
        && (old.get().config().equals(neighborConfig) || old.get().adopt(neighborConfig))) {
      return;
    }
    old.ifPresent(n -> remove(n, BgpError.CONFIGURATION_CHANGE));
    add(neighborConfig);
  }

  /**
   * Ends a neighbor's session until {@link #enable}; {@code text} is for its operator (RFC 9003).
   */
  public void disable(String name, String text) {
    neighbors
        .find(name)
        .ifPresent(n -> n.stop(NotificationMessage.of(BgpError.ADMINISTRATIVE_SHUTDOWN, text)));
  }

  /** Starts a neighbor that was disabled. */
  public void enable(String name) {
    neighbors.find(name).ifPresent(Neighbor::start);
  }

  /** Ends a neighbor's session and starts it again. */
  public void restart(String name, String text) {
    neighbors
        .find(name)
        .ifPresent(n -> n.restart(NotificationMessage.of(BgpError.ADMINISTRATIVE_RESET, text)));
  }

  /** Asks a neighbor for its routes again (RFC 2918); false if it cannot be asked. */
  public boolean refresh(String name) {
    return neighbors.find(name).map(Neighbor::requestRefresh).orElse(false);
  }

  void startAgain(Neighbor neighbor) {
    if (running && neighbors.holds(neighbor)) {
      neighbor.start();
    }
  }

  /**
   * Takes connections from any address in {@code range} as a neighbor like {@code template}, called
   * by its name and a number. Such a neighbor goes with its session.
   */
  public void addDynamic(Prefix range, NeighborConfig template) {
    neighbors.range(range, template);
  }

  private Optional<Neighbor> admit(InetAddress from) {
    var found = neighbors.admit(from);
    found.ifPresent(this::add);
    var neighbor = found.flatMap(told -> neighbors.find(told.name()));
    neighbor.ifPresent(neighbors::admitted);
    return neighbor;
  }

  // ---- routes

  /** Originates {@code prefix}: a static route of this router. */
  public void originate(Prefix prefix, PathAttributes attributes) {
    var rib = rib(AfiSafi.unicast(prefix.family()));
    var shared = cache.intern(attributes);
    tick();
    rib.put(Nlri.high(prefix), Nlri.low(prefix), prefix.length(), Sources.LOCAL, 0, shared);
    cache.release(shared);
    changed();
  }

  /** Originates no more of {@code prefix}. */
  public void withdraw(Prefix prefix) {
    var rib = rib(AfiSafi.unicast(prefix.family()));
    rib.withdraw(Nlri.high(prefix), Nlri.low(prefix), prefix.length(), Sources.LOCAL, 0);
    changed();
  }

  /** Follows best routes from now on. */
  public void listener(RibListener listener) {
    listeners.add(listener);
  }

  /** Follows sessions from now on. */
  public void watcher(SpeakerListener watcher) {
    watchers.add(watcher);
  }

  /** Hands every message that comes to {@code value} from now on, as octets. */
  public void recorder(MessageRecorder value) {
    recorder = value;
  }

  MessageRecorder recorder() {
    return recorder;
  }

  Optional<NeighborConfig> neighborConfig(String name) {
    return neighbors.find(name).map(Neighbor::config);
  }

  /** Has every route decided anew: what the resolver says has changed. */
  public void nextHopsChanged() {
    ribs.values().forEach(LocRib::touchAll);
    changed();
  }

  /** Work has come up; it is done once, at the end of what the loop is doing now. */
  void changed() {
    if (!flushPending) {
      flushPending = true;
      scheduler.execute(this::flush);
    }
  }

  /** Decides what is undecided, and tells everybody. */
  void flush() {
    flushPending = false;
    tick();
    for (var rib : ribs.values()) {
      if (rib.changes() > 0) {
        settle(rib);
      }
    }
    if (!restarting) {
      for (var neighbor : neighbors.all()) {
        neighbor.catchUp();
      }
    }
  }

  private void settle(LocRib rib) {
    rib.settle();
    for (var group : groups.values()) {
      if (group.key().family().equals(rib.family())) {
        group.announceChanges();
      }
    }
    if (!listeners.isEmpty()) {
      for (var change : RibReports.changes(rib)) {
        listeners.forEach(listener -> listener.changed(change));
      }
    }
    rib.settled(heldBy(rib.family()));
  }

  private void tick() {
    int now = (int) ((scheduler.nanos() - began) / 10_000_000);
    ribs.values().forEach(rib -> rib.now(now));
  }

  // ---- for neighbors

  SpeakerConfig config() {
    return config;
  }

  Transport transport() {
    return transport;
  }

  Scheduler scheduler() {
    return scheduler;
  }

  Sources sources() {
    return sources;
  }

  AttributeCache cache() {
    return cache;
  }

  Iterable<AfiSafi> families() {
    return ribs.keySet();
  }

  LocRib rib(AfiSafi family) {
    var rib = ribs.get(family);
    if (rib == null) {
      throw new IllegalArgumentException("no routes of " + family + " here");
    }
    return rib;
  }

  boolean isRestarting() {
    return restarting;
  }

  /** For one family: who holds a prefix number. */
  LocRib.HeldBy heldBy(AfiSafi family) {
    var told = new ArrayList<UpdateGroup>();
    for (var group : groups.values()) {
      if (group.key().family().equals(family)) {
        told.add(group);
      }
    }
    return entry -> {
      for (int g = 0; g < told.size(); g++) { // per prefix: no iterator
        if (told.get(g).holds(entry)) {
          return true;
        }
      }
      return false;
    };
  }

  /** The update group that {@code neighbor} belongs to with these options. */
  UpdateGroup group(Neighbor neighbor, AfiSafi family, SessionOptions options) {
    var key =
        NeighborFacts.groupKey(
            config, neighbor, family, options, NeighborFacts.exportPolicy(neighbor));
    return groups.computeIfAbsent(key, k -> new UpdateGroup(k, rib(family), options));
  }

  void leave(UpdateGroup group, Member member) {
    group.leave(member, heldBy(group.key().family()));
    if (group.isEmpty()) {
      groups.remove(group.key());
    }
  }

  void neighborChanged(Neighbor neighbor, SessionState before, SessionState after) {
    tell(
        new SpeakerEvent.StateChanged(
            neighbor.config().name(), scheduler.instant(), before.title(), after.title()));
    if (after instanceof SessionState.Idle && neighbors.isAdmitted(neighbor)) {
      scheduler.execute(() -> remove(neighbor.config().name()));
    }
  }

  /** RFC 4724 §4.1: while we restart, whoever cannot tell us the end is not waited for. */
  void risen(Neighbor neighbor, SessionOptions options) {
    boolean tells =
        options.peer(GracefulRestart.class).map(restart -> !restart.restarting()).orElse(false);
    if (restarting && !tells) {
      arrived(neighbor);
    }
  }

  private void arrived(Neighbor neighbor) {
    if (awaited.remove(neighbor) && awaited.isEmpty() && restarting) {
      restartOver();
    }
  }

  void endOfRib(Neighbor neighbor, AfiSafi family) {
    arrived(neighbor);
    tell(new SpeakerEvent.EndOfRib(neighbor.config().name(), scheduler.instant(), family));
  }

  /** Hands {@code event} to all who follow sessions. */
  void tell(SpeakerEvent event) {
    for (var watcher : watchers) {
      watcher.on(event);
    }
  }

  private void restartOver() {
    if (!restarting) {
      return;
    }
    restarting = false;
    neighbors.all().forEach(Neighbor::restartOver);
    changed();
  }

  /** How many times updates were encoded for whole groups so far. */
  public long encodings() {
    return groups.values().stream().mapToLong(UpdateGroup::encodings).sum();
  }

  // ---- reports

  /** What the neighbor called {@code name} is told of {@code route}; empty if there is no such. */
  public Optional<ExportView> exports(String name, Route route) {
    var family = AfiSafi.unicast(route.prefix().family());
    return neighbors.find(name).map(n -> ExportView.of(config, n, family, route));
  }

  /**
   * What becomes of {@code prefix} if the neighbor called {@code name} tells it with these
   * attributes; empty if there is no such neighbor.
   */
  public Optional<ImportView> imports(String name, Prefix prefix, PathAttributes told) {
    return neighbors.find(name).map(n -> n.judge(prefix, told));
  }

  /** All of it at this instant. */
  public SpeakerView view() {
    flush();
    var routes = new LinkedHashMap<AfiSafi, List<RouteView>>();
    ribs.forEach((family, rib) -> routes.put(family, RibReports.routes(rib, config, beganAt)));
    return new SpeakerView(
        config, scheduler.instant(), neighbors.all().stream().map(Neighbor::view).toList(), routes);
  }
}
