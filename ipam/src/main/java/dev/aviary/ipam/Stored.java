package dev.aviary.ipam;

/**
 * An object as it was read: its key, its value, and the revision that a later write must name.
 * Revisions are never given twice, so they alone tell whether two are the same.
 */
public record Stored<T extends IpamObject>(IpamKey key, T value, long revision) {
  @Override
  public boolean equals(Object other) {
    return other instanceof Stored<?>(var otherKey, _, var otherRevision)
        && revision == otherRevision
        && key.equals(otherKey);
  }

  @Override
  public int hashCode() {
    return Long.hashCode(revision);
  }
}
