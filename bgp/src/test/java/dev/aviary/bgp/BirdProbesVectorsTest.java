package dev.aviary.bgp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.aviary.bgp.message.Capability;
import dev.aviary.bgp.message.Encoded;
import dev.aviary.bgp.message.KeepaliveMessage;
import dev.aviary.bgp.message.Message;
import dev.aviary.bgp.message.NotificationMessage;
import dev.aviary.bgp.message.OpenMessage;
import dev.aviary.bgp.message.WireVectors;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.transport.RawPeer;
import dev.aviary.net.Vectors;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;

/** The same octets get the same reply, state and route as from the two BIRDs. */
class BirdProbesVectorsTest {
  private static final Pattern ROUTE = Pattern.compile("(?:1007-| )(\\S+/\\d+) .*");

  @TestFactory
  Stream<DynamicTest> answerAsBird() {
    return Vectors.list("birdc/bgp-wire", "probes-*.jsonl").stream()
        .flatMap(
            file ->
                Vectors.text("birdc/bgp-wire/" + file.getFileName())
                    .lines()
                    .map(WireVectors::json)
                    .map(
                        probe ->
                            dynamicTest(
                                file.getFileName()
                                    + " "
                                    + probe.get("case").asString()
                                    + " "
                                    + probe.get("session").asString(),
                                () -> check(file, probe))));
  }

  private static void check(Path file, JsonNode probe) {
    var behavior =
        file.getFileName().toString().contains("1.6") ? Behavior.BIRD_16 : Behavior.BIRD_20;
    boolean internal = probe.get("session").asString().endsWith("ibgp");
    var address = internal ? "192.168.43.13" : "192.168.43.14";
    long as = internal ? 64512 : 65001;
    var lab =
        new SpeakerLab(
            SpeakerConfig.builder("bird", AsNumber.of(64512), BgpIdentifier.of("192.168.43.151"))
                .ipv4(dev.aviary.net.Ipv4Address.of("192.168.43.151"))
                .listen(SpeakerLab.LISTEN)
                .behavior(behavior)
                .build());
    lab.neighbor(address, as, n -> n.families(SpeakerLab.V4));
    boolean open = probe.get("phase").asString().equals("OPEN");
    RawPeer peer = open ? lab.connect(address) : lab.connect(address, open(as, address), true);
    int before = open ? 0 : peer.received().size();
    peer.send(HexFormat.of().parseHex(probe.get("sent_hex").asString()));
    lab.settle();
    var replies = peer.received().subList(before, peer.received().size());
    judge(probe, replies, peer);
    if (open) {
      var status = probe.get("status_after").get(2).asString();
      // A session that came up was closed by the tester before it looked.
      if (!status.endsWith("Socket: Connection closed")) {
        var view = lab.speaker.view().neighbors().getFirst();
        assertThat("%-13s %s".formatted(view.sessionState(), view.lastError())).isEqualTo(status);
      }
    } else {
      var wanted =
          probe
              .get("show_route_all_lines")
              .valueStream()
              .map(line -> ROUTE.matcher(line.asString()))
              .filter(java.util.regex.Matcher::matches)
              .map(m -> m.group(1))
              .toList();
      assertThat(
              lab.routes(SpeakerLab.V4).stream().map(v -> v.route().prefix().toString()).toList())
          .isEqualTo(wanted);
    }
  }

  private static void judge(JsonNode probe, List<Message> replies, RawPeer peer) {
    var wanted = probe.get("replies").valueStream().map(JsonNode::asString).toList();
    // BIRD's own routes, where they came late, are no reply.
    var expected = wanted.stream().filter(r -> !r.matches("EOF|RST|UPDATE:.*")).toList();
    assertThat(replies.stream().map(BirdProbesVectorsTest::print).toList()).isEqualTo(expected);
    assertThat(peer.isOpen()).isEqualTo(wanted.stream().noneMatch(r -> r.matches("EOF|RST")));
  }

  private static String print(Message message) {
    var name =
        switch (message) {
          case OpenMessage _ -> "OPEN";
          case NotificationMessage _ -> "NOTIFICATION";
          case KeepaliveMessage _ -> "KEEPALIVE";
          case dev.aviary.bgp.message.UpdateMessage _ -> "UPDATE";
          case dev.aviary.bgp.message.RouteRefreshMessage _ -> "REFRESH";
        };
    var encoded = Encoded.of(message);
    var body = new byte[encoded.size() - 19];
    encoded.octets().getBytes(19, body);
    encoded.release();
    return body.length == 0 ? name : name + ":" + HexFormat.of().formatHex(body);
  }

  private static OpenMessage open(long as, String identifier) {
    return OpenMessage.of(
        AsNumber.of(as),
        90,
        BgpIdentifier.of(identifier),
        List.of(
            new Capability.Multiprotocol(SpeakerLab.V4),
            new Capability.FourOctetAs(AsNumber.of(as)),
            new Capability.EnhancedRefresh()));
  }
}
