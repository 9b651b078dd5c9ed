package dev.aviary.bgp.message;

import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AttributesBuilder;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever the octets: a verdict, never an exception. */
class MessageCodecPropertyTest {
  private static final List<String> SEEDS =
      List.of(
          // an OPEN with the usual capabilities
          "0104fc0000f0c0a82b9722022001040001000102004006007800010100"
              + "41040000fc00450400010103460047004900",
          // an UPDATE with most attributes
          "02000000724001010040020a02020000fde90000fdf2400304c0a82b0c80040400"
              + "00004d40050400000064400600c007080000fdf209090909c00808fde90003fde90009"
              + "c010100002fde9000000054002fde900000006c020180000fde900000001000000010000"
              + "fde90000000200000002c063020102"
              + "18c63364"
              + "18c63365",
          // IPv6 both ways
          "0200000039400101004002060201000003e9900e00260002012020010db800000000000000"
              + "0000000001fe800000000000000000000000000001002020010db8800f0400020100",
          "03060208627965",
          "0500010001");

  private static SessionOptions options(
      Behavior behavior, boolean wide, boolean paths, boolean in) {
    var families = Set.of(AfiSafi.IPV4_UNICAST, AfiSafi.IPV6_UNICAST);
    return new SessionOptions(
        behavior,
        AsNumber.of(65000),
        AsNumber.of(in ? 65000 : 65001),
        in,
        wide,
        families,
        paths ? families : Set.of(),
        Set.of(),
        true,
        families,
        true,
        true,
        Duration.ofSeconds(90),
        BgpIdentifier.of("10.0.0.2"),
        List.of());
  }

  @Provide
  Arbitrary<byte[]> mutations() {
    var seeds = Arbitraries.of(SEEDS).map(HexFormat.of()::parseHex);
    var edits =
        Arbitraries.integers().between(0, Integer.MAX_VALUE).list().ofMinSize(0).ofMaxSize(6);
    return net.jqwik.api.Combinators.combine(seeds, edits).as(MessageCodecPropertyTest::mutate);
  }

  /** Sets, cuts or repeats an octet for each number. */
  private static byte[] mutate(byte[] seed, List<Integer> edits) {
    var octets = seed.clone();
    for (int edit : edits) {
      if (octets.length < 2) {
        break;
      }
      int at = 1 + (edit >>> 10) % (octets.length - 1);
      switch (edit & 3) {
        case 0, 1 -> octets[at] = (byte) (edit >>> 2);
        case 2 -> octets = java.util.Arrays.copyOf(octets, at + 1);
        default -> {
          var longer = new byte[octets.length + 1];
          System.arraycopy(octets, 0, longer, 0, at);
          System.arraycopy(octets, at, longer, at + 1, octets.length - at);
          octets = longer;
        }
      }
    }
    return octets;
  }

  @Property(tries = 4000)
  void everyMutationGetsAVerdict(
      @ForAll("mutations") byte[] body,
      @ForAll Behavior behavior,
      @ForAll boolean wide,
      @ForAll boolean paths,
      @ForAll boolean internal) {
    decode(frame(body), options(behavior, wide, paths, internal));
  }

  @Property(tries = 2000)
  void anyOctetsGetAVerdict(@ForAll byte[] body, @ForAll boolean wide) {
    decode(
        frame(body.length == 0 ? new byte[] {2} : body), options(Behavior.RFC, wide, false, true));
    decode(body, options(Behavior.RFC, wide, false, false));
  }

  private static byte[] frame(byte[] body) {
    var octets = new byte[18 + body.length];
    java.util.Arrays.fill(octets, 0, 16, (byte) -1);
    octets[16] = (byte) (octets.length >>> 8);
    octets[17] = (byte) octets.length;
    System.arraycopy(body, 0, octets, 18, body.length);
    return octets;
  }

  private static void decode(byte[] octets, SessionOptions options) {
    if (MessageCodec.decode(octets, 0, octets.length, options)
        instanceof MessageCodec.Whole(UpdateMessage update)) {
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
      update.attributes();
    }
    if (MessageCodec.inspect(octets, 0, octets.length, options)
        instanceof MessageCodec.Whole(UpdateMessage update)) {
      update.attributes();
    }
  }
}
