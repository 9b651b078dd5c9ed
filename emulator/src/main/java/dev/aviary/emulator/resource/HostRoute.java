package dev.aviary.emulator.resource;

import dev.aviary.emulator.resource.TopologyResource.Host;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.Optional;

/** A route of a host: "PREFIX via ADDRESS" or "default via ADDRESS". */
public record HostRoute(Prefix destination, IpAddress gateway, String device) {

  /** Empty if it is not such a text, or no interface of {@code host} has the gateway's network. */
  public static Optional<HostRoute> parse(Host host, String text) {
    var words = text.strip().split(" +", -1);
    if (words.length != 3 || !words[1].equals("via")) {
      return Optional.empty();
    }
    return IpAddress.parse(words[2])
        .flatMap(
            gateway ->
                destination(words[0], gateway.family())
                    .flatMap(
                        destination ->
                            deviceTowards(host, gateway)
                                .map(device -> new HostRoute(destination, gateway, device))));
  }

  private static Optional<Prefix> destination(String text, IpFamily family) {
    return text.equals("default")
        ? Prefix.parse(family == IpFamily.IPV4 ? "0.0.0.0/0" : "::/0")
        : Prefix.parse(text).filter(prefix -> prefix.family() == family);
  }

  private static Optional<String> deviceTowards(Host host, IpAddress gateway) {
    return host.interfaces().stream()
        .filter(link -> link.address().network().contains(gateway))
        .map(TopologyResource.HostInterface::name)
        .findFirst();
  }
}
