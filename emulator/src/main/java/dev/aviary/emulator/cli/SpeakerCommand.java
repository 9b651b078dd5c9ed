package dev.aviary.emulator.cli;

import dev.aviary.emulator.cluster.StandaloneSpeaker;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code aviary speaker}. */
@Command(
    name = "speaker",
    description = "One plain BGP router: waits for its neighbors, takes and tells every route.",
    footerHeading = "%nExample:%n",
    footer =
        "  aviary speaker --listen 127.0.0.1:1790 --router-id 10.0.0.1 --as 65000"
            + " --neighbor 127.0.0.2:65001 --neighbor 127.0.0.3:65002")
final class SpeakerCommand implements Callable<Integer> {
  private final Context context;

  @Option(
      names = "--listen",
      paramLabel = "IP:PORT",
      required = true,
      description = "Where it listens.")
  private String listen = "";

  @Option(
      names = "--router-id",
      paramLabel = "IP",
      required = true,
      description = "Its BGP identifier.")
  private String routerId = "";

  @Option(
      names = "--as",
      paramLabel = "AS",
      required = true,
      description = "Its AS number, 1 to 4294967295.")
  private long as;

  @Option(
      names = "--neighbor",
      paramLabel = "IP:AS",
      required = true,
      description = "A neighbor that will connect; may be given several times.")
  private List<String> neighbors = List.of();

  SpeakerCommand(Context context) {
    this.context = context;
  }

  @Override
  public Integer call() throws Exception {
    var err = context.console().err();
    int colon = listen.lastIndexOf(':');
    var address =
        colon < 0
            ? java.util.Optional.<IpAddress>empty()
            : IpAddress.parse(listen.substring(0, colon).replaceAll("^\\[|]$", ""));
    if (address.isEmpty() || !listen.substring(colon + 1).matches("[0-9]{1,5}")) {
      err.println("aviary: --listen must be IP:PORT, is '" + listen + "'");
      return ExitCodes.USAGE;
    }
    var identifier = Ipv4Address.parse(routerId);
    if (identifier.isEmpty() || identifier.get().isUnspecified()) {
      err.println("aviary: --router-id must be an IPv4 address, is '" + routerId + "'");
      return ExitCodes.USAGE;
    }
    if (as < 1 || as > 0xffff_ffffL) {
      err.println("aviary: --as must be 1 to 4294967295, is " + as);
      return ExitCodes.USAGE;
    }
    var peers = new ArrayList<StandaloneSpeaker.Peer>();
    for (var text : neighbors) {
      var peer = StandaloneSpeaker.Peer.parse(text);
      if (peer.isEmpty()) {
        err.println("aviary: --neighbor must be IP:AS, is '" + text + "'");
        return ExitCodes.USAGE;
      }
      peers.add(peer.get());
    }
    var at =
        new InetSocketAddress(
            InetAddress.getByAddress(address.get().octets()),
            Integer.parseInt(listen.substring(colon + 1)));
    var stopped = new CountDownLatch(1);
    var asked = new CountDownLatch(1);
    try (var _ = StandaloneSpeaker.start(at, identifier.get(), as, peers)) {
      Shutdown.onInterrupt(asked, stopped);
      context.console().out().println("listening at " + listen);
      context.console().out().flush();
      asked.await();
    } finally {
      stopped.countDown();
    }
    return ExitCodes.INTERRUPTED;
  }
}
