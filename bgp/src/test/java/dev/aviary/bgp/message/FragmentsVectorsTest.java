package dev.aviary.bgp.message;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.aviary.bgp.message.MessageCodec.Whole;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AttributeOctets;
import dev.aviary.bgp.route.AttributeType;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.PathAttribute.AsPathAttribute;
import java.util.HexFormat;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** Pieces of messages from another project's tests, with the verdict on each. */
class FragmentsVectorsTest {
  private static final SessionOptions OPTIONS =
      SessionOptions.before(Behavior.RFC, AsNumber.of(65000));

  @TestFactory
  Stream<DynamicTest> judge() {
    return WireVectors.rows("fragments.tsv").stream()
        .map(row -> dynamicTest(row[0] + " " + row[1] + " " + row[2], () -> check(row)));
  }

  private static void check(String[] row) {
    var octets = HexFormat.of().parseHex(row[7]);
    boolean sound =
        switch (row[1]) {
          case "attr14" ->
              MpCodec.read(AttributeType.MP_REACH_NLRI, octets, 0, octets.length, OPTIONS) != null;
          case "attr15" ->
              MpCodec.read(AttributeType.MP_UNREACH_NLRI, octets, 0, octets.length, OPTIONS)
                  != null;
          case "capabilities" -> open(2, octets);
          case "opt_params" -> open(-1, octets);
          case "as_path_2octet" -> AsPathCodec.check(octets, 0, octets.length, 2) == null;
          default -> throw new AssertionError("a kind that is not known here: " + row[1]);
        };
    assertThat(sound).isEqualTo(row[5].equals("ok"));
    if (sound && row[1].equals("as_path_2octet")) {
      var wide = AsPathCodec.widen(octets, 0, octets.length);
      var path =
          (AsPathAttribute) AttributeOctets.read(AttributeType.AS_PATH, wide, 0, wide.length);
      assertThat(path.path().hops()).isEqualTo(WireVectors.json(row[6]).get("hops").asInt());
    }
  }

  /** True if an OPEN with these parameters is read. */
  private static boolean open(int type, byte[] octets) {
    int header = type < 0 ? 0 : 2;
    var open = new byte[29 + header + octets.length];
    java.util.Arrays.fill(open, 0, 16, (byte) -1);
    open[16] = (byte) (open.length >>> 8);
    open[17] = (byte) open.length;
    open[18] = 1;
    open[19] = 4;
    open[24] = 1;
    open[28] = (byte) (header + octets.length);
    if (type >= 0) {
      open[29] = (byte) type;
      open[30] = (byte) octets.length;
    }
    System.arraycopy(octets, 0, open, 29 + header, octets.length);
    return MessageCodec.decode(open, 0, open.length, OPTIONS) instanceof Whole;
  }
}
