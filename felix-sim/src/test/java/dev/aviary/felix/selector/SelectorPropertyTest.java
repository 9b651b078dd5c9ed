package dev.aviary.felix.selector;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class SelectorPropertyTest {
  @Provide
  Arbitrary<String> almostSelectors() {
    return Arbitraries.of(
            "a",
            "b/c",
            " ",
            "==",
            "!=",
            "in",
            "not",
            "contains",
            "starts with",
            "{",
            "}",
            "(",
            ")",
            "'v'",
            "\"w\"",
            ",",
            "&&",
            "||",
            "!",
            "has(",
            "all()",
            "global()",
            "'",
            "é",
            "has(a)",
            "a == 'v'")
        .list()
        .ofMaxSize(14)
        .map(words -> String.join("", words));
  }

  @Property
  void everyTextIsASelectorOrAnError(@ForAll("almostSelectors") String text) {
    try {
      var selector = Selector.parse(text);
      assertThat(Selector.parse(selector.toString())).isEqualTo(selector);
      assertThat(selector.matches(Map.of("a", "v")))
          .isEqualTo(Selector.parse(selector.toString()).matches(Map.of("a", "v")));
    } catch (SelectorException e) {
      assertThat(e.position()).isBetween(0, text.length());
    }
  }

  @Property
  void randomTextsToo(@ForAll String text) {
    try {
      assertThat(Selector.parse(text).toString()).isNotEmpty();
    } catch (SelectorException e) {
      assertThat(e.position()).isBetween(0, text.length());
    }
  }
}
