package dev.aviary.it.bgp;

import static dev.aviary.it.bgp.RawSession.UPDATE;
import static dev.aviary.it.bgp.RawSession.path;
import static dev.aviary.it.bgp.RawSession.update;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.aviary.emulator.cluster.SpeakerRecording;
import dev.aviary.emulator.cluster.StandaloneSpeaker;
import dev.aviary.emulator.resource.ResourceLoader.Document;
import dev.aviary.emulator.speaker.SpeakerFile;
import dev.aviary.it.Peers;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a speaker records and dumps (RFC 6396), as the real bgpdump reads it. */
class BgpdumpTest {
  private static final String SIX = "4020010db800010002";

  @TempDir
  @SuppressWarnings("NullAway.Init") // before each test
  private Path folder;

  @Test
  void readsWhatWasRecordedAndDumped() throws Exception {
    var listen = LiveSpeaker.freeAddress("127.24.0.1");
    var file =
        SpeakerFile.read(
                new Document(
                    "speaker.yaml",
                    """
                    as: 65000
                    routerId: 10.0.0.1
                    ipv4: 192.0.2.1
                    ipv6: 2001:db8::1
                    listen: 127.24.0.1:%d
                    routes: [{prefix: 203.0.113.0/24, med: 7}]
                    neighbors:
                      - {name: a, address: 127.24.0.2, as: 4200000001, passive: true, families: [ipv4, ipv6]}
                    """
                        .formatted(listen.getPort())))
            .fold(
                problems -> {
                  throw new AssertionError(problems.mkString("\n"));
                },
                sound -> sound);
    var updates = folder.resolve("updates.mrt");
    var table = folder.resolve("table.mrt");
    try (var recording = SpeakerRecording.to(Optional.of(updates));
        var speaker = StandaloneSpeaker.start(file, recording);
        var peer = new RawSession(InetAddress.getByName("127.24.0.2"), listen, 4_200_000_001L)) {
      peer.establish("");
      var attributes =
          "40010101"
              + path(4_200_000_001L, 65010)
              + "400304c0000263"
              + "80040400000005"
              + "c00808fde80001ffffff01"
              + "c0200c0000fde80000000700000009";
      peer.say(UPDATE, update("", attributes, "18c63364" + "18c63365"));
      var reach = "000201" + "10" + "20010db8" + "00".repeat(11) + "63" + "00" + SIX;
      peer.say(
          UPDATE,
          update(
              "",
              "40010100" + path(4_200_000_001L) + "800e%02x".formatted(reach.length() / 2) + reach,
              ""));
      peer.say(UPDATE, update("18c63365", "", ""));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(
              () ->
                  speaker.view().routes(dev.aviary.bgp.route.AfiSafi.IPV6_UNICAST).size() == 1
                      && speaker.view().routes(dev.aviary.bgp.route.AfiSafi.IPV4_UNICAST).size()
                          == 2);
      speaker.dump(table);
    }
    var heard = "127.24.0.2|4200000001|";
    var first = "|4200000001 65010|EGP|192.0.2.99|0|5|65000:1 no-export|NAG||";
    assertThat(read(updates))
        .contains(
            "BGP4MP|A|" + heard + "198.51.100.0/24" + first,
            "BGP4MP|A|" + heard + "198.51.101.0/24" + first,
            "BGP4MP|W|" + heard + "198.51.101.0/24",
            "BGP4MP|A|" + heard + "2001:db8:1:2::/64|4200000001|IGP|2001:db8::63|0|0||NAG||");
    assertThat(read(table))
        .containsExactlyInAnyOrder(
            "TABLE_DUMP2|B|" + heard + "198.51.100.0/24" + first,
            "TABLE_DUMP2|B|0.0.0.0|65000|203.0.113.0/24||IGP|0.0.0.0|0|7||NAG||",
            "TABLE_DUMP2|B|" + heard + "2001:db8:1:2::/64|4200000001|IGP|2001:db8::63|0|0||NAG||");
  }

  /** A line per route, without its time. */
  private static List<String> read(Path file) throws IOException, InterruptedException {
    var program = Peers.unpacked("bgpdump").resolve("usr/bin/bgpdump").toString();
    var process =
        new ProcessBuilder(program, "-m", "-v", file.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).isZero();
    return text.lines().map(line -> line.replaceFirst("\\|\\d+\\|", "|")).toList();
  }
}
