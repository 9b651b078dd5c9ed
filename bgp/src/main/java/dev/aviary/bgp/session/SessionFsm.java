package dev.aviary.bgp.session;

import dev.aviary.bgp.message.BgpError;
import dev.aviary.bgp.message.KeepaliveMessage;
import dev.aviary.bgp.message.Message;
import dev.aviary.bgp.message.NotificationMessage;
import dev.aviary.bgp.message.OpenMessage;
import dev.aviary.bgp.message.RouteRefreshMessage;
import dev.aviary.bgp.message.SessionOptions;
import dev.aviary.bgp.message.UpdateMessage;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.Octets;
import dev.aviary.bgp.session.Negotiation.Agreed;
import dev.aviary.bgp.session.Negotiation.Refused;
import dev.aviary.bgp.session.SessionAction.Deliver;
import dev.aviary.bgp.session.SessionAction.Dial;
import dev.aviary.bgp.session.SessionAction.Fail;
import dev.aviary.bgp.session.SessionAction.Hangup;
import dev.aviary.bgp.session.SessionAction.Refresh;
import dev.aviary.bgp.session.SessionAction.RoutesDown;
import dev.aviary.bgp.session.SessionAction.RoutesUp;
import dev.aviary.bgp.session.SessionAction.Send;
import dev.aviary.bgp.session.SessionAction.StartTimer;
import dev.aviary.bgp.session.SessionAction.StopTimer;
import dev.aviary.bgp.session.SessionEvent.Abandoned;
import dev.aviary.bgp.session.SessionEvent.CollisionLost;
import dev.aviary.bgp.session.SessionEvent.Connected;
import dev.aviary.bgp.session.SessionEvent.DecodeFailed;
import dev.aviary.bgp.session.SessionEvent.Disconnected;
import dev.aviary.bgp.session.SessionEvent.Expired;
import dev.aviary.bgp.session.SessionEvent.Received;
import dev.aviary.bgp.session.SessionEvent.Start;
import dev.aviary.bgp.session.SessionEvent.Stop;
import dev.aviary.bgp.session.SessionState.Active;
import dev.aviary.bgp.session.SessionState.Connect;
import dev.aviary.bgp.session.SessionState.Established;
import dev.aviary.bgp.session.SessionState.Idle;
import dev.aviary.bgp.session.SessionState.OpenConfirm;
import dev.aviary.bgp.session.SessionState.OpenSent;
import java.util.ArrayList;
import java.util.List;

/**
 * The state machine of RFC 4271 §8.2.2 as a function of event and state. It reads no clock, opens
 * no socket and touches no route.
 *
 * <p>Where BIRD leaves room it is followed: it waits a while before it first connects, and returns
 * to that after TCP failed, instead of letting ConnectRetryTimer run.
 */
public final class SessionFsm {
  private static final KeepaliveMessage KEEPALIVE = new KeepaliveMessage();
  private final SessionConfig config;

  public SessionFsm(SessionConfig config) {
    this.config = config;
  }

  /** Where to go, and what to do on the way, in this order. */
  public record Transition(SessionState next, List<SessionAction> actions) {}

  /** What {@code event} does in {@code state}. */
  public Transition on(SessionEvent event, SessionState state) {
    return switch (state) {
      case Idle idle -> inIdle(idle, event);
      case Connect connect -> inConnect(connect, connect.connected(), event);
      case Active active -> inConnect(active, active.connected(), event);
      case OpenSent openSent -> inOpenSent(openSent, event);
      case OpenConfirm openConfirm -> inOpenConfirm(openConfirm, event);
      case Established established -> inEstablished(established, event);
    };
  }

  private Transition inIdle(Idle state, SessionEvent event) {
    return switch (event) {
      case Start _ -> begin(List.of(new StopTimer(SessionTimer.IDLE_HOLD)));
      case Expired(var timer) when timer == SessionTimer.IDLE_HOLD -> begin(List.of());
      case Stop _ -> to(state, new StopTimer(SessionTimer.IDLE_HOLD));
      // A connection that came all the same is refused.
      case Connected _ -> to(state, new Hangup());
      case Expired _, Disconnected _, Received _, DecodeFailed _, CollisionLost _, Abandoned _ ->
          to(state);
    };
  }

  /** Dials, or waits to dial, or waits to be dialled. */
  private Transition begin(List<SessionAction> first) {
    var actions = new ArrayList<>(first);
    if (config.passive()) {
      return new Transition(new Active(false), List.copyOf(actions));
    }
    if (!config.connectDelay().isZero()) {
      actions.add(new StartTimer(SessionTimer.CONNECT_DELAY));
      return new Transition(new Active(false), List.copyOf(actions));
    }
    actions.addAll(dial());
    return new Transition(new Connect(false), List.copyOf(actions));
  }

  private static List<SessionAction> dial() {
    return List.of(new Dial(), new StartTimer(SessionTimer.CONNECT_RETRY));
  }

