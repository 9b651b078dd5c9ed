package dev.aviary.kernel.conntrack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.SctpChunk;
import dev.aviary.net.IpAddress;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** 146 sequences of packets, sound and unsound ones: each does here what it did to Linux 6.18. */
class SctpTrackerTest {
  private static final IpAddress A = IpAddress.of("10.1.0.2");
  private static final IpAddress B = IpAddress.of("10.2.0.2");
  private static final Map<String, Integer> CHUNKS =
      Map.ofEntries(
          Map.entry("DATA", SctpChunk.DATA),
          Map.entry("INIT", SctpChunk.INIT),
          Map.entry("INITACK", SctpChunk.INIT_ACK),
          Map.entry("SACK", SctpChunk.SACK),
          Map.entry("HB", SctpChunk.HEARTBEAT),
          Map.entry("HBACK", SctpChunk.HEARTBEAT_ACK),
          Map.entry("ABORT", SctpChunk.ABORT),
          Map.entry("SHUT", SctpChunk.SHUTDOWN),
          Map.entry("SHUTACK", SctpChunk.SHUTDOWN_ACK),
          Map.entry("ERR", SctpChunk.ERROR),
          Map.entry("ECHO", SctpChunk.COOKIE_ECHO),
          Map.entry("CACK", SctpChunk.COOKIE_ACK),
          Map.entry("SCOMP", SctpChunk.SHUTDOWN_COMPLETE));

  @TestFactory
  List<DynamicTest> sequences() throws IOException {
    var tests = new ArrayList<DynamicTest>();
    for (var part : recorded().split("(?m)^#.*$", -1)) {
      var lines = part.lines().filter(line -> !line.isBlank()).toList();
      if (!lines.isEmpty()) {
        tests.add(DynamicTest.dynamicTest(lines.getFirst(), () -> check(lines)));
      }
    }
    return tests;
  }

  private static String recorded() throws IOException {
    try (var in = SctpTrackerTest.class.getResourceAsStream("/sctp/linux-6.18.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void check(List<String> lines) {
    var conntrack = new Kernel("r", () -> Instant.EPOCH, new Random(1)).conntrack();
    var here = new ArrayList<String>();
    for (var line : lines) {
      var words = line.split(" ", -1);
      here.add(words[0] + " " + words[1] + " " + send(conntrack, words[0].equals("a"), words[1]));
    }
    assertThat(here).containsExactlyElementsOf(lines);
  }

  private static String send(Conntrack conntrack, boolean fromA, String text) {
    var packet = new Packet(fromA ? A : B, fromA ? B : A, IpProtocol.SCTP);
    packet.setPorts(fromA ? 4000 : 80, fromA ? 80 : 4000);
    var words = text.split(":", -1);
    packet.setVerificationTag(Integer.decode(words[1]));
    var chunks = new ArrayList<SctpChunk>();
    for (var name : words[0].split("\\+", -1)) {
      chunks.add(chunk(Objects.requireNonNull(CHUNKS.get(name)), words));
    }
    packet.setPayload(SctpChunk.encode(chunks));
    var tracking = new Tracking();
    conntrack.track(packet, tracking);
    String seen =
        tracking.entry() == null
            ? "INVALID"
            : tracking.info() == CtInfo.NEW ? "NEW" : "ESTABLISHED";
    assertThat(conntrack.confirm(tracking)).isTrue();
    return seen + " " + known(conntrack.entries());
  }

  private static SctpChunk chunk(int type, String[] words) {
    var chunk =
        type == SctpChunk.INIT || type == SctpChunk.INIT_ACK
            ? SctpChunk.init(type, Integer.decode(words[2]), 1)
            : SctpChunk.of(type, new byte[4]);
    return words[words.length - 1].equals("T") ? chunk.reflected() : chunk;
  }

  private static String known(List<ConntrackEntry> entries) {
    if (entries.isEmpty()) {
      return "- - -";
    }
    var entry = entries.getFirst();
    return String.format(
        Locale.ROOT,
        "%s %s %s",
        entry.stateText(),
        entry.hasSeenReply() ? "R" : "U",
        entry.isAssured() ? "A" : "-");
  }
}
