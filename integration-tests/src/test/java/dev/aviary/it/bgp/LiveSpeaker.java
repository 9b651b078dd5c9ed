package dev.aviary.it.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.bgp.BgpSpeaker;
import dev.aviary.bgp.NeighborBuilder;
import dev.aviary.bgp.NeighborConfig;
import dev.aviary.bgp.NeighborConfig.Timers;
import dev.aviary.bgp.NeighborView;
import dev.aviary.bgp.RouteView;
import dev.aviary.bgp.SpeakerConfig;
import dev.aviary.bgp.SpeakerEvent;
import dev.aviary.bgp.SpeakerView;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.transport.EventLoopScheduler;
import dev.aviary.bgp.transport.TcpTransport;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import dev.aviary.net.Prefix;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.function.UnaryOperator;

/** One of our speakers on real sockets and an event loop of its own. */
final class LiveSpeaker implements AutoCloseable {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final MultiThreadIoEventLoopGroup group = TcpTransport.newGroup(1);
  private final IoEventLoop loop = group.next();
  private final List<SpeakerEvent> events = new CopyOnWriteArrayList<>();
  private final SpeakerConfig config;
  private final BgpSpeaker speaker;

  private LiveSpeaker(SpeakerConfig config) {
    this.config = config;
    this.speaker =
        new BgpSpeaker(
            config, new TcpTransport(loop), new EventLoopScheduler(loop, Clock.systemUTC()));
  }

  private static Ipv4Address nextHop(InetSocketAddress at) {
    return Ipv4Address.of("192.0.2." + (at.getAddress().getAddress()[3] & 0xff));
  }

  /** An address of loopback with a port that is free. */
  static InetSocketAddress freeAddress(String host) throws Exception {
    var address = InetAddress.getByName(host);
    try (var probe = new ServerSocket(0, 1, address)) {
      return new InetSocketAddress(address, probe.getLocalPort());
    }
  }

  /** One that listens at {@code at}. */
  static LiveSpeaker start(
      InetSocketAddress at,
      String routerId,
      long as,
      UnaryOperator<SpeakerConfig.Builder> more,
      NeighborConfig... neighbors)
      throws Exception {
    var config =
        more.apply(
                SpeakerConfig.builder("ours", AsNumber.of(as), BgpIdentifier.of(routerId))
                    .listen(at)
                    .ipv4(nextHop(at)) // GoBGP takes none of loopback
                    .ipv6(Ipv6Address.of("2001:db8::1")))
            .build();
    var live = new LiveSpeaker(config);
    var started = new CompletableFuture<BgpSpeaker.Started>();
    live.call(
        () -> {
          live.speaker.watcher(live.events::add);
          Arrays.stream(neighbors).forEach(live.speaker::add);
          live.speaker.start(started::complete);
          return true;
        });
    assertThat(started.get()).isInstanceOf(BgpSpeaker.Started.Running.class);
    return live;
  }

  /** A neighbor that is dialled from {@code from}, with short timers and both families. */
  static NeighborConfig neighbor(
      String name,
      InetSocketAddress from,
      InetSocketAddress at,
      long as,
      UnaryOperator<NeighborBuilder> more) {
    var address = IpAddress.of(at.getAddress().getAddress());
    return more.apply(
            NeighborConfig.builder(name, address, AsNumber.of(as))
                .families(AfiSafi.IPV4_UNICAST, AfiSafi.IPV6_UNICAST)
                .dial(at)
                .source(new InetSocketAddress(from.getAddress(), 0))
                .timers(
                    new Timers(
                        Duration.ofMillis(200),
                        SECOND,
                        Duration.ofSeconds(90),
                        Duration.ZERO,
                        Duration.ZERO,
                        SECOND,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(30))))
        .build();
  }

  <T> T call(Callable<T> work) {
    try {
      return loop.submit(work).get();
    } catch (ExecutionException e) {
      throw new AssertionError(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  BgpSpeaker speaker() {
    return speaker;
  }

  List<SpeakerEvent> events() {
    return events;
  }

  SpeakerView view() {
    return call(speaker::view);
  }

  NeighborView neighbor(String name) {
    return view().neighbor(name).orElseThrow();
  }

  boolean isUp(String name) {
    return neighbor(name).state().equals("Established");
  }

  /** All routes to {@code prefix}, the best first. */
  List<RouteView> routes(String prefix) {
    var wanted = Prefix.of(prefix);
    return view().routes(AfiSafi.unicast(wanted.family())).stream()
        .filter(view -> view.route().prefix().equals(wanted))
        .toList();
  }

  boolean has(String prefix) {
    return !routes(prefix).isEmpty();
  }

  void originate(String prefix, PathAttribute... more) {
    var attributes = new ArrayList<PathAttribute>(List.of(more));
    attributes.add(new PathAttribute.OriginAttribute(Origin.IGP));
    call(
        () -> {
          speaker.originate(Prefix.of(prefix), PathAttributes.of(attributes));
          return true;
        });
  }

  void withdraw(String prefix) {
    call(
        () -> {
          speaker.withdraw(Prefix.of(prefix));
          return true;
        });
  }

  /** Ends as a crash does: sockets close, no message leaves. */
  void crash() {
    group.shutdownGracefully(0, 5, java.util.concurrent.TimeUnit.SECONDS).syncUninterruptibly();
  }

  SpeakerConfig config() {
    return config;
  }

  @Override
  public void close() {
    if (!loop.isShuttingDown()) {
      var done = new CompletableFuture<Boolean>();
      call(
          () -> {
            speaker.stop(() -> done.complete(true));
            return true;
          });
      done.join();
    }
    crash();
  }
}
