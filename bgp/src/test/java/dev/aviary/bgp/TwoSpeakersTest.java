package dev.aviary.bgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aviary.bgp.NeighborConfig.AddPathMode;
import dev.aviary.bgp.NeighborConfig.GracefulRestartMode;
import dev.aviary.bgp.NeighborConfig.Timers;
import dev.aviary.bgp.rib.RibChange;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AsPath;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.session.Scheduler;
import dev.aviary.bgp.session.VirtualScheduler;
import dev.aviary.bgp.transport.EventLoopScheduler;
import dev.aviary.bgp.transport.InProcessNetwork;
import dev.aviary.bgp.transport.InProcessTransport;
import dev.aviary.bgp.transport.TcpTransport;
import dev.aviary.bgp.transport.Transport;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two nodes of a Calico mesh: over real sockets, and over none. */
class TwoSpeakersTest {
  private static final int PORT = 17901;
  private static final AsNumber AS = AsNumber.of(64512);
  private static final Prefix BLOCK1 = Prefix.of("10.244.219.64/26");
  private static final Prefix BLOCK2 = Prefix.of("10.244.166.128/26");
  private MultiThreadIoEventLoopGroup group = TcpTransport.newGroup(2);

  @AfterEach
  void stopLoops() throws InterruptedException {
    group.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
  }

  private static InetSocketAddress standIn(int node) throws UnknownHostException {
    return new InetSocketAddress(InetAddress.getByName("127.9.1." + node), PORT);
  }

  private static String address(int node) {
    return "192.168.43." + (151 + node);
  }

  private static BgpSpeaker node(int node, int other, Transport transport, Scheduler scheduler)
      throws UnknownHostException {
    var speaker =
        new BgpSpeaker(
            SpeakerConfig.builder("node" + node, AS, BgpIdentifier.of(address(node)))
                .ipv4(Ipv4Address.of(address(node)))
                .listen(standIn(node))
                .behavior(Behavior.BIRD_16)
                .build(),
            transport,
            scheduler);
    speaker.add(
        NeighborConfig.builder("Mesh_" + other, IpAddress.of(address(other)), AS)
            .dial(standIn(other))
            .source(new InetSocketAddress(standIn(node).getAddress(), 0))
            .passive(other > node)
            .timers(Timers.CALICO.withConnectDelay(Duration.ofMillis(100)))
            .addPath(AddPathMode.BOTH)
            .gracefulRestart(GracefulRestartMode.ABLE)
            .build());
    return speaker;
  }

  private static PathAttributes block() {
    return PathAttributes.of(
        new PathAttribute.OriginAttribute(Origin.IGP),
        new PathAttribute.AsPathAttribute(AsPath.EMPTY));
  }

  private static List<String> routes(SpeakerView view) {
    return view.routes(AfiSafi.IPV4_UNICAST).stream()
        .map(
            r ->
                r.route().prefix()
                    + " "
                    + r.route().source().name()
                    + " "
                    + r.route().attributes().nextHop().map(Object::toString).orElse("-"))
        .sorted()
        .toList();
  }

  @Test
  void exchangeBlocksOverTcp() throws Exception {
    var loops = List.of(group.next(), group.next());
    var speakers = new ArrayList<BgpSpeaker>();
    for (int node = 1; node <= 2; node++) {
      var loop = loops.get(node - 1);
      speakers.add(
          node(
              node,
              3 - node,
              new TcpTransport(loop),
              new EventLoopScheduler(loop, InstantSource.system())));
    }
    var changes = new CopyOnWriteArrayList<RibChange>();
    for (int i = 0; i < 2; i++) {
      var speaker = speakers.get(i);
      var block = i == 0 ? BLOCK1 : BLOCK2;
      loops
          .get(i)
          .submit(
              () -> {
                speaker.listener(changes::add);
                speaker.originate(block, block());
                speaker.start();
              })
          .sync();
    }
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> {
              assertThat(routes(view(loops.get(0), speakers.get(0))))
                  .containsExactly(BLOCK2 + " Mesh_2 192.168.43.153", BLOCK1 + " static1 -");
              assertThat(routes(view(loops.get(1), speakers.get(1))))
                  .containsExactly(BLOCK2 + " static1 -", BLOCK1 + " Mesh_1 192.168.43.152");
            });
    assertThat(view(loops.get(0), speakers.get(0)).neighbors().getFirst().sessionState())
        .isEqualTo("Established");
    loops.get(1).submit(() -> speakers.get(1).withdraw(BLOCK2)).sync();
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () ->
                assertThat(routes(view(loops.get(0), speakers.get(0))))
                    .containsExactly(BLOCK1 + " static1 -"));
    loops.get(1).submit(() -> speakers.get(1).stop(() -> {})).sync();
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> {
              var neighbor = view(loops.get(0), speakers.get(0)).neighbors().getFirst();
              assertThat(neighbor.lastError()).isEqualTo("Received: Administrative shutdown");
              assertThat(neighbor.sessionState()).isEqualTo("Passive");
            });
    assertThat(changes).isNotEmpty();
  }

  private static SpeakerView view(IoEventLoop loop, BgpSpeaker speaker) throws Exception {
    return loop.submit(speaker::view).get(5, TimeUnit.SECONDS);
  }

  @Test
  void exchangeBlocksInOneProcess() throws Exception {
    var scheduler = new VirtualScheduler(Instant.parse("2022-05-01T11:15:14Z"));
    var network = new InProcessNetwork(scheduler);
    var first = node(1, 2, new InProcessTransport(network, standIn(1).getAddress()), scheduler);
    var second = node(2, 1, new InProcessTransport(network, standIn(2).getAddress()), scheduler);
    first.originate(BLOCK1, block());
    second.originate(BLOCK2, block());
    first.start();
    second.start();
    scheduler.advance(Duration.ofSeconds(1));
    assertThat(routes(first.view()))
        .containsExactly(BLOCK2 + " Mesh_2 192.168.43.153", BLOCK1 + " static1 -");
    assertThat(routes(second.view()))
        .containsExactly(BLOCK2 + " static1 -", BLOCK1 + " Mesh_1 192.168.43.152");
    var neighbor = first.view().neighbors().getFirst();
    assertThat(neighbor.neighborCaps())
        .isEqualTo("refresh enhanced-refresh restart-able llgr-aware AS4 add-path-rx add-path-tx");
    assertThat(neighbor.sessionWords()).isEqualTo("internal multihop AS4 add-path-rx add-path-tx");
    scheduler.advance(Duration.ofHours(1));
    assertThat(first.view().neighbors().getFirst().state()).isEqualTo("Established");
    second.withdraw(BLOCK2);
    scheduler.advance(Duration.ofMillis(10));
    assertThat(routes(first.view())).containsExactly(BLOCK1 + " static1 -");
    second.stop(() -> {});
    scheduler.advance(Duration.ofMillis(10));
    assertThat(routes(first.view())).containsExactly(BLOCK1 + " static1 -");
    assertThat(first.view().neighbors().getFirst().lastError())
        .isEqualTo("Received: Administrative shutdown");
  }
}
