package dev.aviary.emulator.bird;

import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.time.Instant;
import java.util.List;

/**
 * A route of BIRD's table, as it is printed.
 *
 * @param via how it goes: {@code via G on IF}, {@code dev IF}, {@code blackhole}
 * @param from who told it, where that is not the gateway; empty else
 * @param info preference and what else ranks it, in brackets
 * @param source the word behind Type: static, device, inherit or BGP
 * @param attributes lines of {@code all}
 */
record BirdRoute(
    Prefix prefix,
    String via,
    String protocol,
    Instant since,
    String from,
    boolean best,
    String info,
    String source,
    List<String> attributes) {

  /** BIRD's line; {@code again} for one more route of the prefix of the line before. */
  String line(BirdTime time, boolean again) {
    return "%-18s %s [%s %s%s]%s%s"
        .formatted(
            again ? "" : prefix.toString(),
            via,
            protocol,
            time.brief(since),
            from.isEmpty() ? "" : " from " + from,
            best ? " *" : "",
            info);
  }

  /** Where BIRD 1.6 keeps it in its table: routes are listed in this order. */
  int hash() {
    var octets = prefix.address().octets();
    int word = 0;
    for (int at = 0; at < octets.length; at += 4) {
      word ^=
          (octets[at] & 0xff) << 24
              | (octets[at + 1] & 0xff) << 16
              | (octets[at + 2] & 0xff) << 8
              | (octets[at + 3] & 0xff);
    }
    if (prefix.family() == IpFamily.IPV6) {
      return (word ^ word >>> 16 ^ word >>> 8) & 0xffff;
    }
    int x = word ^ word >>> 16;
    return (x ^ x << 10) & 0xffff;
  }
}
