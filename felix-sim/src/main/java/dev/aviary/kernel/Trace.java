package dev.aviary.kernel;

import dev.aviary.kernel.packet.PacketSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The way of one packet through all kernels it saw, in order. */
public final class Trace {
  private final List<Step> steps = new ArrayList<>();
  private final PacketSummary packet;
  private final @Nullable Trace cause;

  Trace(PacketSummary packet, @Nullable Trace cause) {
    this.packet = packet;
    this.cause = cause;
  }

  void add(Step step) {
    steps.add(step);
  }

  /** The packet as it was made. */
  public PacketSummary packet() {
    return packet;
  }

  /** The packet that this one answers or reports, if any. */
  public Optional<Trace> cause() {
    return Optional.ofNullable(cause);
  }

  public List<Step> steps() {
    return List.copyOf(steps);
  }

  /** The last step: {@code Delivered}, {@code Dropped}, or where it still waits. */
  public Step last() {
    return steps.getLast();
  }
}
