package dev.aviary.felix.selector;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class SelectorTest {
  private static final Map<String, String> LABELS =
      Map.of("app", "web-1", "tier", "front", "empty", "", "a.b/c-d", "x");

  static Stream<Arguments> normalForms() {
    return Stream.of(
        arguments("", "all()"),
        arguments("  ", "all()"),
        arguments("all( )", "all()"),
        arguments("global()", "global()"),
        arguments("has( a.b/c-d )", "has(a.b/c-d)"),
        arguments("a=='b'", "a == \"b\""),
        arguments("a != \"b\"", "a != \"b\""),
        arguments("a == 'say \"b\"'", "a == 'say \"b\"'"),
        arguments("a contains'b'", "a contains \"b\""),
        arguments("a starts   with 'b'", "a starts with \"b\""),
        arguments("a ends with 'b'", "a ends with \"b\""),
        arguments("a in{'c','b','c'}", "a in {\"b\", \"c\"}"),
        arguments("a not in { 'b' }", "a not in {\"b\"}"),
        arguments("a in {}", "a in {}"),
        arguments("a in {'b',}", "a in {\"b\"}"),
        arguments("!a == 'b'", "!a == \"b\""),
        arguments("! has(a)", "!has(a)"),
        arguments("!!!has(a)", "!has(a)"),
        arguments("!!has(a)", "has(a)"),
        arguments("has(a)&&has(b)||has(c)", "((has(a) && has(b)) || has(c))"),
        arguments("has(a) && has(b) && has(c)", "(has(a) && has(b) && has(c))"),
        arguments("((has(a)))", "has(a)"),
        arguments("has(a) && (has(b) && has(c))", "(has(a) && (has(b) && has(c)))"),
        arguments("!(has(a) || has(b))", "!(has(a) || has(b))"),
        arguments("in == 'x' && not == 'y'", "(in == \"x\" && not == \"y\")"),
        arguments(
            "(projectcalico.org/namespace == 'default') && (projectcalico.org/orchestrator =="
                + " 'k8s' && networking/allow-db-access == 'true')",
            "(projectcalico.org/namespace == \"default\" && (projectcalico.org/orchestrator =="
                + " \"k8s\" && networking/allow-db-access == \"true\"))"));
  }

  @ParameterizedTest
  @MethodSource("normalForms")
  void printsTheNormalForm(String text, String normal) throws SelectorException {
    assertThat(Selector.parse(text)).hasToString(normal);
    assertThat(Selector.parse(normal)).isEqualTo(Selector.parse(text));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "all();true",
        "global();true",
        "app == 'web-1';true",
        "app == 'web';false",
        "app != 'web';true",
        "nothing != 'web';true",
        "nothing == '';false",
        "empty == '';true",
        "app contains 'b-';true",
        "app starts with 'web';true",
        "app ends with '-2';false",
        "nothing contains '';false",
        "app in {'a', 'web-1'};true",
        "nothing in {'a'};false",
        "nothing not in {'a'};true",
        "app not in {'web-1'};false",
        "has(tier);true",
        "!has(tier);false",
        "has(tier) && app == 'x';false",
        "has(tier) || app == 'x';true",
        "a.b/c-d == 'x';true"
      })
  void matches(String text, boolean expected) throws SelectorException {
    assertThat(Selector.parse(text).matches(LABELS)).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "a;1",
        "a ==;4",
        "a == b;5",
        "a == 'b;5",
        "a = 'b';2",
        "a in 'b';5",
        "a in {'b';9",
        "has(a;5",
        "has();4",
        "all(x);4",
        "any();0",
        "(has(a);7",
        "has(a));6",
        "has(a) &&;9",
        "has(a) has(b);7",
        "!;1",
        "&& has(a);0",
        "a notin;7",
        "ä == 'b';0"
      })
  void saysWhereItStopsBeingOne(String text, int position) {
    assertThatThrownBy(() -> Selector.parse(text))
        .isInstanceOfSatisfying(
            SelectorException.class, e -> assertThat(e.position()).isEqualTo(position));
  }

  @Test
  void aPrefixGoesBeforeEveryLabel() throws SelectorException {
    assertThat(
            Selector.parse("has(a) && !(b == 'x' || c in {'y'}) && all()").withLabelPrefix("pcns."))
        .hasToString("(has(pcns.a) && !(pcns.b == \"x\" || pcns.c in {\"y\"}) && all())");
  }

  @Test
  void groupsHaveALimit() {
    assertThatThrownBy(() -> Selector.parse("(".repeat(100_000)))
        .isInstanceOf(SelectorException.class);
  }
}
