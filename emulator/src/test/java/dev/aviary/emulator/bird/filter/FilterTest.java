package dev.aviary.emulator.bird.filter;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AsPath;
import dev.aviary.bgp.route.Community;
import dev.aviary.bgp.route.LargeCommunity;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The filter language over one route of AS path 65001 65002 {65010 65011}. */
class FilterTest {
  private static final PathAttributes ATTRIBUTES =
      PathAttributes.of(
          new PathAttribute.OriginAttribute(Origin.EGP),
          new PathAttribute.AsPathAttribute(
              new AsPath(
                  List.of(
                      new AsPath.Segment(
                          AsPath.Kind.AS_SEQUENCE, List.of(AsNumber.of(65001), AsNumber.of(65002))),
                      new AsPath.Segment(
                          AsPath.Kind.AS_SET, List.of(AsNumber.of(65010), AsNumber.of(65011)))))),
          new PathAttribute.LocalPref(150),
          new PathAttribute.Communities(List.of(Community.parse("65001:100").orElseThrow())),
          new PathAttribute.LargeCommunities(List.of(new LargeCommunity(65001, 1, 2))));

  /** The route 10.1.2.0/24. */
  private static final class Route implements Subject {
    private PathAttributes attributes = ATTRIBUTES;

    @Override
    public Value get(String attribute) {
      return attribute.equals("net")
          ? new Value.Network(Prefix.parse("10.1.2.0/24").orElseThrow())
          : AttributeValues.get(attributes, attribute)
              .orElseThrow(() -> new RunException(attribute));
    }

    @Override
    public boolean set(String attribute, Value value) {
      var changed = AttributeValues.with(attributes, attribute, value);
      changed.ifPresent(a -> attributes = a);
      return changed.isPresent();
    }

    @Override
    public void unset(String attribute) {
      attributes = AttributeValues.without(attributes, attribute);
    }
  }

  private static Expression expression(String text) throws SyntaxException {
    var words = new Cursor(text);
    var expression = new FilterParser(words, Definitions.NONE.names()).expression();
    assertThat(words.isAtEnd()).as(text).isTrue();
    return expression;
  }

