package dev.aviary.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.net.IpAddress;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class CaptureFileTest {
  @Test
  void everyFrameIsWrittenWithSoundChecksums() throws IOException {
    var lab = new TwoHosts();
    var octets = new ByteArrayOutputStream();
    var capture = new CaptureFile(octets);
    lab.r.captures().add("eth1", capture);
    lab.ask(Probe.tcp(IpAddress.of("10.0.2.2"), 80));
    lab.ask(Probe.udp(IpAddress.of("10.0.2.2"), 9));
    var file = ByteBuffer.wrap(octets.toByteArray());
    assertThat(file.getInt()).isEqualTo(0xa1b23c4d);
    file.position(24);
    int packets = 0;
    while (file.hasRemaining()) {
      file.position(file.position() + 8);
      int length = file.getInt();
      assertThat(file.getInt()).isEqualTo(length);
      var frame = new byte[length];
      file.get(frame);
      packets++;
      if (ByteBuffer.wrap(frame).getShort(12) == 0x0800) {
        assertThat(sum(frame, 14, 34)).isEqualTo(0xffff);
      }
    }
    assertThat(packets).isEqualTo(capture.packets()).isGreaterThan(12);
  }

  private static int sum(byte[] octets, int from, int to) {
    int sum = 0;
    for (int i = from; i < to; i += 2) {
      sum += ((octets[i] & 0xff) << 8) | (octets[i + 1] & 0xff);
    }
    while (sum >>> 16 != 0) {
      sum = (sum & 0xffff) + (sum >>> 16);
    }
    return sum;
  }
}
