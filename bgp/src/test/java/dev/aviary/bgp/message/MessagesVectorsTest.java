package dev.aviary.bgp.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.aviary.bgp.message.MessageCodec.Failed;
import dev.aviary.bgp.message.MessageCodec.Whole;
import dev.aviary.net.IpAddress;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** Sound messages decode as others decode them, and go back to the same octets. */
class MessagesVectorsTest {

  @TestFactory
  Stream<DynamicTest> decodeAndEncode() {
    return WireVectors.rows("messages.tsv").stream()
        .map(row -> dynamicTest(row[0] + " " + row[1], () -> check(row)));
  }

  private static void check(String[] row) {
    var options = WireVectors.options(WireVectors.json(row[3]), true);
    var octets = HexFormat.of().parseHex(row[5]);
    var decoded = MessageCodec.inspect(octets, 0, octets.length, options);
    switch (decoded) {
      case Failed(var reply, var detail) ->
          throw new AssertionError("not decoded: " + reply + " " + detail);
      case Whole(var message) -> {
        assertThat(MessageJson.of(message).toString())
            .isEqualTo(normalised(WireVectors.json(row[6])).toString());
        var encoded = Encoded.of(message);
        var out = new byte[encoded.size()];
        encoded.octets().getBytes(0, out);
        encoded.release();
        if (message instanceof OpenMessage) {
          // How capabilities are spread over parameters is not kept; what they say is.
          assertThat(MessageCodec.inspect(out, 0, out.length, options)).isEqualTo(decoded);
        } else {
          assertThat(out).isEqualTo(octets);
        }
      }
    }
  }

  /** Without the names that capabilities have there for readers. */
  private static JsonNode normalised(JsonNode expected) {
    expected.path("capabilities").forEach(capability -> ((ObjectNode) capability).remove("name"));
    // The vectors do not print an embedded IPv4 address as RFC 5952 §5 recommends.
    for (var attribute : expected.path("attributes")) {
      if (attribute.path("mp_reach").path("next_hop") instanceof ArrayNode hops) {
        for (int i = 0; i < hops.size(); i++) {
          hops.set(i, IpAddress.of(hops.get(i).asString()).toString());
        }
      }
    }
    return expected;
  }
}