  /** Connect and Active: they differ in whether a call is under way, which TCP knows. */
  private Transition inConnect(SessionState state, boolean connected, SessionEvent event) {
    return switch (event) {
      case Connected _ -> connected ? to(state) : connected(state);
      case Expired(var timer) ->
          switch (timer) {
            case CONNECT_DELAY -> new Transition(new Connect(false), dial());
            case CONNECT_RETRY ->
                new Transition(
                    new Connect(false),
                    List.of(new Hangup(), new Dial(), new StartTimer(SessionTimer.CONNECT_RETRY)));
            case DELAY_OPEN -> connected ? sendOpen(List.of()) : to(state);
            case HOLD, KEEPALIVE, IDLE_HOLD -> toIdle(state, List.of(), List.of());
          };
      case Received(OpenMessage theirs) when connected -> {
        // [20] the peer was first: ours follows at once
        var opened = sendOpen(List.of(new StopTimer(SessionTimer.DELAY_OPEN)));
        var answered = inOpenSent(new OpenSent(config.open()), new Received(theirs));
        var actions = new ArrayList<>(opened.actions());
        actions.addAll(answered.actions());
        yield new Transition(answered.next(), List.copyOf(actions));
      }
      case Received(NotificationMessage notification) when connected ->
          failed(state, new SessionFault.Received(notification));
      case Received _ -> toIdle(state, List.of(), List.of());
      case DecodeFailed(var reply, var detail) -> decodeFailed(state, reply, detail);
      case Disconnected(var reason) -> again(state, reason);
      case Stop _ -> toIdle(state, List.of(), List.of());
      case CollisionLost _ -> toIdle(state, List.of(), restart());
      case Abandoned _ -> abandoned(state);
      case Start _ -> to(state);
    };
  }

  private Transition connected(SessionState state) {
    if (config.openDelay().isZero()) {
      return sendOpen(List.of());
    }
    var next = state instanceof Connect ? new Connect(true) : new Active(true);
    return to(
        next,
        new StopTimer(SessionTimer.CONNECT_DELAY),
        new StopTimer(SessionTimer.CONNECT_RETRY),
        new StartTimer(SessionTimer.DELAY_OPEN));
  }

  private Transition sendOpen(List<SessionAction> first) {
    var actions = new ArrayList<>(first);
    actions.add(new StopTimer(SessionTimer.CONNECT_DELAY));
    actions.add(new StopTimer(SessionTimer.CONNECT_RETRY));
    actions.add(new Send(config.open()));
    actions.add(new StartTimer(SessionTimer.HOLD));
    return new Transition(new OpenSent(config.open()), List.copyOf(actions));
  }

  private Transition inOpenSent(OpenSent state, SessionEvent event) {
    return switch (event) {
      case Received(OpenMessage theirs) ->
          switch (Negotiation.between(state.sent(), theirs, config)) {
            case Agreed(var options) ->
                to(
                    new OpenConfirm(options),
                    new SessionAction.Agreed(options),
                    new Send(KEEPALIVE),
                    new StartTimer(SessionTimer.HOLD),
                    new StartTimer(SessionTimer.KEEPALIVE));
            case Refused(var reply) -> reject(state, reply);
          };
      case Received(NotificationMessage notification) ->
          failed(state, new SessionFault.Received(notification));
      case Received(var unexpected) ->
          reject(state, unexpected(BgpError.UNEXPECTED_IN_OPEN_SENT, unexpected));
      case Expired(var timer) when timer == SessionTimer.HOLD ->
          reject(state, NotificationMessage.of(BgpError.HOLD_TIMER));
      case Expired _ -> reject(state, NotificationMessage.of(BgpError.UNEXPECTED_IN_OPEN_SENT));
      case Disconnected(var reason) -> again(state, reason);
      case DecodeFailed(var reply, var detail) -> decodeFailed(state, reply, detail);
      case Stop(var cease) -> toIdle(state, List.of(new Send(cease)), List.of());
      case CollisionLost _ -> collided(state);
      case Abandoned _ -> abandoned(state);
      case Start _, Connected _ -> to(state);
    };
  }

  private Transition inOpenConfirm(OpenConfirm state, SessionEvent event) {
    return switch (event) {
      case Received(KeepaliveMessage _) -> established(state.options(), List.of());
      case Received(UpdateMessage update) ->
          // BIRD takes it for the KEEPALIVE that old peers forget.
          config.behavior() == Behavior.RFC
              ? reject(state, unexpected(BgpError.UNEXPECTED_IN_OPEN_CONFIRM, update))
              : established(state.options(), List.of(new Deliver(update)));
      case Received(NotificationMessage notification) ->
          failed(state, new SessionFault.Received(notification));
      case Received(var unexpected) ->
          reject(state, unexpected(BgpError.UNEXPECTED_IN_OPEN_CONFIRM, unexpected));
      case Expired(var timer) when timer == SessionTimer.HOLD ->
          reject(state, NotificationMessage.of(BgpError.HOLD_TIMER));
      case Expired(var timer) when timer == SessionTimer.KEEPALIVE -> keepalive(state);
      case Expired _ -> reject(state, NotificationMessage.of(BgpError.UNEXPECTED_IN_OPEN_CONFIRM));
      case Disconnected(var reason) -> again(state, reason);
      case DecodeFailed(var reply, var detail) -> decodeFailed(state, reply, detail);
      case Stop(var cease) -> toIdle(state, List.of(new Send(cease)), List.of());
      case CollisionLost _ -> collided(state);
      case Abandoned _ -> abandoned(state);
      case Start _, Connected _ -> to(state);
    };
  }

