package dev.aviary.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class PrefixMapPropertyTest {
  record Step(boolean put, Prefix prefix) {}

  @Provide
  Arbitrary<Prefix> prefixes() {
    var v4 =
        Combinators.combine(Arbitraries.integers(), Arbitraries.integers().between(0, 32))
            .as(
                (bits, length) ->
                    (Prefix) Ipv4Prefix.of(new Ipv4Address(bits & 0xe00000ff), length));
    var v6 =
        Combinators.combine(Arbitraries.longs(), Arbitraries.integers().between(0, 128))
            .as(
                (low, length) ->
                    (Prefix) Ipv6Prefix.of(new Ipv6Address(1L << 63, low & 15), length));
    return Arbitraries.oneOf(v4, v6);
  }

  @Provide
  Arbitrary<List<Step>> steps() {
    return Combinators.combine(Arbitraries.of(true, true, false), prefixes())
        .as(Step::new)
        .list()
        .ofMaxSize(60);
  }

  @Property
  void behavesAsASortedMapThatIsSearchedInFull(
      @ForAll("steps") List<Step> steps, @ForAll("prefixes") Prefix target) {
    var trie = new PrefixMap<Integer>();
    var model = new TreeMap<Prefix, Integer>();
    for (int i = 0; i < steps.size(); i++) {
      var step = steps.get(i);
      if (step.put()) {
        assertThat(trie.put(step.prefix(), i)).isEqualTo(model.put(step.prefix(), i));
      } else {
        assertThat(trie.remove(step.prefix())).isEqualTo(model.remove(step.prefix()));
      }
    }
    assertThat(trie.size()).isEqualTo(model.size());
    var listed = new java.util.ArrayList<Map.Entry<Prefix, Integer>>();
    trie.forEach((prefix, value) -> listed.add(Map.entry(prefix, value)));
    assertThat(listed)
        .containsExactlyElementsOf(
            model.entrySet().stream().map(e -> Map.entry(e.getKey(), e.getValue())).toList());
    assertThat(trie.get(target)).isEqualTo(model.get(target));
    var longest =
        model.keySet().stream()
            .filter(p -> p.contains(target))
            .max(java.util.Comparator.comparingInt(Prefix::length))
            .orElse(null);
    var match = trie.longestMatch(target);
    assertThat(match == null ? null : match.getKey()).isEqualTo(longest);
    assertThat(trie.coveredBy(target).stream().map(Map.Entry::getKey))
        .containsExactlyElementsOf(model.keySet().stream().filter(target::contains).toList());
  }
}
