package dev.aviary.bgp.route;

import dev.aviary.net.Prefix;

/** A prefix, the attributes of one path to it, and who it came from. */
public record Route(Prefix prefix, int pathId, PathAttributes attributes, RouteSource source) {

  /** A route that this router originates itself. */
  public static Route local(Prefix prefix, PathAttributes attributes) {
    return new Route(
        prefix, 0, attributes, new RouteSource.Local("static1", RouteSource.STATIC_PREFERENCE));
  }
}
