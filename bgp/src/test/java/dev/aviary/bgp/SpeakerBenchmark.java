package dev.aviary.bgp;

import dev.aviary.bgp.rib.RouteDissemination.NextHopRule;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.transport.EventLoopScheduler;
import dev.aviary.bgp.transport.TcpTransport;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import java.net.InetSocketAddress;
import java.time.InstantSource;

/**
 * One plain eBGP router for the full-table run: import and export everything, next hop self, all
 * neighbors passive. Started by the bench script, never by the tests.
 */
final class SpeakerBenchmark {
  private SpeakerBenchmark() {}

  public static void main(String[] arguments) throws Exception {
    var listen = System.getenv("LISTEN");
    int port = Integer.parseInt(System.getenv("PORT"));
    var as = AsNumber.of(Long.parseLong(System.getenv("AS")));
    var loop = TcpTransport.newGroup(1).next();
    var speaker =
        new BgpSpeaker(
            SpeakerConfig.builder("dut", as, BgpIdentifier.of(listen))
                .ipv4(Ipv4Address.of(listen))
                .listen(new InetSocketAddress(listen, port))
                .build(),
            new TcpTransport(loop),
            new EventLoopScheduler(loop, InstantSource.system()));
    loop.submit(
            () -> {
              for (var neighbor : System.getenv("NEIGHBORS").split(" ", -1)) {
                var parts = neighbor.split(":", -1);
                speaker.add(
                    NeighborConfig.builder(
                            neighbor, IpAddress.of(parts[0]), AsNumber.of(Long.parseLong(parts[1])))
                        .passive(true)
                        .nextHop(NextHopRule.SELF)
                        .build());
              }
              speaker.start();
            })
        .sync();
    loop.terminationFuture().sync();
  }
}
