package dev.aviary.bgp.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.aviary.bgp.BgpSpeaker;
import dev.aviary.bgp.NeighborBuilder;
import dev.aviary.bgp.NeighborConfig;
import dev.aviary.bgp.NeighborConfig.Timers;
import dev.aviary.bgp.SpeakerConfig;
import dev.aviary.bgp.SpeakerView;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.net.IpAddress;
import io.netty.channel.IoEventLoop;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What only real sockets show. */
class TcpTransportTest {
  private static final AsNumber AS = AsNumber.of(65000);
  private final MultiThreadIoEventLoopGroup group = TcpTransport.newGroup(1);
  private final IoEventLoop loop = group.next();

  @AfterEach
  void stopLoops() throws InterruptedException {
    group.shutdownGracefully(0, 0, TimeUnit.SECONDS).sync();
  }

  private static InetSocketAddress at(String address) throws IOException {
    return new InetSocketAddress(InetAddress.getByName(address), 17910);
  }

  private BgpSpeaker speaker(
      String own, String other, boolean passive, UnaryOperator<NeighborBuilder> more)
      throws Exception {
    var speaker =
        new BgpSpeaker(
            SpeakerConfig.builder(own, AS, BgpIdentifier.of(own)).listen(at(own)).build(),
            new TcpTransport(loop),
            new EventLoopScheduler(loop, InstantSource.system()));
    loop.submit(
            () -> {
              speaker.add(
                  more.apply(
                          NeighborConfig.builder("n", IpAddress.of(other), AS)
                              .dial(unchecked(other))
                              .source(new InetSocketAddress(own, 0))
                              .passive(passive)
                              .timers(Timers.CALICO.withConnectDelay(Duration.ofMillis(50))))
                      .build());
              speaker.start();
            })
        .sync();
    return speaker;
  }

  private static InetSocketAddress unchecked(String address) {
    return new InetSocketAddress(address, 17910);
  }

  private SpeakerView view(BgpSpeaker speaker) throws Exception {
    return loop.submit(speaker::view).get(5, TimeUnit.SECONDS);
  }

  private String state(BgpSpeaker speaker) throws Exception {
    return view(speaker).neighbors().getFirst().state();
  }

  @Test
  void passwordsMustMatch() throws Exception {
    assumeTrue(Epoll.isAvailable(), "TCP-MD5 needs epoll");
    var one = speaker("127.9.2.1", "127.9.2.2", true, n -> n.password("secret"));
    speaker("127.9.2.2", "127.9.2.1", false, n -> n.password("secret"));
    await().atMost(Duration.ofSeconds(10)).until(() -> state(one).equals("Established"));
    var three = speaker("127.9.2.3", "127.9.2.4", true, n -> n.password("secret"));
    speaker("127.9.2.4", "127.9.2.3", false, n -> n.password("wrong"));
    var five = speaker("127.9.2.5", "127.9.2.6", true, n -> n);
    speaker("127.9.2.6", "127.9.2.5", false, n -> n);
    await().atMost(Duration.ofSeconds(10)).until(() -> state(five).equals("Established"));
    assertThat(state(three)).isEqualTo("Active");
  }

  @Test
  void packetsMustComeFromNear() throws Exception {
    assumeTrue(Epoll.isAvailable(), "TTLs need epoll");
    var one = speaker("127.9.3.1", "127.9.3.2", true, n -> n.gtsm(1));
    speaker("127.9.3.2", "127.9.3.1", false, n -> n.gtsm(1));
    await().atMost(Duration.ofSeconds(10)).until(() -> state(one).equals("Established"));
  }

  @Test
  void garbageGetsANotification() throws Exception {
    var one = speaker("127.9.4.1", "127.9.4.2", true, n -> n);
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> {
              try (var socket = new Socket()) {
                socket.bind(new InetSocketAddress("127.9.4.2", 0));
                socket.connect(at("127.9.4.1"), 1000);
                socket
                    .getOutputStream()
                    .write(
                        "GET / HTTP/1.1\r\nHost: x\r\n\r\n"
                            .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                socket.setSoTimeout(2000);
                var reply = HexFormat.of().formatHex(socket.getInputStream().readAllBytes());
                assertThat(reply).endsWith("0015030101");
              }
            });
    assertThat(view(one).neighbors().getFirst().lastError())
        .isEqualTo("BGP Error: Connection not synchronized");
  }

  @Test
  void strangersAreClosedAtOnce() throws Exception {
    speaker("127.9.5.1", "127.9.5.2", true, n -> n);
    await()
        .atMost(Duration.ofSeconds(10))
        .untilAsserted(
            () -> {
              try (var socket = new Socket()) {
                socket.bind(new InetSocketAddress("127.9.5.9", 0));
                socket.connect(at("127.9.5.1"), 1000);
                socket.setSoTimeout(2000);
                assertThat(socket.getInputStream().readAllBytes()).isEmpty();
              }
            });
  }

  @Test
  void aRefusedAttemptSaysSo() throws Exception {
    var one = speaker("127.9.6.1", "127.9.6.2", false, n -> n);
    await()
        .atMost(Duration.ofSeconds(10))
        .until(
            () ->
                view(one).neighbors().getFirst().lastError().equals("Socket: Connection refused"));
  }

  @Test
  void anAddressInUseIsReported() throws Exception {
    speaker("127.9.7.1", "127.9.7.2", true, n -> n);
    var outcome = new CompletableFuture<BgpSpeaker.Started>();
    var second =
        new BgpSpeaker(
            SpeakerConfig.builder("second", AS, BgpIdentifier.of("10.0.0.1"))
                .listen(at("127.9.7.1"))
                .build(),
            new TcpTransport(loop),
            new EventLoopScheduler(loop, InstantSource.system()));
    loop.submit(() -> second.start(outcome::complete)).sync();
    assertThat(outcome.get(5, TimeUnit.SECONDS))
        .isEqualTo(new BgpSpeaker.Started.Failed("Address already in use"));
  }
}
