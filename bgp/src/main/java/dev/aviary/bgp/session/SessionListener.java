package dev.aviary.bgp.session;

import dev.aviary.bgp.message.RouteRefreshMessage;
import dev.aviary.bgp.message.SessionOptions;
import dev.aviary.bgp.message.UpdateMessage;

/** Who is told what a session does. */
public interface SessionListener {

  /** It went from one state to another. */
  void changed(Session session, SessionState before, SessionState after);

  /** Something ended it, or kept it from coming about. */
  void failed(Session session, SessionFault fault);

  /** The peers agreed: now is the time to look for a collision (RFC 4271 §6.8). */
  void agreed(Session session, SessionOptions options);

  /** Routes may be exchanged. */
  void up(Session session, SessionOptions options);

  /** No more. */
  void down(Session session);

  /** The peer sent routes; {@code update} is good during this call only. */
  void update(Session session, UpdateMessage update);

  /** The peer sent a ROUTE-REFRESH. */
  void refresh(Session session, RouteRefreshMessage message);
}
