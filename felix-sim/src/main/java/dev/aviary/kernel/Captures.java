package dev.aviary.kernel;

import dev.aviary.kernel.packet.Frame;
import java.util.ArrayList;
import java.util.List;

/** Who listens on the links of one kernel, as tcpdump does. */
public final class Captures {
  /** Is shown every frame that goes in or out of a link. */
  @FunctionalInterface
  public interface Tap {
    void seen(Link link, boolean out, Frame frame);
  }

  private record Named(String device, Tap tap) {}

  private final List<Named> taps = new ArrayList<>();

  Captures() {}

  /** Listens on {@code device}, or on every link for "any". */
  public void add(String device, Tap tap) {
    taps.add(new Named(device, tap));
  }

  public void remove(Tap tap) {
    taps.removeIf(named -> named.tap == tap);
  }

  void seen(Link link, boolean out, Frame frame) {
    if (taps.isEmpty()) {
      return;
    }
    for (var named : List.copyOf(taps)) {
      if (named.device.equals("any") || named.device.equals(link.name())) {
        named.tap.seen(link, out, frame);
      }
    }
  }
}
