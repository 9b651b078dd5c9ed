package dev.aviary.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.bgp.message.KeepaliveMessage;
import dev.aviary.bgp.route.Behavior;
import java.io.ByteArrayOutputStream;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class MrtUpdatesTest {
  private static final String TIME = "626e6bc2";
  private static final String HEADER = "ffffffffffffffffffffffffffffffff";

  @Test
  void writesStatesAndMessages() {
    var lab = new SpeakerLab(SpeakerLab.config(65000, "10.0.0.1", Behavior.RFC).build());
    var out = new ByteArrayOutputStream();
    MrtUpdates.record(lab.speaker, out);
    lab.neighbor("10.0.0.2", 65001, n -> n);
    var peer = lab.connect("10.0.0.2", SpeakerLab.open(65001, "10.0.0.2"), false);
    out.reset();
    peer.send(new KeepaliveMessage());
    lab.settle();
    var addresses = "0000fde90000fde800000001" + "0a0000020a000001";
    assertThat(HexFormat.of().formatHex(out.toByteArray()))
        .isEqualTo(
            // RFC 6396 §4.4.3: the KEEPALIVE; §4.4.1: OpenConfirm to Established.
            TIME
                + "00100004"
                + "00000027"
                + addresses
                + HEADER
                + "001304"
                + TIME
                + "00100005"
                + "00000018"
                + addresses
                + "00050006");
  }
}
