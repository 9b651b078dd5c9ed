package dev.aviary.bgp;

import dev.aviary.bgp.rib.NextHopResolver;
import dev.aviary.bgp.rib.RouteSelection;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.session.Jitter;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Optional;

/**
 * What a speaker is told about itself.
 *
 * @param name leads every line of the log
 * @param clusterId as a route reflector (RFC 4456)
 * @param ipv4 its address as next hop of IPv4 routes, which need not be one it binds; where empty,
 *     each session's own end
 * @param ipv6 the same for IPv6 routes
 * @param listen where it takes connections; empty only dials
 * @param restarting it has just restarted and kept its forwarding state (RFC 4724 §4.1)
 * @param restartWait how long it then waits for its neighbors' routes at most
 */
public record SpeakerConfig(
    String name,
    AsNumber as,
    BgpIdentifier identifier,
    BgpIdentifier clusterId,
    Optional<Ipv4Address> ipv4,
    Optional<Ipv6Address> ipv6,
    Optional<InetSocketAddress> listen,
    Behavior behavior,
    RouteSelection.Options selection,
    NextHopResolver resolver,
    Jitter jitter,
    boolean restarting,
    Duration restartWait) {

  /** A builder that begins with BIRD's defaults. */
  public static Builder builder(String name, AsNumber as, BgpIdentifier identifier) {
    return new Builder(name, as, identifier);
  }

  /** Collects what differs from the defaults. */
  public static final class Builder {
    private final String name;
    private final AsNumber as;
    private final BgpIdentifier identifier;
    private BgpIdentifier clusterId;
    private Optional<Ipv4Address> ipv4 = Optional.empty();
    private Optional<Ipv6Address> ipv6 = Optional.empty();
    private Optional<InetSocketAddress> listen = Optional.empty();
    private Behavior behavior = Behavior.RFC;
    private RouteSelection.Options selection = RouteSelection.Options.DEFAULT;
    private NextHopResolver resolver = NextHopResolver.everything();
    private Jitter jitter = Jitter.none();
    private boolean restarting;
    private Duration restartWait = Duration.ofMinutes(4);

    private Builder(String name, AsNumber as, BgpIdentifier identifier) {
      this.name = name;
      this.as = as;
      this.identifier = identifier;
      this.clusterId = identifier;
    }

    public Builder clusterId(BgpIdentifier value) {
      clusterId = value;
      return this;
    }

    public Builder ipv4(Ipv4Address value) {
      ipv4 = Optional.of(value);
      return this;
    }

    public Builder ipv6(Ipv6Address value) {
      ipv6 = Optional.of(value);
      return this;
    }

    public Builder listen(InetSocketAddress value) {
      listen = Optional.of(value);
      return this;
    }

    public Builder behavior(Behavior value) {
      behavior = value;
      return this;
    }

    public Builder selection(RouteSelection.Options value) {
      selection = value;
      return this;
    }

    public Builder resolver(NextHopResolver value) {
      resolver = value;
      return this;
    }

    public Builder jitter(Jitter value) {
      jitter = value;
      return this;
    }

    public Builder restarting(boolean value) {
      restarting = value;
      return this;
    }

    public Builder restartWait(Duration value) {
      restartWait = value;
      return this;
    }

    public SpeakerConfig build() {
      return new SpeakerConfig(
          name,
          as,
          identifier,
          clusterId,
          ipv4,
          ipv6,
          listen,
          behavior,
          selection,
          resolver,
          jitter,
          restarting,
          restartWait);
    }
  }
}