  private static FilterRun.Outcome run(String filter, Route route) throws SyntaxException {
    return new FilterRun(Definitions.NONE, route, false)
        .run(new FilterParser(new Cursor(filter), Definitions.NONE.names()).body());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "net ~ 10.0.0.0/8",
        "net ~ [ 10.0.0.0/8{24,24}, 192.168.0.0/16+ ]",
        "net ~ [ 10.1.2.128/25- ]",
        "! (net ~ [ 10.0.0.0/8 ])",
        "net !~ [ 11.0.0.0/8+ ]",
        "net.len = 24 && net.ip = 10.1.2.0",
        "bgp_path ~ [= 65001 * =]",
        "bgp_path ~ [= 65001..65005 ? 65011 =]",
        "bgp_path !~ [= 65001 =]",
        "bgp_path ~ [65001, 65100..65200]",
        "65010 ~ bgp_path",
        "bgp_path.len = 3 && bgp_path.first = 65001",
        "(65001,100) ~ bgp_community",
        "bgp_community ~ [(65001,*)]",
        "bgp_community ~ [(*,100..200)]",
        "(65001,1,2) ~ bgp_large_community",
        "bgp_large_community ~ [(65001,*,2)]",
        "bgp_community.len = 1",
        "bgp_local_pref > 100 && bgp_local_pref <= 150",
        "bgp_origin = ORIGIN_EGP",
        "! defined(bgp_med) && ! defined(bgp_cluster_list) && defined(bgp_path)",
        "bgp_med != 5",
        "1 + 2 * 3 = 7 && 10 / 3 = 3",
        "\"Mesh_1\" ~ \"Mesh*\"",
        "RTS_BGP = RTS_BGP && RTS_BGP != RTS_STATIC",
        "4 ~ [1..3, 4]",
        "192.0.2.7 ~ [192.0.2.1..192.0.2.9]",
        "192.0.2.7 ~ 192.0.2.0/24",
        "prepend(bgp_path, 65000).len = 4",
        "add(bgp_community, (1,2)).len = 2",
      })
  void holdsOfTheRoute(String condition) throws SyntaxException {
    assertThat(new FilterRun(Definitions.NONE, new Route(), false).where(expression(condition)))
        .isEqualTo(FilterRun.Outcome.ACCEPTED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "bgp_med > 5",
        "net ~ 5",
        "bgp_local_pref",
        "net + 1 = 2",
        "bgp_path.first / 0 = 1"
      })
  void hasNoMeaning(String condition) throws SyntaxException {
    assertThat(new FilterRun(Definitions.NONE, new Route(), false).where(expression(condition)))
        .isEqualTo(FilterRun.Outcome.FAILED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "1+2;3",
        "\"abc\";abc",
        "(1,2);(1,2)",
        "(1,2,3);(1, 2, 3)",
        "(rt,65001,5);(rt, 65001, 5)",
        "(ro,192.0.2.1,7);(ro, 192.0.2.1, 7)",
        "10.0.0.0/8 ~ [ 10.0.0.0/8+ ];TRUE",
        "fd00::/8;fd00::/8",
        "[= 1 * ? =];[= 1 * ? =]",
        "[1..3, 7];[1..3, 7]",
        "0 - 1;4294967295",
      })
  void isPrintedAs(String text, String printed) throws SyntaxException {
    assertThat(
            new FilterRun(Definitions.NONE, new Subject.None(), false)
                .evaluate(expression(text))
                .toString())
        .isEqualTo(printed);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1 +", "net ~ [", "nosuch = 1", "(1", "if", "10.0.0.0/33", "[= x =]"})
  void isNotTheLanguage(String text) {
    assertThatThrownBy(() -> expression(text)).isInstanceOf(SyntaxException.class);
  }

  @Test
  void aFilterChangesTheRoute() throws SyntaxException {
    var route = new Route();
    assertThat(
            run(
                """
                int p;
                { # a comment
                  p = bgp_local_pref + 50;
                  bgp_local_pref = p;
                  bgp_community.add((65001,200));
                  bgp_community.delete([(65001,100)]);
                  bgp_large_community.empty;
                  bgp_path.prepend(65000);
                  unset(bgp_origin);
                  case net.len { 8..16: reject; 24: bgp_med = 7; else: reject; }
                  if bgp_med = 7 then { print "seven"; accept; } else reject;
                }
                """,
                route))
        .isEqualTo(FilterRun.Outcome.ACCEPTED);
    assertThat(route.attributes.localPref()).hasValue(200);
    assertThat(route.attributes.med()).hasValue(7);
    assertThat(route.attributes.communities())
        .containsExactly(Community.parse("65001:200").orElseThrow());
    assertThat(route.attributes.largeCommunities()).isEmpty();
    assertThat(route.attributes.asPath().flattened().getFirst()).isEqualTo(AsNumber.of(65000));
    assertThat(route.attributes.has(dev.aviary.bgp.route.AttributeType.ORIGIN)).isFalse();
  }

  @Test
  void functionsReturnOrDecide() throws SyntaxException {
    var words = new Cursor("(int a; int b) { if a > b then return a; return b; }");
    var parser = new FilterParser(words, new Names(java.util.Set.of(), java.util.Set.of()));
    var max = new Definitions.Function(parser.parameters(), parser.body());
    var decide =
        new Definitions.Function(
            List.of(),
            new FilterParser(new Cursor("{ accept; }"), Definitions.NONE.names()).body());
    var definitions = new Definitions(Map.of("max", max, "decide", decide), Map.of(), Map.of());
    var run = new FilterRun(definitions, new Route(), false);
    assertThat(
            run.evaluate(
                    new FilterParser(new Cursor("max(3, max(1, 9))"), definitions.names())
                        .expression())
                .toString())
        .isEqualTo("9");
    assertThat(
            run.run(
                new FilterParser(new Cursor("{ decide(); reject; }"), definitions.names()).body()))
        .isEqualTo(FilterRun.Outcome.ACCEPTED);
    assertThat(run.run(new FilterParser(new Cursor("{ }"), definitions.names()).body()))
        .isEqualTo(FilterRun.Outcome.FAILED);
  }

  /** What BIRD 1.6 and 2 differ in: whether a list that is not there is one. */
  @Test
  void whetherAnAbsentListIsDefined() throws SyntaxException {
    var condition = expression("defined(bgp_cluster_list)");
    assertThat(new FilterRun(Definitions.NONE, new Route(), true).where(condition))
        .isEqualTo(FilterRun.Outcome.ACCEPTED);
    assertThat(new FilterRun(Definitions.NONE, new Route(), false).where(condition))
        .isEqualTo(FilterRun.Outcome.REJECTED);
  }
}
