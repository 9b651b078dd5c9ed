package dev.aviary.bgp.rib;

import dev.aviary.bgp.route.PathAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an update group was told. Without ADD-PATH that is one bit for a prefix: what it was told
 * follows from the Loc-RIB. With ADD-PATH (RFC 7911) it is the attributes under each identifier.
 */
public final class AdjRibOut {
  private final Bits told;
  private final @Nullable Map<Integer, List<Told>> paths;

  /** A path as it was told. */
  public record Told(int pathNumber, int source, PathAttributes attributes) {}

  private AdjRibOut(Bits told, @Nullable Map<Integer, List<Told>> paths) {
    this.told = told;
    this.paths = paths;
  }

  /** One that nothing was told to yet. */
  public static AdjRibOut empty(boolean addPath) {
    return new AdjRibOut(new Bits(), addPath ? new HashMap<>() : null);
  }

  /** One that begins with the same. */
  public AdjRibOut copy() {
    if (paths == null) {
      return new AdjRibOut(told.copy(), null);
    }
    var copied = new HashMap<Integer, List<Told>>();
    paths.forEach((entry, list) -> copied.put(entry, new ArrayList<>(list)));
    return new AdjRibOut(told.copy(), copied);
  }

  /** True if it was told of prefix number {@code entry}. */
  public boolean holds(int entry) {
    return told.get(entry);
  }

  /** How many prefixes it was told of. */
  public int size() {
    return told.count();
  }

  /** The prefixes it was told of. */
  public Bits told() {
    return told;
  }

  /** Notes prefix number {@code entry} as told; false if it was. */
  public boolean tell(int entry) {
    return told.set(entry);
  }

  /** Notes prefix number {@code entry} as withdrawn; false if it was not told. */
  public boolean withdraw(int entry) {
    return told.clear(entry);
  }

  /** The paths that were told under prefix number {@code entry}; to be changed in place. */
  public List<Told> paths(int entry) {
    if (paths == null) {
      throw new IllegalStateException("no ADD-PATH here");
    }
    return paths.computeIfAbsent(entry, _ -> new ArrayList<>(2));
  }

  /** Gives {@code other} the paths it does not have. */
  public void adoptInto(AdjRibOut other) {
    if (paths != null && other.paths != null) {
      var target = other.paths;
      paths.forEach((entry, list) -> target.putIfAbsent(entry, new ArrayList<>(list)));
    }
  }

  /** Brings the bit of prefix number {@code entry} into line with its paths. */
  public void pathsChanged(int entry) {
    if (paths != null && paths(entry).isEmpty()) {
      paths.remove(entry);
      told.clear(entry);
    } else {
      told.set(entry);
    }
  }
}
