package dev.aviary.kernel.ipset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv6Address;
import dev.aviary.net.Prefix;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.jspecify.annotations.Nullable;

/** The arrays find what looking at each element finds. */
class ElementIndexPropertyTest {
  private static final int STEPS = 600;

  @Property(tries = 60)
  void findsTheLongest(@ForAll long seed, @ForAll boolean v4, @ForAll boolean pairs) {
    var random = new Random(seed);
    var family = v4 ? IpFamily.IPV4 : IpFamily.IPV6;
    var index = new ElementIndex(family, pairs);
    Map<Element, Boolean> model = new HashMap<>();
    for (int step = 0; step < STEPS; step++) {
      var element =
          new Element(
              prefix(random, v4),
              random.nextInt(2) * 6,
              random.nextInt(3) - 1,
              pairs ? prefix(random, v4) : null,
              null);
      if (random.nextInt(3) > 0) {
        boolean nomatch = random.nextInt(4) == 0;
        index.put(element, nomatch);
        model.put(element, nomatch);
      } else {
        index.remove(element);
        model.remove(element);
      }
      var first = address(random, v4);
      var second = pairs ? address(random, v4) : null;
      int limit = random.nextInt(family.bits() + 1);
      int protocol = random.nextInt(2) * 6;
      int port = random.nextInt(3) - 1;
      assertThat(index.find(first, limit, protocol, port, second))
          .isEqualTo(expected(model, first, limit, protocol, port, second));
    }
  }

  private static ElementIndex.Hit expected(
      Map<Element, Boolean> model,
      IpAddress first,
      int limit,
      int protocol,
      int port,
      @Nullable IpAddress second) {
    for (int length = limit; length >= 0; length--) {
      var outer = Prefix.of(first, length);
      for (int other = second == null ? 0 : second.family().bits(); other >= 0; other--) {
        var inner = second == null ? null : Prefix.of(second, other);
        var nomatch = model.get(new Element(outer, protocol, port, inner, null));
        if (nomatch != null) {
          return nomatch ? ElementIndex.Hit.NOMATCH : ElementIndex.Hit.MATCH;
        }
      }
    }
    return ElementIndex.Hit.NONE;
  }

  /** Few addresses, which differ in their first and their last bits. */
  private static IpAddress address(Random random, boolean v4) {
    long some = (long) random.nextInt(3) << 62 | random.nextInt(6);
    return v4
        ? new Ipv4Address((int) (some >>> 32 | some))
        : new Ipv6Address(some, (long) random.nextInt(3) << 62 | random.nextInt(6));
  }

  private static Prefix prefix(Random random, boolean v4) {
    var address = address(random, v4);
    int bits = address.family().bits();
    int length =
        switch (random.nextInt(6)) {
          case 0 -> 0;
          case 1 -> bits / 2;
          case 2 -> bits / 2 + 1;
          case 3 -> bits - 1;
          default -> bits;
        };
    return Prefix.of(address, length);
  }
}
