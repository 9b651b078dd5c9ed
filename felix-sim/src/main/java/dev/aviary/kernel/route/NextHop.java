package dev.aviary.kernel.route;

import dev.aviary.net.IpAddress;
import org.jspecify.annotations.Nullable;

/**
 * Where a packet goes next.
 *
 * @param gateway the router to hand it to, or null where the destination itself is on the link
 * @param device the link's name
 * @param onlink true if the gateway is taken to be on the link whatever the routes say
 * @param weight the share among several next hops, 1 to 256
 */
public record NextHop(@Nullable IpAddress gateway, String device, boolean onlink, int weight) {
  public NextHop {
    if (weight < 1 || weight > 256) {
      throw new IllegalArgumentException("next hop weight " + weight + " is not in 1 to 256");
    }
  }

  /** Through a router on {@code device}. */
  public static NextHop via(IpAddress gateway, String device) {
    return new NextHop(gateway, device, false, 1);
  }

  /** Straight on {@code device}. */
  public static NextHop on(String device) {
    return new NextHop(null, device, false, 1);
  }
}
