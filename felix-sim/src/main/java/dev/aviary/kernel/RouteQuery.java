package dev.aviary.kernel;

import dev.aviary.kernel.route.RouteType;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import org.jspecify.annotations.Nullable;

/** Where a packet made here would go: what {@code ip route get} asks. */
public final class RouteQuery {
  private static final Ipv4Address LIMITED_BROADCAST = Ipv4Address.of("255.255.255.255");

  private RouteQuery() {}

  /** The kernel's answer. */
  public sealed interface Answer {}

  /**
   * A way.
   *
   * @param gateway the router, or null
   * @param source the source address that would be taken, or null if there is none
   */
  public record Found(
      RouteType type,
      @Nullable IpAddress gateway,
      String device,
      @Nullable IpAddress source,
      int metric)
      implements Answer {}

  /** No way, with errno's words. */
  public record Refused(String message) implements Answer {}

  /** Asks {@code kernel}. */
  public static Answer ask(
      Kernel kernel,
      IpAddress destination,
      @Nullable IpAddress source,
      int mark,
      @Nullable String oif) {
    var output = kernel.routing().output(destination, source, mark, 0, oif);
    return switch (output.decision()) {
      case RouteDecision.Local local -> {
        var route = local.route();
        yield new Found(
            RouteType.LOCAL, null, "lo", output.source(), route == null ? 0 : route.metric());
      }
      case RouteDecision.Forward forward -> {
        var type = RouteType.UNICAST;
        if (destination.isMulticast()) {
          type = RouteType.MULTICAST;
        } else if (destination.equals(LIMITED_BROADCAST)
            || forward.route().type() == RouteType.BROADCAST) {
          type = RouteType.BROADCAST;
        }
        boolean direct = forward.nextHop().equals(destination);
        yield new Found(
            type,
            direct ? null : forward.nextHop(),
            forward.device().name(),
            output.source(),
            forward.route().metric());
      }
      case RouteDecision.Fail fail ->
          new Refused(
              switch (Errno.ofRoute(fail)) {
                case "EINVAL" -> "Invalid argument";
                case "EHOSTUNREACH" -> "No route to host";
                case "EACCES" -> "Permission denied";
                default -> "Network is unreachable";
              });
    };
  }
}
