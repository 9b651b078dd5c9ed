package dev.aviary.kernel.conntrack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.aviary.kernel.Kernel;
import dev.aviary.kernel.packet.IpProtocol;
import dev.aviary.kernel.packet.Packet;
import dev.aviary.kernel.packet.TcpFlags;
import dev.aviary.net.IpAddress;
import java.time.Instant;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A connection of which conntrack saw the SYN with the number 1000 only, and then a reset by the
 * same side: what Linux 6.18 made of resets that a raw socket sent in a namespace.
 */
class HalfTrackedResetTest {
  private static final int RST = TcpFlags.RST;
  private static final int BOTH = TcpFlags.RST | TcpFlags.ACK;

  private final Conntrack conntrack =
      new Kernel("r", () -> Instant.EPOCH, new Random(1)).conntrack();

  /** What became of the reset, and of the connection. */
  private enum Seen {
    INVALID,
    PASSED_BY,
    ENDED
  }

  static Stream<Arguments> resets() {
    return Stream.of(
        arguments(BOTH, 1001, 0, Seen.ENDED),
        arguments(BOTH, 1001, 1, Seen.INVALID),
        arguments(BOTH, 1001, 2, Seen.INVALID),
        arguments(BOTH, 1001, 0x7fff_ffff, Seen.INVALID),
        arguments(BOTH, 1001, 0x8000_0000, Seen.INVALID),
        arguments(BOTH, 1001, 0x8000_0001, Seen.PASSED_BY),
        arguments(BOTH, 1001, 0xfffe_fe2f, Seen.PASSED_BY),
        arguments(BOTH, 1001, 0xfffe_fe30, Seen.ENDED),
        arguments(BOTH, 1001, 0xffff_ffff, Seen.ENDED),
        arguments(BOTH, 0, 0xffff_ffff, Seen.ENDED),
        arguments(BOTH, 999, 0xffff_ffff, Seen.ENDED),
        arguments(BOTH, 1002, 0xffff_ffff, Seen.INVALID),
        arguments(RST, 0, 0, Seen.ENDED),
        arguments(RST, 1000, 0, Seen.ENDED),
        arguments(RST, 1001, 0, Seen.ENDED),
        arguments(RST, 1002, 0, Seen.INVALID),
        arguments(RST, 66000, 0, Seen.INVALID),
        arguments(RST, 0x7fff_ffff, 0, Seen.INVALID));
  }

  @ParameterizedTest
  @MethodSource("resets")
  void theNumbersDecide(int flags, int sequence, int acknowledged, Seen expected) {
    var syn = track(TcpFlags.SYN, 1000, 0);
    assertThat(conntrack.confirm(syn)).isTrue();
    var reset = track(flags, sequence, acknowledged);
    boolean ended = conntrack.entries().isEmpty();
    assertThat(reset.entry() == null ? Seen.INVALID : ended ? Seen.ENDED : Seen.PASSED_BY)
        .isEqualTo(expected);
    assertThat(ended).isEqualTo(expected == Seen.ENDED);
  }

  private Tracking track(int flags, int sequence, int acknowledged) {
    var packet = new Packet(IpAddress.of("10.1.0.2"), IpAddress.of("10.2.0.2"), IpProtocol.TCP);
    packet.setPorts(4000, 80);
    packet.setTcp(flags, sequence, acknowledged, 64240);
    var tracking = new Tracking();
    conntrack.track(packet, tracking);
    return tracking;
  }
}
