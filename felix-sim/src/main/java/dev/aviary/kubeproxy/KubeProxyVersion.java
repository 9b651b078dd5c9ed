package dev.aviary.kubeproxy;

/** A release of kube-proxy, 1.{@code minor}.{@code patch}; 1.18 to 1.29 are known. */
public record KubeProxyVersion(int minor, int patch) {
  private static final int OLDEST = 18;
  private static final int NEWEST = 29;

  public KubeProxyVersion {
    if (minor < OLDEST || minor > NEWEST) {
      throw new IllegalArgumentException(
          "kube-proxy 1." + minor + " is not in 1." + OLDEST + " to 1." + NEWEST);
    }
  }

  /** The form whose rules are followed unless another is asked for. */
  public static KubeProxyVersion standard() {
    return new KubeProxyVersion(21, 1);
  }

  /**
   * Reads "1.21", "v1.21" or "1.18.2"; without a patch level it is the newest.
   *
   * @throws IllegalArgumentException if {@code text} is no version, or none that is known
   */
  public static KubeProxyVersion of(String text) {
    var parts = (text.startsWith("v") ? text.substring(1) : text).split("\\.", -1);
    if (parts.length < 2 || parts.length > 3 || !parts[0].equals("1")) {
      throw new IllegalArgumentException("not a version of kube-proxy: '" + text + "'");
    }
    try {
      return new KubeProxyVersion(
          Integer.parseInt(parts[1]),
          parts.length == 3 ? Integer.parseInt(parts[2]) : Integer.MAX_VALUE);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a version of kube-proxy: '" + text + "'", e);
    }
  }

  boolean atLeast(int minor) {
    return this.minor >= minor;
  }

  /** Since 1.18.6 or so: what 1.18.2 still did in another way. */
  boolean isLate18() {
    return minor > OLDEST || patch >= 6;
  }
}
