package dev.aviary.kernel;

import java.util.ArrayList;
import java.util.List;

/** A layer 2 network: an ideal switch with one cable to each of its physical links. */
public final class Segment {
  private final String name;
  private final List<Link.Physical> members = new ArrayList<>();
  private boolean up = true;
  private Loss loss = (_, _) -> false;

  /** Which frames get lost on the way from one link to another. */
  @FunctionalInterface
  public interface Loss {
    boolean takes(Link.Physical from, Link.Physical to);
  }

  public Segment(String name) {
    this.name = name;
  }

  public String name() {
    return name;
  }

  /** False while the switch is off. */
  public boolean isUp() {
    return up;
  }

  public void setUp(boolean up) {
    this.up = up;
  }

  /** From now on {@code loss} takes frames, and nothing else does. */
  public void lose(Loss loss) {
    this.loss = loss;
  }

  /** True if what {@code from} sends arrives at {@code to}. */
  public boolean carries(Link.Physical from, Link.Physical to) {
    return up && !loss.takes(from, to);
  }

  /** The links on it, in the order they were plugged in. */
  public List<Link.Physical> members() {
    return List.copyOf(members);
  }

  List<Link.Physical> memberList() {
    return members;
  }
}
