package dev.aviary.ipam;

import java.util.Locale;

/** Where Calico keeps the resources of its API in etcd. */
public final class ResourceKeys {
  private static final String ALL = "/calico/resources/v3/projectcalico.org/";

  private ResourceKeys() {}

  /** The path that all of {@code kind} begin with. */
  public static String prefix(String kind) {
    var lower = kind.toLowerCase(Locale.ROOT);
    var plural =
        lower.endsWith("y")
            ? lower.substring(0, lower.length() - 1) + "ies"
            : lower.endsWith("s") ? lower : lower + "s";
    return ALL + plural + "/";
  }

  /**
   * The key of one resource.
   *
   * @param namespace empty for a kind without
   */
  public static String path(String kind, String namespace, String name) {
    return prefix(kind) + (namespace.isEmpty() ? "" : namespace + "/") + name;
  }
}
