package dev.aviary.bgp;

import dev.aviary.bgp.message.BgpError;
import dev.aviary.bgp.message.KeepaliveMessage;
import dev.aviary.bgp.message.Message;
import dev.aviary.bgp.message.NotificationMessage;
import dev.aviary.bgp.message.RouteRefreshMessage;
import dev.aviary.bgp.message.SessionOptions;
import dev.aviary.bgp.message.UpdateMessage;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.route.RouteSource;
import dev.aviary.bgp.session.ConnectionCollision;
import dev.aviary.bgp.session.Session;
import dev.aviary.bgp.session.SessionConfig;
import dev.aviary.bgp.session.SessionEvent;
import dev.aviary.bgp.session.SessionFault;
import dev.aviary.bgp.session.SessionListener;
import dev.aviary.bgp.session.SessionState;
import dev.aviary.bgp.session.SessionState.Active;
import dev.aviary.bgp.session.SessionState.Connect;
import dev.aviary.bgp.session.SessionState.Established;
import dev.aviary.bgp.session.SessionState.Idle;
import dev.aviary.bgp.session.SessionState.OpenConfirm;
import dev.aviary.bgp.session.SessionState.OpenSent;
import dev.aviary.bgp.session.SessionTimer;
import dev.aviary.bgp.transport.Wire;
import dev.aviary.bgp.transport.WireHandler;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One peer's plumbing: its session, and a second one while two connections are under way (RFC 4271
 * §6.8); its routes in the Loc-RIB; its places in update groups.
 */
final class Neighbor implements SessionListener {
  private static final Logger log = LoggerFactory.getLogger(Neighbor.class);

  private final BgpSpeaker speaker;
  private NeighborConfig config;
  private final AsNumber localAs;
  private final int number;
  private final NeighborRoutes routes;
  private SessionLine line;
  private Session session;
  private @Nullable SessionLine secondLine;
  private @Nullable Session second;
  private final List<Membership> memberships = new ArrayList<>();
  private Optional<SessionFault> fault = Optional.empty();
  private Instant since;
  private String protocolState = "start";
  private boolean stopped = true;
  private boolean plainOpen;
  private final SendHold sendHold;
  private long messagesIn;
  private long updatesIn;

  private record Membership(UpdateGroup group, Member member) {}

  Neighbor(BgpSpeaker speaker, NeighborConfig config) {
    this.speaker = speaker;
    this.config = config;
    this.localAs = config.localAs().orElse(speaker.config().as());
    this.number = speaker.sources().add(source(new BgpIdentifier(0)));
    this.line = new SessionLine(this);
    this.session = newSession(line);
    line.session(session);
    this.routes =
        new NeighborRoutes(
            this, speaker, number, NeighborFacts.importRules(speaker.config(), config, localAs));
    this.sendHold =
        new SendHold(
            speaker.scheduler(),
            () ->
                session.on(
                    new SessionEvent.DecodeFailed(
                        Optional.of(NotificationMessage.of(BgpError.SEND_HOLD_TIMER)),
                        "send hold timer")));
    this.since = speaker.scheduler().instant();
  }

  private Session newSession(SessionLine over) {
    return new Session(sessionConfig(), over, this, speaker.scheduler(), speaker.config().jitter());
  }

  private SessionConfig sessionConfig() {
    return NeighborFacts.sessionConfig(speaker, config, localAs, plainOpen);
  }

  private RouteSource source(BgpIdentifier identifier) {
    return NeighborFacts.source(config, localAs, identifier);
  }

  NeighborConfig config() {
    return config;
  }

  int number() {
    return number;
  }

  IpAddress address() {
    return config.address();
  }

  AsNumber localAs() {
    return localAs;
  }

  boolean isInternal() {
    return localAs.equals(config.as());
  }

  /** What its session runs over, null while there is nothing. */
  @Nullable Wire wire() {
    return line.wire();
  }

  SessionOptions optionsBefore() {
    return SessionOptions.before(speaker.config().behavior(), localAs);
  }

  /** What was agreed on, or what holds while nothing is. */
  SessionOptions options() {
    return session.state() instanceof Established(var agreed) ? agreed : optionsBefore();
  }

  boolean isEstablished() {
    return session.state() instanceof Established;
  }

  void start() {
    stopped = false;
    fault = Optional.empty();
    enter("start");
    session.forgetErrors();
    session.on(new SessionEvent.Start());
  }

  /** Ends it with {@code cease}; it stays down until it is started. */
  void stop(NotificationMessage cease) {
    stopped = true;
    session.on(new SessionEvent.Stop(cease));
    dropSecond(cease);
    routes.forgetAll();
    enter("down");
  }

  /** Ends it with {@code cease} and starts it again. */
  void restart(NotificationMessage cease) {
    session.on(new SessionEvent.Stop(cease));
    dropSecond(cease);
    routes.forgetAll();
    start();
  }

  private void dropSecond(NotificationMessage cease) {
    var other = second;
    second = null;
    secondLine = null;
    if (other != null) {
      other.on(new SessionEvent.Stop(cease));
    }
  }

