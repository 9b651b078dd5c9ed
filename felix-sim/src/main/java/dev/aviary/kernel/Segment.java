package dev.aviary.kernel;

import java.util.ArrayList;
import java.util.List;

/** A layer 2 network: an ideal switch with one cable to each of its physical links. */
public final class Segment {
  private final String name;
  private final List<Link.Physical> members = new ArrayList<>();
  private boolean up = true;

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

  /** The links on it, in the order they were plugged in. */
  public List<Link.Physical> members() {
    return List.copyOf(members);
  }

  List<Link.Physical> memberList() {
    return members;
  }
}
