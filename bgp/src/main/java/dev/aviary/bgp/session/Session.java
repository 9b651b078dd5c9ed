package dev.aviary.bgp.session;

import dev.aviary.bgp.message.SessionOptions;
import dev.aviary.bgp.session.SessionAction.Agreed;
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
import dev.aviary.bgp.session.SessionEvent.Expired;
import dev.aviary.bgp.session.SessionState.Established;
import dev.aviary.bgp.session.SessionState.Idle;
import dev.aviary.bgp.session.SessionState.OpenConfirm;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.EnumMap;
import java.util.Map;

/**
 * Carries out what {@link SessionFsm} decides. Confined to the speaker's thread: every call, every
 * timer and every received message arrives there, so nothing here is synchronized.
 */
public final class Session {
  /** RFC 4271 §8.2.2: the hold timer before the peer's OPEN is there. */
  private static final Duration LARGE_HOLD = Duration.ofMinutes(4);

  private SessionConfig config;
  private SessionFsm fsm;
  private final Connection connection;
  private final SessionListener listener;
  private final Scheduler scheduler;
  private final Jitter jitter;
  private final ArrayDeque<SessionEvent> events = new ArrayDeque<>();
  private final Map<SessionTimer, RunningTimer> timers = new EnumMap<>(SessionTimer.class);
  private final ErrorWait errorWait;
  private SessionState state = new Idle();
  private SessionOptions options;
  private boolean running;

  public Session(
      SessionConfig config,
      Connection connection,
      SessionListener listener,
      Scheduler scheduler,
      Jitter jitter) {
    this.config = config;
    this.fsm = new SessionFsm(config);
    this.connection = connection;
    this.listener = listener;
    this.scheduler = scheduler;
    this.jitter = jitter;
    this.errorWait = new ErrorWait(config, scheduler);
    this.options = SessionOptions.before(config.behavior(), config.localAs());
  }

  /** A session that has a connection already: it begins in Active and waits for Connected. */
  public static Session accepting(
      SessionConfig config,
      Connection connection,
      SessionListener listener,
      Scheduler scheduler,
      Jitter jitter) {
    var session = new Session(config, connection, listener, scheduler, jitter);
    session.state = new SessionState.Active(false);
    return session;
  }

  /** From its next OPEN on it says and wants what {@code value} has. */
  public void reconfigure(SessionConfig value) {
    config = value;
    fsm = new SessionFsm(value);
  }

  /** Where it is. */
  public SessionState state() {
    return state;
  }

  /** What it was told. */
  public SessionConfig config() {
    return config;
  }

  /** What holds for messages that arrive now. */
  public SessionOptions options() {
    return options;
  }

  /** How long {@code timer} has still to run; zero if it does not. */
  public Duration remaining(SessionTimer timer) {
    var task = timers.get(timer);
    return task == null
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, task.deadline - scheduler.nanos()));
  }

  /** How long {@code timer} was started for; zero if it does not run. */
  public Duration whole(SessionTimer timer) {
    return timers.containsKey(timer) ? duration(timer) : Duration.ZERO;
  }

  /** Forgets past errors, so that the next start does not wait. */
  public void forgetErrors() {
    errorWait.forget();
  }

  /** Handles {@code event} now, or right after the event whose actions led here. */
  public void on(SessionEvent event) {
    events.add(event);
    if (running) {
      return;
    }
    running = true;
    try {
      for (var next = events.poll(); next != null; next = events.poll()) {
        step(next);
      }
    } finally {
      running = false;
    }
  }

  private void step(SessionEvent event) {
    var before = state;
    var transition = fsm.on(event, before);
    state = transition.next();
    for (var action : transition.actions()) {
      perform(action);
    }
    options =
        switch (state) {
          case OpenConfirm(var agreed) -> agreed;
          case Established(var agreed) -> agreed;
          case Idle _, SessionState.Connect _, SessionState.Active _, SessionState.OpenSent _ ->
              options.isSettled()
                  ? SessionOptions.before(config.behavior(), config.localAs())
                  : options;
        };
    if (!before.equals(state)) {
      listener.changed(this, before, state);
    }
  }

  private void perform(SessionAction action) {
    switch (action) {
      case Send(var message) -> connection.send(message);
      case StartTimer(var timer) -> start(timer);
      case StopTimer(var timer) -> stop(timer);
      case Dial() -> connection.dial();
      case Hangup() -> connection.hangup();
      case Fail(var fault) -> {
        errorWait.note(fault);
        listener.failed(this, fault);
      }
      case Agreed(var agreed) -> {
        options = agreed;
        listener.agreed(this, agreed);
      }
      case RoutesUp(var agreed) -> listener.up(this, agreed);
      case RoutesDown() -> listener.down(this);
      case Deliver(var update) -> listener.update(this, update);
      case Refresh(var message) -> listener.refresh(this, message);
    }
  }

  private static final class RunningTimer {
    private long deadline;
    private Scheduler.Task task = () -> {};
  }

  private Duration duration(SessionTimer timer) {
    boolean settled = options.isSettled();
    return switch (timer) {
      case CONNECT_DELAY -> config.connectDelay();
      case CONNECT_RETRY -> config.connectRetry();
      case HOLD -> settled ? options.holdTime() : LARGE_HOLD;
      case KEEPALIVE -> config.keepalive().isZero() ? options.keepaliveTime() : config.keepalive();
      case DELAY_OPEN -> config.openDelay();
      case IDLE_HOLD -> errorWait.next();
    };
  }

  private void start(SessionTimer timer) {
    var time = duration(timer);
    boolean counts = timer == SessionTimer.HOLD || timer == SessionTimer.KEEPALIVE;
    if (counts && time.isZero()) {
      stop(timer); // RFC 4271 §4.2: a hold time of zero starts nothing
      return;
    }
    long deadline =
        scheduler.nanos()
            + (timer == SessionTimer.IDLE_HOLD ? time : jitter.shorten(time)).toNanos();
    var current = timers.get(timer);
    // The hold timer starts anew with every message: it is let run, and looks again when it fires.
    if (current != null && timer == SessionTimer.HOLD && current.deadline <= deadline) {
      current.deadline = deadline;
      return;
    }
    stop(timer);
    var started = new RunningTimer();
    started.deadline = deadline;
    timers.put(timer, started);
    arm(timer, started);
  }

  private void arm(SessionTimer timer, RunningTimer running) {
    var wait = Duration.ofNanos(Math.max(0, running.deadline - scheduler.nanos()));
    running.task = scheduler.after(wait, () -> fire(timer, running, false));
  }

  private void fire(SessionTimer timer, RunningTimer fired, boolean looked) {
    if (timers.get(timer) != fired) {
      return;
    }
    if (fired.deadline > scheduler.nanos()) {
      arm(timer, fired);
      return;
    }
    // What has arrived but was not read yet may restart it: let the loop read once more.
    if (timer == SessionTimer.HOLD && !looked) {
      fired.task = scheduler.after(Duration.ZERO, () -> fire(timer, fired, true));
      return;
    }
    timers.remove(timer);
    on(new Expired(timer));
  }

  private void stop(SessionTimer timer) {
    var task = timers.remove(timer);
    if (task != null) {
      task.task.cancel();
    }
  }
}