  private void enter(String state) {
    if (!protocolState.equals(state)) {
      protocolState = state;
      since = speaker.scheduler().instant();
    }
  }

  /**
   * Takes {@code next} on without touching the session, if it differs in policies only; false if it
   * differs in more.
   */
  boolean adopt(NeighborConfig next) {
    if (!config.withPoliciesOf(next).equals(next)) {
      return false;
    }
    var before = config.exchange();
    config = next;
    routes.policy(NeighborFacts.importPolicy(this));
    boolean in = before.importPolicy().equals(next.exchange().importPolicy());
    if (!in && isEstablished() && !requestRefresh()) {
      // It cannot be asked for its routes again: only a new session brings them.
      restart(NotificationMessage.of(BgpError.CONFIGURATION_CHANGE));
      return true;
    }
    if (!before.exportPolicy().equals(next.exchange().exportPolicy())
        && session.state() instanceof Established(var options)) {
      speaker.flush();
      for (int i = 0; i < memberships.size(); i++) {
        var old = memberships.get(i);
        var group = speaker.group(this, old.group().key().family(), options);
        var member = group.adopt(old.member(), old.group(), speaker.config().behavior());
        speaker.leave(old.group(), old.member());
        memberships.set(i, new Membership(group, member));
      }
    }
    speaker.changed();
    return true;
  }

  Wire dial(WireHandler handler) {
    return speaker
        .transport()
        .dial(
            config.endpoint().source(),
            config.endpoint().dial().orElseThrow(),
            config.wire(),
            handler);
  }

  /** True if a connection that comes in would be its first. */
  boolean awaitsConnection() {
    return !stopped && session.state() instanceof Active(boolean connected) && !connected;
  }

  /** A connection came in; empty refuses it. */
  Optional<WireHandler> accept(Wire wire) {
    if (stopped) {
      return Optional.empty();
    }
    return switch (session.state()) {
      // BIRD's error wait: accepted and closed at once.
      case Idle _ -> Optional.empty();
      case Active(boolean connected) when !connected && line.wire() == null ->
          Optional.of(line.accept(wire));
      case Established(var options) when routes.helpsRestart(options) -> {
        // RFC 4724 §4.2: it has restarted, and the old connection is dead.
        session.on(new SessionEvent.Abandoned());
        line = new SessionLine(this);
        session = accepting(line);
        yield Optional.of(line.accept(wire));
      }
      case Established _ when speaker.config().behavior() != Behavior.RFC -> Optional.empty();
      case Active _, Connect _, OpenSent _, OpenConfirm _, Established _ -> acceptSecond(wire);
    };
  }

  private Optional<WireHandler> acceptSecond(Wire wire) {
    if (second != null) {
      return Optional.empty();
    }
    var another = new SessionLine(this);
    secondLine = another;
    second = accepting(another);
    return Optional.of(another.accept(wire));
  }

  private Session accepting(SessionLine over) {
    var accepting =
        Session.accepting(
            sessionConfig(), over, this, speaker.scheduler(), speaker.config().jitter());
    over.session(accepting);
    return accepting;
  }

  @Override
  public void agreed(Session agreed, SessionOptions options) {
    var other = agreed == session ? second : session;
    var otherLine = agreed == session ? secondLine : line;
    var ourLine = agreed == session ? line : secondLine;
    if (other == null || otherLine == null || ourLine == null) {
      return;
    }
    var outcome =
        ConnectionCollision.resolve(
            other.state(),
            ourLine.isDialled(),
            speaker.config().identifier(),
            localAs,
            options.peerIdentifier(),
            config.as());
    switch (outcome) {
      case NONE -> {}
      case THIS_SURVIVES -> lose(other);
      case OTHER_SURVIVES -> lose(agreed);
    }
  }

  /** RFC 4271 §6.8: the loser is told so; the other one is the session. */
  private void lose(Session loser) {
    var winner = loser == session ? second : session;
    if (winner != null && winner != session && secondLine != null) {
      session = winner;
      line = secondLine;
    }
    second = null;
    secondLine = null;
    loser.on(new SessionEvent.Stop(NotificationMessage.of(BgpError.COLLISION)));
  }

  @Override
  public void changed(Session changed, SessionState before, SessionState after) {
    log.debug(
        "{} {}: {} -> {}", speaker.config().name(), config.name(), before.title(), after.title());
    if (changed == second && after instanceof Idle) {
      second = null;
      secondLine = null;
      changed.on(new SessionEvent.Stop(NotificationMessage.of(BgpError.CEASE)));
    } else if (changed == session && after instanceof Idle && second != null && !stopped) {
      // The other connection goes on.
      var survivor = second;
      var survivorLine = secondLine;
      second = null;
      secondLine = null;
      changed.on(new SessionEvent.Stop(NotificationMessage.of(BgpError.CEASE)));
      if (survivorLine != null) {
        session = survivor;
        line = survivorLine;
      }
    }
    speaker.neighborChanged(this, before, after);
  }

