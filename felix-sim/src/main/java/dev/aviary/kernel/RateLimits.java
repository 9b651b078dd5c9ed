package dev.aviary.kernel;

import dev.aviary.net.IpAddress;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;

/**
 * How often a kernel sends errors: the global token bucket of icmp_msgs_per_sec, the credit per
 * peer of icmp_ratelimit (none is left where that is zero), and from the same credit routing errors
 * and redirects.
 */
final class RateLimits {
  private static final int PEER_BURST = 6;
  private static final long ROUTE_ERROR_BURST_MILLIS = 5000;
  private static final long ROUTE_ERROR_COST_MILLIS = 1000;
  private static final long FIRST_CREDIT_MILLIS = 60_000;
  private static final int MOST_REDIRECTS = 9;
  private static final long REDIRECT_SILENCE_MILLIS = 20_480;
  private static final long REDIRECT_LOAD_MILLIS = 20;

  private static final class Peer {
    private long tokens;
    private long last;
    private int redirects;
  }

  private final InstantSource clock;
  private final Sysctls sysctls;
  private final Map<IpAddress, Peer> peers = new HashMap<>();
  private long globalTokens;
  private long globalLast;

  RateLimits(InstantSource clock, Sysctls sysctls) {
    this.clock = clock;
    this.sysctls = sysctls;
    this.globalTokens = Integer.MAX_VALUE;
    this.globalLast = clock.millis();
  }

  private Peer peer(IpAddress address, long now) {
    var peer = peers.get(address);
    if (peer == null) {
      peer = new Peer();
      peer.last = now - FIRST_CREDIT_MILLIS;
      peers.put(address, peer);
    }
    return peer;
  }

  private static boolean take(Peer peer, long now, long cost, long burst) {
    if (peer.last != now) {
      peer.tokens = Math.min(burst, peer.tokens + now - peer.last);
      peer.last = now;
    }
    if (peer.tokens < cost) {
      return false;
    }
    peer.tokens -= cost;
    return true;
  }

  /** True if an error of {@code type} may go to {@code address} now; it then counts. */
  boolean allowIcmp(IpAddress address, int type, boolean v6, boolean loopback) {
    int mask = sysctls.number("net.ipv4.icmp_ratemask");
    // net.ipv6.icmp.ratemask is 0-1,3-127 by default.
    boolean limited = v6 ? type < 128 && type != 2 : type < 32 && ((mask >> type) & 1) != 0;
    int cost = sysctls.number(v6 ? "net.ipv6.icmp.ratelimit" : "net.ipv4.icmp_ratelimit");
    if (!limited || loopback) {
      return true;
    }
    long now = clock.millis();
    return allowGlobal(now) && take(peer(address, now), now, cost, (long) PEER_BURST * cost);
  }

  /** Tokens are thousandths of a message. */
  private boolean allowGlobal(long now) {
    long perSecond = sysctls.number("net.ipv4.icmp_msgs_per_sec");
    long burst = sysctls.number("net.ipv4.icmp_msgs_burst") * 1000L;
    globalTokens = Math.min(burst, globalTokens + (now - globalLast) * perSecond);
    globalLast = now;
    if (globalTokens < 1000) {
      return false;
    }
    globalTokens -= 1000;
    return true;
  }

  /** True if a routing error may go to {@code source} now (ip_error). */
  boolean allowRouteError(IpAddress source) {
    long now = clock.millis();
    var peer = peer(source, now);
    return take(peer, now, ROUTE_ERROR_COST_MILLIS, ROUTE_ERROR_BURST_MILLIS);
  }

  /** True if a redirect may go to {@code source} now (ip_rt_send_redirect). */
  boolean allowRedirect(IpAddress source) {
    long now = clock.millis();
    var peer = peer(source, now);
    if (now > peer.last + REDIRECT_SILENCE_MILLIS) {
      peer.tokens = 0;
      peer.redirects = 0;
    }
    if (peer.redirects >= MOST_REDIRECTS) {
      peer.last = now;
      return false;
    }
    if (peer.redirects > 0 && now <= peer.last + (REDIRECT_LOAD_MILLIS << peer.redirects)) {
      return false;
    }
    peer.last = now;
    peer.redirects++;
    return true;
  }
}
