package dev.aviary.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.net.IpAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PcapNgFileTest {
  private static List<CapturedFrame> walk(String rules) throws RestoreException {
    var lab = new TwoHosts();
    lab.rules(rules);
    var walk = PacketWalk.capturing();
    Conversation.start(lab.a, Probe.udp(IpAddress.of("10.0.2.2"), 80), walk);
    return walk.frames();
  }

  @Test
  void commentsNameWhatDecided() throws RestoreException {
    var frames =
        walk(
            """
            *nat
            -A POSTROUTING -o eth2 -j MASQUERADE
            COMMIT
            *filter
            -A FORWARD -p udp -j ACCEPT
            COMMIT
            """);
    var comments =
        frames.stream()
            .filter(f -> f.host().equals("r") && f.link().equals("eth2") && f.out())
            .map(CapturedFrame::comment)
            .filter(c -> !c.isEmpty())
            .toList();
    assertThat(comments.getFirst())
        .contains("route 10.0.2.0/24 dev eth2")
        .contains("filter:FORWARD:rule:1 -p udp -j ACCEPT")
        .contains("by nat:POSTROUTING:rule:1 -o eth2 -j MASQUERADE");
    assertThat(frames.getLast().comment()).contains("delivered to udp 10.0.1.2:");
  }

  @Test
  void aDropIsToldWhereTheFrameCameIn() throws RestoreException {
    var frames = walk("*filter\n-A FORWARD -p udp -j DROP\nCOMMIT\n");
    assertThat(frames.getLast().link()).isEqualTo("eth1");
    assertThat(frames.getLast().comment())
        .contains("filter:FORWARD:rule:1 -p udp -j DROP")
        .endsWith("dropped: a rule dropped it");
  }

  @Test
  void blocksAreWhole() throws IOException, RestoreException {
    var frames = walk("*filter\nCOMMIT\n");
    var out = new ByteArrayOutputStream();
    PcapNgFile.write(out, frames);
    var file = ByteBuffer.wrap(out.toByteArray());
    var types = new ArrayList<Integer>();
    while (file.hasRemaining()) {
      int start = file.position();
      types.add(file.getInt());
      int length = file.getInt();
      assertThat(length % 4).isZero();
      assertThat(file.getInt(start + length - 4)).isEqualTo(length);
      file.position(start + length);
    }
    assertThat(types.getFirst()).isEqualTo(0x0A0D0D0A);
    assertThat(types).filteredOn(type -> type == 1).hasSize(4);
    assertThat(types).filteredOn(type -> type == 6).hasSize(frames.size());
    assertThat(out.toString(StandardCharsets.ISO_8859_1)).contains("r:eth1", "a:eth0");
  }
}