  private static Transition established(SessionOptions options, List<SessionAction> last) {
    var actions = new ArrayList<SessionAction>();
    actions.add(new StartTimer(SessionTimer.HOLD));
    actions.add(new RoutesUp(options));
    actions.addAll(last);
    return new Transition(new Established(options), List.copyOf(actions));
  }

  private Transition inEstablished(Established state, SessionEvent event) {
    return switch (event) {
      case Received(UpdateMessage update) ->
          to(state, new StartTimer(SessionTimer.HOLD), new Deliver(update));
      case Received(KeepaliveMessage _) -> to(state, new StartTimer(SessionTimer.HOLD));
      case Received(RouteRefreshMessage refresh) -> to(state, new Refresh(refresh));
      case Received(NotificationMessage notification) ->
          failed(state, new SessionFault.Received(notification));
      case Received(OpenMessage open) ->
          reject(state, unexpected(BgpError.UNEXPECTED_IN_ESTABLISHED, open));
      case Expired(var timer) when timer == SessionTimer.HOLD ->
          reject(state, NotificationMessage.of(BgpError.HOLD_TIMER));
      case Expired(var timer) when timer == SessionTimer.KEEPALIVE -> keepalive(state);
      case Expired _ -> reject(state, NotificationMessage.of(BgpError.UNEXPECTED_IN_ESTABLISHED));
      case Disconnected(var reason) -> again(state, reason);
      case DecodeFailed(var reply, var detail) -> decodeFailed(state, reply, detail);
      case Stop(var cease) ->
          toIdle(
              state, List.of(new Send(cease), new Fail(new SessionFault.Sent(cease))), List.of());
      case CollisionLost _ -> collided(state);
      case Abandoned _ -> abandoned(state);
      case Start _, Connected _ -> to(state);
    };
  }

  private static Transition keepalive(SessionState state) {
    return to(state, new Send(KEEPALIVE), new StartTimer(SessionTimer.KEEPALIVE));
  }

  /** RFC 6608 §3: the type of the message that came; BIRD leaves it out. */
  private NotificationMessage unexpected(BgpError error, Message message) {
    return config.behavior() == Behavior.RFC
        ? NotificationMessage.of(error, Octets.of((byte) message.type()))
        : NotificationMessage.of(error);
  }

  private Transition decodeFailed(
      SessionState state, java.util.Optional<NotificationMessage> reply, String detail) {
    return reply
        .map(notification -> reject(state, notification))
        .orElseGet(() -> failed(state, new SessionFault.Socket(detail)));
  }

  private Transition collided(SessionState state) {
    var cease = NotificationMessage.of(BgpError.COLLISION);
    return toIdle(state, List.of(new Send(cease)), restart());
  }

  private static Transition abandoned(SessionState state) {
    return toIdle(state, List.of(new Fail(new SessionFault.Restarted())), List.of());
  }

  /** We tell the peer what is wrong. */
  private Transition reject(SessionState state, NotificationMessage reply) {
    return toIdle(
        state, List.of(new Send(reply), new Fail(new SessionFault.Sent(reply))), restart());
  }

  /** It ends without a word from us. */
  private Transition failed(SessionState state, SessionFault fault) {
    return toIdle(state, List.of(new Fail(fault)), restart());
  }

  /** TCP failed: nobody made a mistake. */
  private Transition again(SessionState state, String reason) {
    return failed(state, new SessionFault.Socket(reason));
  }

  private static List<SessionAction> restart() {
    return List.of(new StartTimer(SessionTimer.IDLE_HOLD));
  }

  /** Whatever a state has to undo when it is left is here, once for all ways out of it. */
  private static Transition toIdle(
      SessionState state, List<SessionAction> first, List<SessionAction> last) {
    var actions = new ArrayList<>(first);
    if (state instanceof Established) {
      actions.add(new RoutesDown());
    }
    for (var timer : SessionTimer.values()) {
      if (timer != SessionTimer.IDLE_HOLD) {
        actions.add(new StopTimer(timer));
      }
    }
    actions.add(new Hangup());
    actions.addAll(last);
    return new Transition(new Idle(), List.copyOf(actions));
  }

  private static Transition to(SessionState next, SessionAction... actions) {
    return new Transition(next, List.of(actions));
  }
}
