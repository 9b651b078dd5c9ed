package dev.aviary.bgp.session;

/** The timers of RFC 4271 §8.1.3, and BIRD's wait before the first attempt. */
public enum SessionTimer {
  /** BIRD's connect delay: between the start and the first attempt to connect. */
  CONNECT_DELAY,
  CONNECT_RETRY,
  HOLD,
  KEEPALIVE,
  DELAY_OPEN,
  /** Between an error and the next start: BIRD's error wait. */
  IDLE_HOLD
}
