package dev.aviary.bgp;

import dev.aviary.bgp.policy.Policy;
import dev.aviary.bgp.rib.RouteDissemination.NextHopRule;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.transport.WireOptions;
import dev.aviary.net.IpAddress;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What a speaker is told about one neighbor.
 *
 * @param address who it is: what route selection and next hops compare
 * @param localAs our AS towards it, where it is not the speaker's
 */
public record NeighborConfig(
    String name,
    IpAddress address,
    AsNumber as,
    Optional<AsNumber> localAs,
    Endpoint endpoint,
    Timers timers,
    Offer offer,
    Exchange exchange,
    WireOptions wire) {
  public NeighborConfig {
    require(!name.isBlank(), name, "name", "is blank");
    require(as.bits() != 0, name, "as", "is 0 (RFC 7607)");
    require(localAs.isEmpty() || localAs.get().bits() != 0, name, "localAs", "is 0 (RFC 7607)");
    require(!offer.families().isEmpty(), name, "families", "are none");
    require(exchange.allowOwnAs() >= 0, name, "allowOwnAs", "is negative");
    require(
        offer.restartTime().toSeconds() <= 4095, name, "restartTime", "is more than 4095 seconds");
    require(
        wire.minimumTtl().isEmpty()
            || (wire.minimumTtl().getAsInt() > 0 && wire.minimumTtl().getAsInt() < 256),
        name,
        "gtsm",
        "needs 1 to 255 hops");
    require(
        wire.password().isEmpty() || wire.password().get().length() <= 80,
        name,
        "password",
        "is longer than the 80 octets of TCP-MD5");
  }

  /** This one with the policies of {@code other}. */
  NeighborConfig withPoliciesOf(NeighborConfig other) {
    var policies =
        new Exchange(
            other.exchange().importPolicy(),
            other.exchange().exportPolicy(),
            exchange.nextHop(),
            exchange.multihop(),
            exchange.reflectorClient(),
            exchange.clusterId(),
            exchange.allowOwnAs(),
            exchange.maximum(),
            exchange.denyWithoutPolicy());
    return new NeighborConfig(name, address, as, localAs, endpoint, timers, offer, policies, wire);
  }

  /** This one as the template of a neighbor that came from {@code from}. */
  NeighborConfig at(IpAddress address, InetAddress from, int number) {
    var there = new Endpoint(Optional.empty(), Optional.empty(), Optional.of(from), true);
    return new NeighborConfig(
        name + number, address, as, localAs, there, timers, offer, exchange, wire);
  }

  private static void require(boolean sound, String name, String field, String wrong) {
    if (!sound) {
      throw new IllegalArgumentException("neighbor " + name + ": " + field + " " + wrong);
    }
  }

  /**
   * How it is reached.
   *
   * @param dial where to connect to; empty waits for it to connect
   * @param source what to bind when connecting; empty leaves it to the system
   * @param from where its connections come from
   * @param passive waits for it to connect even if {@code dial} is known
   */
  public record Endpoint(
      Optional<InetSocketAddress> dial,
      Optional<InetSocketAddress> source,
      Optional<InetAddress> from,
      boolean passive) {}

  /**
   * How long things take.
   *
   * @param hold in whole seconds, zero or at least three
   * @param openDelay how long to wait for its OPEN before sending ours
   * @param keepalive the interval of KEEPALIVEs; zero is a third of the agreed hold time
   */
  public record Timers(
      Duration connectDelay,
      Duration connectRetry,
      Duration hold,
      Duration openDelay,
      Duration keepalive,
      Duration errorWaitMin,
      Duration errorWaitMax,
      Duration errorForget) {
    /** BIRD's. */
    public static final Timers BIRD =
        new Timers(
            Duration.ofSeconds(5),
            Duration.ofMinutes(2),
            Duration.ofMinutes(4),
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofMinutes(1),
            Duration.ofMinutes(5),
            Duration.ofMinutes(5));

    /** Those of Calico v3.22's template. */
    public static final Timers CALICO =
        new Timers(
            Duration.ofSeconds(2),
            Duration.ofSeconds(5),
            Duration.ofMinutes(4),
            Duration.ZERO,
            Duration.ZERO,
            Duration.ofSeconds(5),
            Duration.ofSeconds(30),
            Duration.ofMinutes(5));

    public Timers {
      long seconds = hold.toSeconds();
      if (seconds == 1 || seconds == 2 || seconds > 65535 || hold.isNegative()) {
        throw new IllegalArgumentException("hold time " + hold);
      }
    }

    /** With another hold time. */
    public Timers withHold(Duration value) {
      return new Timers(
          connectDelay,
          connectRetry,
          value,
          openDelay,
          keepalive,
          errorWaitMin,
          errorWaitMax,
          errorForget);
    }

    /** With another wait before the first attempt to connect. */
    public Timers withConnectDelay(Duration value) {
      return new Timers(
          value, connectRetry, hold, openDelay, keepalive, errorWaitMin, errorWaitMax, errorForget);
    }

    /** With an interval of KEEPALIVEs of its own. */
    public Timers withKeepalive(Duration value) {
      return new Timers(
          connectDelay,
          connectRetry,
          hold,
          openDelay,
          value,
          errorWaitMin,
          errorWaitMax,
          errorForget);
    }

    /** With other waits after an error. */
    public Timers withErrorWait(Duration minimum, Duration maximum) {
      return new Timers(
          connectDelay, connectRetry, hold, openDelay, keepalive, minimum, maximum, errorForget);
    }
  }

  /** How far graceful restart goes (RFC 4724): BIRD's off, aware, on. */
  public enum GracefulRestartMode {
    OFF,
    /** Helps a neighbor that restarts. */
    AWARE,
    /** And says that we can restart ourselves. */
    ABLE
  }

  /** Which directions of ADD-PATH are offered (RFC 7911). */
  public enum AddPathMode {
    OFF,
    RECEIVE,
    SEND,
    BOTH
  }

  /**
   * What our OPEN offers.
   *
   * @param capabilities false sends none at all
   * @param staleTime RFC 9494: how long we ask that our routes be kept after a restart failed; zero
   *     offers the capability without a family, as BIRD does
   * @param helperStaleTime how long we keep a neighbor's at most
   * @param role RFC 9234, as {@link dev.aviary.bgp.message.Capability.Role} numbers it
   */
  public record Offer(
      boolean capabilities,
      Set<AfiSafi> families,
      boolean fourOctetAs,
      boolean refresh,
      boolean enhancedRefresh,
      boolean extendedMessage,
      boolean extendedNextHop,
      AddPathMode addPath,
      GracefulRestartMode gracefulRestart,
      boolean notificationRestart,
      Duration restartTime,
      boolean longLived,
      Duration staleTime,
      Duration helperStaleTime,
      OptionalInt role,
      boolean strictRole) {
    public Offer {
      families = Set.copyOf(families);
    }
  }

  /**
   * What is done when a neighbor sends too much.
   *
   * @param limit most prefixes of a family
   */
  public record MaximumPrefixes(int limit, LimitAction action, Duration restartAfter) {}

  /** BIRD's limit actions. */
  public enum LimitAction {
    WARN,
    /** Closes the session and comes back after a while. */
    RESTART,
    /** Closes it until an operator starts it again. */
    DISABLE
  }

  /**
   * Which routes are exchanged, and how.
   *
   * @param multihop it is not on a common subnet
   * @param clusterId of the cluster that we reflect for here, where it is not the speaker's
   * @param allowOwnAs how often our AS may stand in AS_PATH
   * @param denyWithoutPolicy RFC 8212: towards another AS nothing without an explicit policy
   */
  public record Exchange(
      Optional<Policy> importPolicy,
      Optional<Policy> exportPolicy,
      NextHopRule nextHop,
      boolean multihop,
      boolean reflectorClient,
      Optional<BgpIdentifier> clusterId,
      int allowOwnAs,
      Optional<MaximumPrefixes> maximum,
      boolean denyWithoutPolicy) {}

  /** A builder that begins with BIRD's defaults. */
  public static NeighborBuilder builder(String name, IpAddress address, AsNumber as) {
    return new NeighborBuilder(name, address, as);
  }
}
