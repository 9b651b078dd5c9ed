package dev.aviary.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.bgp.message.Encoded;
import dev.aviary.bgp.message.Message;
import dev.aviary.bgp.session.VirtualScheduler;
import dev.aviary.bgp.transport.Wire;
import dev.aviary.bgp.transport.WireOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** RFC 9687. */
class SendHoldTest {
  private final VirtualScheduler scheduler = new VirtualScheduler(Instant.EPOCH);
  private final FakeWire wire = new FakeWire();
  private int expired;
  private final SendHold hold = new SendHold(scheduler, () -> expired++);

  private static final class FakeWire implements Wire {
    private boolean writable;

    @Override
    public InetSocketAddress local() {
      return new InetSocketAddress(0);
    }

    @Override
    public InetSocketAddress remote() {
      return new InetSocketAddress(0);
    }

    @Override
    public void send(Message message) {}

    @Override
    public void write(Encoded encoded, int from, int to) {}

    @Override
    public void flush() {}

    @Override
    public boolean isWritable() {
      return writable;
    }

    @Override
    public long sent() {
      return 0;
    }

    @Override
    public void close() {}

    @Override
    public void apply(WireOptions options) {}
  }

  private void watch(Duration holdTime) {
    hold.watch(wire, holdTime, true);
  }

  @Test
  void runsForEightMinutesOrTwiceTheHoldTime() {
    watch(Duration.ofSeconds(90));
    scheduler.advance(Duration.ofMinutes(8).minusSeconds(1));
    assertThat(expired).isZero();
    scheduler.advance(Duration.ofSeconds(1));
    assertThat(expired).isOne();
    watch(Duration.ofMinutes(5));
    scheduler.advance(Duration.ofMinutes(9));
    assertThat(expired).isOne();
    scheduler.advance(Duration.ofMinutes(1));
    assertThat(expired).isEqualTo(2);
  }

  @Test
  void stopsWhenThePeerTakesSomething() {
    watch(Duration.ofSeconds(90));
    scheduler.advance(Duration.ofMinutes(7));
    wire.writable = true;
    watch(Duration.ofSeconds(90));
    scheduler.advance(Duration.ofHours(1));
    assertThat(expired).isZero();
  }
}
