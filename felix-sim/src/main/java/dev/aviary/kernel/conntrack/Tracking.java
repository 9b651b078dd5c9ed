package dev.aviary.kernel.conntrack;

import org.jspecify.annotations.Nullable;

/** What conntrack knows of one packet while it is in one kernel. */
public final class Tracking {
  private @Nullable ConntrackEntry entry;
  private CtInfo info = CtInfo.NEW;
  private boolean untracked;
  private boolean attached;

  /** Its connection, or null where it has none: invalid, or not tracked, or not asked yet. */
  public @Nullable ConntrackEntry entry() {
    return entry;
  }

  public CtInfo info() {
    return info;
  }

  /** True after NOTRACK. */
  public boolean isUntracked() {
    return untracked;
  }

  /** True for an error about an untracked packet: NOTRACK has nothing more to say of it. */
  public boolean isAttached() {
    return attached;
  }

  void setAttached() {
    this.attached = true;
  }

  public void set(ConntrackEntry entry, CtInfo info) {
    this.entry = entry;
    this.info = info;
  }

  public void setUntracked() {
    this.untracked = true;
    this.entry = null;
  }

  public void clear() {
    this.entry = null;
    this.untracked = false;
    this.info = CtInfo.NEW;
  }
}
