package dev.aviary.kernel.dump;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.kernel.Conversation;
import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.Outcome;
import dev.aviary.kernel.PacketWalk;
import dev.aviary.kernel.Probe;
import dev.aviary.kernel.TraceText;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Vectors;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The seed cluster again, this time from what its nodes' tools printed. */
class DumpedNetworkVectorsTest {
  private static final List<String> KINDS =
      List.of("ip-addr-link", "ip-route", "ip-rule", "ipset", "iptables-save.legacy", "sysctl");

  private static DumpedNetwork load() throws IOException, DumpException {
    var dumps = new ArrayList<HostDump>();
    for (var node : List.of("master", "node1")) {
      var files = new ArrayList<HostDump.File>();
      for (var kind : KINDS) {
        for (var file : Vectors.list("kernel-golden/seed/texts", node + "." + kind + ".txt")) {
          files.add(
              new HostDump.File(
                  String.valueOf(file.getFileName()), java.nio.file.Files.readString(file)));
        }
      }
      dumps.add(new HostDump(node, files));
    }
    return DumpedNetwork.load(
        dumps, name -> new Kernel(name, () -> Instant.EPOCH, new Random(name.hashCode())), false);
  }

  @ParameterizedTest
  @CsvSource({
    "192.168.43.1, 192.168.43.152, 30000, Answered",
    "10.244.219.75, 10.1.118.185, 80, Answered",
    "10.244.219.75, 10.244.166.159, 80, Answered",
    "10.244.219.75, 203.0.113.10, 80, Answered",
    "master, 10.1.118.185, 80, Answered",
    "10.244.166.160, 10.244.219.76, 80, TimedOut",
    "10.244.219.75, 10.1.77.77, 80, Refused",
    "8.8.8.8, 192.168.43.153, 30000, Answered",
  })
  void packetsGoAsTheyWent(String from, String to, int port, String outcome)
      throws IOException, DumpException {
    var network = load();
    network.listen(6);
    var destination = IpAddress.of(to);
    var origin = network.origin(from).orElseThrow();
    var walk = PacketWalk.recording();
    var probe = Probe.tcp(destination, port).withSource(origin.source().orElse(null), 0);
    var conversation = Conversation.start(origin.kernel(), probe, walk);
    walk.giveUpOnNeighbors();
    Outcome ended = conversation.outcome();
    assertThat(ended.getClass().getSimpleName())
        .as(new TraceText(network.names()).print(from, walk.traces(), ended))
        .isEqualTo(outcome);
  }
}
