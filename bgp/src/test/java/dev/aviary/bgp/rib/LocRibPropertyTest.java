package dev.aviary.bgp.rib;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AsPath;
import dev.aviary.bgp.route.AttributeCache;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.Nlri;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.route.Peer;
import dev.aviary.bgp.route.RouteSource;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Ipv4Prefix;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** The arrays behave like a map of maps, and the order of arrival does not choose. */
class LocRibPropertyTest {
  private static final int PEERS = 4;

  private final AttributeCache cache = new AttributeCache();

  private final RouteSelection selection =
      new RouteSelection(RouteSelection.Options.DEFAULT, NextHopResolver.everything());

  private LocRib rib(Sources sources) {
    for (int i = 1; i <= PEERS; i++) {
      sources.add(
          new RouteSource.Learned(
              new Peer(
                  "p" + i,
                  new Ipv4Address(i),
                  AsNumber.of(65000 + i),
                  new BgpIdentifier(i),
                  i > 2,
                  false)));
    }
    return new LocRib(AfiSafi.IPV4_UNICAST, cache, sources, selection);
  }

  private static Sources sources() {
    return new Sources(new RouteSource.Local("static1", RouteSource.STATIC_PREFERENCE));
  }

  private static PathAttributes attributes(int kind) {
    return PathAttributes.of(
        new PathAttribute.AsPathAttribute(
            kind % 5 == 0
                ? AsPath.sequence(AsNumber.of(1 + kind % 2))
                : AsPath.sequence(AsNumber.of(1 + kind % 2), AsNumber.of(9))),
        new PathAttribute.MultiExitDisc(kind / 2 % 3),
        new PathAttribute.LocalPref(100 + kind / 6 % 2));
  }

  @Property(tries = 200)
  void behavesLikeAMap(@ForAll long seed) {
    var random = new Random(seed);
    var rib = rib(sources());
    Map<Ipv4Prefix, Map<Integer, PathAttributes>> model = new HashMap<>();
    for (int step = 0; step < 400; step++) {
      int length = 20 + random.nextInt(3);
      var prefix = Ipv4Prefix.of(new Ipv4Address(random.nextInt(40) << 12), length);
      int source = random.nextInt(PEERS + 1);
      long high = Nlri.high(prefix);
      if (random.nextInt(3) > 0) {
        var shared = cache.intern(attributes(random.nextInt(12)));
        rib.put(high, 0, length, source, 0, shared);
        cache.release(shared);
        model.computeIfAbsent(prefix, _ -> new HashMap<>()).put(source, shared);
      } else {
        boolean had = model.getOrDefault(prefix, Map.of()).containsKey(source);
        assertThat(rib.withdraw(high, 0, length, source, 0)).isEqualTo(had);
        model.getOrDefault(prefix, new HashMap<>()).remove(source);
      }
      if (random.nextInt(20) == 0) {
        rib.settle();
        rib.settled(_ -> false);
      }
      if (random.nextInt(150) == 0) {
        rib.withdrawAll(source);
        model.values().forEach(paths -> paths.remove(source));
      }
    }
    rib.settle();
    rib.settled(_ -> false);
    model.values().removeIf(Map::isEmpty);
    var found = new HashMap<Ipv4Prefix, Map<Integer, PathAttributes>>();
    for (int entry = 0; entry < rib.limit(); entry++) {
      if (rib.first(entry) >= 0) {
        assertThat(rib.first(entry)).isEqualTo(selection.bestByRules(rib, rib.first(entry)));
      }
      for (int path = rib.first(entry); path >= 0; path = rib.next(path)) {
        found
            .computeIfAbsent((Ipv4Prefix) rib.prefix(entry), _ -> new HashMap<>())
            .put(rib.sourceOf(path), rib.attributes(path));
      }
    }
    assertThat(found).isEqualTo(model);
    assertThat(rib.size()).isEqualTo(model.size());
    for (int source = 0; source <= PEERS; source++) {
      rib.withdrawAll(source);
    }
    rib.settle();
    rib.settled(_ -> false);
    assertThat(rib.size()).isZero();
    assertThat(cache.size()).isZero();
  }

  @Property(tries = 300)
  void arrivalOrderDoesNotMatter(@ForAll long seed) {
    var random = new Random(seed);
    var kinds = new int[PEERS + 1];
    for (int i = 1; i <= PEERS; i++) {
      kinds[i] = random.nextInt(12);
    }
    var order = new ArrayList<>(List.of(1, 2, 3, 4));
    int first = best(kinds, order);
    Collections.shuffle(order, random);
    assertThat(best(kinds, order)).isEqualTo(first);
  }

  private int best(int[] kinds, List<Integer> order) {
    var rib = rib(sources());
    for (int source : order) {
      var shared = cache.intern(attributes(kinds[source]));
      rib.put(1L << 40, 0, 24, source, 0, shared);
      cache.release(shared);
      rib.settle();
      rib.settled(_ -> false);
    }
    return rib.sourceOf(rib.first(0));
  }
}