  @Override
  public void failed(Session failed, SessionFault why) {
    fault = Optional.of(why);
    speaker.tell(
        new SpeakerEvent.SessionFailed(
            config.name(), speaker.scheduler().instant(), why.describe()));
    boolean plain = !plainOpen && NeighborFacts.refusesCapabilities(why, config);
    if (plain != plainOpen) {
      // RFC 5492 §3: a peer that does not know capabilities is asked again without, once.
      plainOpen = plain;
      failed.reconfigure(sessionConfig());
    }
    log.info("{} {}: {}", speaker.config().name(), config.name(), why.describe());
  }

  @Override
  public void up(Session risen, SessionOptions options) {
    if (risen != session) {
      lose(session);
    } else if (second != null) {
      lose(second);
    }
    fault = Optional.empty();
    enter("up");
    speaker.sources().set(number, source(options.peerIdentifier()));
    routes.up(options);
    var wire = line.wire();
    if (wire != null) {
      for (var family : options.families()) {
        var group = speaker.group(this, family, options);
        memberships.add(new Membership(group, group.join(this, wire, speaker.config().behavior())));
      }
    }
    speaker.risen(this, options);
    speaker.changed();
  }

  @Override
  public void down(Session fallen) {
    for (var membership : memberships) {
      speaker.leave(membership.group(), membership.member());
    }
    memberships.clear();
    enter("start");
    routes.down(fault);
    speaker.changed();
  }

  @Override
  public void update(Session from, UpdateMessage update) {
    updatesIn++;
    routes.take(update);
    speaker.changed();
  }

  @Override
  public void refresh(Session from, RouteRefreshMessage message) {
    // RFC 2918 §3: without RFC 7313 the octet is reserved and means nothing.
    int subtype =
        from.options().enhancedRefresh() ? message.subtype() : RouteRefreshMessage.REQUEST;
    switch (subtype) {
      case RouteRefreshMessage.REQUEST -> {
        speaker.tell(
            new SpeakerEvent.RefreshRequested(
                config.name(), speaker.scheduler().instant(), message.family()));
        for (var membership : memberships) {
          if (membership.group().key().family().equals(message.family())) {
            speaker.flush();
            membership
                .group()
                .refresh(
                    membership.member(),
                    from.options().enhancedRefresh(),
                    speaker.config().behavior());
          }
        }
        speaker.changed();
      }
      case RouteRefreshMessage.BEGIN -> routes.beginRefresh(message.family());
      case RouteRefreshMessage.END -> {
        routes.endRefresh(message.family());
        speaker.changed();
      }
      default -> {} // RFC 7313 §5: ignored
    }
  }

  /** Asks for its routes again, if it knows how: an import policy has changed. */
  boolean requestRefresh() {
    var wire = line.wire();
    if (!(session.state() instanceof Established(var options))
        || wire == null
        || !options.refresh()) {
      return false;
    }
    for (var family : options.families()) {
      wire.send(new RouteRefreshMessage(family, RouteRefreshMessage.REQUEST));
    }
    return true;
  }

  void count(Message message) {
    if (!(message instanceof KeepaliveMessage)) {
      messagesIn++;
    }
  }

  void octets(Wire wire, boolean fourOctetAs, byte[] octets, int from, int length) {
    speaker.recorder().message(this.config, localAs, wire, fourOctetAs, octets, from, length);
  }

  /** All that had come was taken, or there is room to send: work may have come up. */
  void woken() {
    speaker.changed();
  }

  /** The speaker's restart is over: later OPENs do not speak of it. */
  void restartOver() {
    session.reconfigure(sessionConfig());
  }

  /** Lets its places in update groups catch up as far as its connection takes it. */
  void catchUp() {
    sendHold.watch(
        line.wire(),
        isEstablished() ? session.options().holdTime() : Duration.ZERO,
        isEstablished());
    for (var membership : memberships) {
      if (membership.member().isBehind()) {
        membership
            .group()
            .catchUp(membership.member(), speaker.heldBy(membership.group().key().family()));
      }
    }
  }

  ImportView judge(Prefix prefix, PathAttributes told) {
    return routes.judge(prefix, told);
  }

  NeighborView view() {
    var shown = NeighborFacts.further(session, second);
    int exported = 0;
    for (var membership : memberships) {
      exported += membership.group().toldTo(membership.member());
    }
    Optional<SessionOptions> options =
        shown.state() instanceof Established(var agreed) ? Optional.of(agreed) : Optional.empty();
    return new NeighborView(
        config,
        config.name(),
        config.address(),
        config.as(),
        shown.state().title(),
        protocolState,
        NeighborFacts.sessionState(shown.state(), config, stopped),
        since,
        fault.map(SessionFault::describe).orElse(""),
        options,
        routes.counters(messagesIn, updatesIn),
        line.traffic(memberships.stream().anyMatch(each -> each.member().isBehind())),
        routes.count(),
        exported,
        routes.preferred(),
        shown.remaining(SessionTimer.HOLD),
        shown.whole(SessionTimer.HOLD),
        shown.remaining(SessionTimer.KEEPALIVE),
        shown.whole(SessionTimer.KEEPALIVE),
        shown.remaining(SessionTimer.IDLE_HOLD),
        shown.whole(SessionTimer.IDLE_HOLD),
        routes.isWaitingForRestart());
  }
}
