package dev.aviary.bgp.message;

import dev.aviary.bgp.message.MessageCodec.Whole;
import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AttributesBuilder;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * Any octets as a message: a value or a fault comes of them, nothing else. The first octet says
 * what was agreed on; a true header is put in front of the rest, or they stand as they are. A
 * fuzzer calls this with what it makes up, {@code FuzzCorpusTest} with what was found before.
 */
public final class MessageCodecFuzzer {
  private static final int HEADER = 18;

  private static final List<Behavior> BEHAVIORS = List.of(Behavior.values());

  private MessageCodecFuzzer() {}

  /** The entry point that fuzzers look for. */
  public static void fuzzerTestOneInput(byte[] input) {
    if (input.length < 2 || input.length > MessageCodec.EXTENDED_LIMIT - HEADER) {
      return;
    }
    int choice = input[0];
    var options = options(choice);
    var body = Arrays.copyOfRange(input, 1, input.length);
    var octets = (choice & 0x80) != 0 ? body : frame(body);
    if (octets.length >= MessageCodec.HEADER
        && MessageCodec.checkHeader(octets, 0, options) != null) {
      return;
    }
    read(octets, options);
  }

  static SessionOptions options(int choice) {
    var families = Set.of(AfiSafi.IPV4_UNICAST, AfiSafi.IPV6_UNICAST);
    boolean internal = (choice & 4) != 0;
    boolean paths = (choice & 8) != 0;
    return new SessionOptions(
        BEHAVIORS.get((choice & 3) % BEHAVIORS.size()),
        AsNumber.of(65000),
        AsNumber.of(internal ? 65000 : 65001),
        internal,
        (choice & 16) != 0,
        families,
        paths ? families : Set.of(),
        Set.of(),
        (choice & 32) != 0,
        families,
        true,
        true,
        Duration.ofSeconds(90),
        BgpIdentifier.of("10.0.0.2"),
        List.of());
  }

  private static byte[] frame(byte[] body) {
    var octets = new byte[HEADER + body.length];
    Arrays.fill(octets, 0, 16, (byte) -1);
    octets[16] = (byte) (octets.length >>> 8);
    octets[17] = (byte) octets.length;
    System.arraycopy(body, 0, octets, HEADER, body.length);
    return octets;
  }

  /** All that a speaker and those who look on ask of a message. */
  private static void read(byte[] octets, SessionOptions options) {
    if (MessageCodec.decode(octets, 0, octets.length, options) instanceof Whole(var message)
        && message instanceof UpdateMessage update) {
      var builder = new AttributesBuilder();
      for (var family : options.families()) {
        update.forEachWithdrawn(family, (_, _, _, _) -> {});
      }
      update.forEachClassic((_, _, _, _) -> {});
      update.forEachReached((_, _, _, _) -> {});
      if (!update.treatAsWithdraw()) {
        update.attributesTo(builder, false);
        builder.build().all();
        update.attributesTo(builder, true);
        builder.build().all();
      }
    }
    if (MessageCodec.inspect(octets, 0, octets.length, options) instanceof Whole(var message)
        && message instanceof UpdateMessage update) {
      update.attributes();
    }
  }
}
