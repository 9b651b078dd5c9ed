package dev.aviary.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AsPath;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class MrtTableTest {

  @Test
  void writesPeersAndPrefixes() throws IOException {
    var lab = new SpeakerLab(SpeakerLab.config(65000, "10.0.0.1", Behavior.RFC).build());
    lab.speaker.originate(
        Prefix.of("203.0.113.0/24"),
        PathAttributes.of(
            new PathAttribute.OriginAttribute(Origin.IGP),
            new PathAttribute.AsPathAttribute(AsPath.sequence(AsNumber.of(65001))),
            new PathAttribute.NextHop(Ipv4Address.of("10.0.0.9"))));
    lab.settle();
    var out = new ByteArrayOutputStream();
    MrtTable.write(lab.speaker.view(), out);
    var time = "626e6bc2";
    assertThat(HexFormat.of().formatHex(out.toByteArray()))
        .isEqualTo(
            time
                + "000d000100000015"
                + "0a00000100000001020a000001000000000000fde8"
                + time
                + "000d000200000026"
                + "0000000018cb007100010000"
                + time
                + "0014"
                + "4001010040020602010000fde94003040a000009");
  }
}
