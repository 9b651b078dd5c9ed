package dev.aviary.emulator.speaker;

import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.emulator.resource.Fields;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Single values of a speaker's file. */
final class Values {
  static final String AS = "an AS number of 1 to 4294967295";
  static final String DURATION = "seconds, or a number with ms, s, m or h";
  static final String ENDPOINT = "IP:PORT, an IPv6 address in brackets";
  static final String IDENTIFIER = "an IPv4 address other than 0.0.0.0";

  private static final Pattern TIME = Pattern.compile("([0-9]{1,9})(ms|s|m|h)?");
  private static final Pattern WITH_PORT = Pattern.compile("\\[?([^\\]]*?)\\]?:([0-9]{1,5})");
  private static final int MAX_PORT = 65535;

  private Values() {}

  static Optional<AsNumber> as(String text) {
    return AsNumber.parse(text).filter(as -> as.bits() != 0);
  }

  static Optional<BgpIdentifier> identifier(String text) {
    return Ipv4Address.parse(text)
        .filter(address -> !address.isUnspecified())
        .map(address -> BgpIdentifier.of(address.toString()));
  }

  static Optional<Duration> duration(String text) {
    var parts = TIME.matcher(text);
    if (!parts.matches()) {
      return Optional.empty();
    }
    long count = Long.parseLong(parts.group(1));
    var unit = parts.group(2) == null ? "s" : parts.group(2);
    return Optional.of(
        switch (unit) {
          case "ms" -> Duration.ofMillis(count);
          case "m" -> Duration.ofMinutes(count);
          case "h" -> Duration.ofHours(count);
          default -> Duration.ofSeconds(count);
        });
  }

  static Optional<InetSocketAddress> endpoint(String text) {
    var parts = WITH_PORT.matcher(text);
    if (!parts.matches() || Integer.parseInt(parts.group(2)) > MAX_PORT) {
      return Optional.empty();
    }
    int port = Integer.parseInt(parts.group(2));
    return IpAddress.parse(parts.group(1)).map(a -> new InetSocketAddress(inet(a), port));
  }

  static InetAddress inet(IpAddress address) {
    try {
      return InetAddress.getByAddress(address.octets());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address of neither 4 nor 16 octets", e);
    }
  }

  /** A number of 0 to 4294967295, as an int that is to be read unsigned. */
  static OptionalInt unsigned(Fields fields, String name) {
    var value =
        fields.parsed(
            name,
            text -> {
              try {
                return Optional.of(Integer.parseUnsignedInt(text));
              } catch (NumberFormatException _) {
                return Optional.empty();
              }
            },
            "0 to 4294967295");
    return value.isPresent() ? OptionalInt.of(value.get()) : OptionalInt.empty();
  }

  static Duration duration(Fields fields, String name, Duration otherwise) {
    return fields.parsed(name, Values::duration, DURATION).orElse(otherwise);
  }
}
