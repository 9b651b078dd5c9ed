package dev.aviary.bgp.policy;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.bgp.policy.Condition.LocalPrefWithin;
import dev.aviary.bgp.policy.Condition.MedWithin;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AsPath;
import dev.aviary.bgp.route.AsPath.Kind;
import dev.aviary.bgp.route.AsPath.Segment;
import dev.aviary.bgp.route.PathAttribute.AsPathAttribute;
import dev.aviary.bgp.route.PathAttribute.LocalPref;
import dev.aviary.bgp.route.PathAttribute.MultiExitDisc;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.route.Route;
import dev.aviary.net.Prefix;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PolicyTest {
  private static Route route(PathAttributes attributes) {
    return Route.local(Prefix.of("192.0.2.0/24"), attributes);
  }

  private static Segment segment(Kind kind, long... ases) {
    return new Segment(kind, java.util.Arrays.stream(ases).mapToObj(AsNumber::of).toList());
  }

  @Test
  void privateAsesGoAndTheOthersKeepTheirOrder() {
    var path =
        new AsPath(
            List.of(
                segment(Kind.AS_SEQUENCE, 64511, 64512, 3, 65534, 65535, 4_200_000_000L, 2),
                segment(Kind.AS_SET, 64600),
                segment(Kind.AS_SEQUENCE, 4_294_967_294L, 4_199_999_999L)));
    var changed = new Change.RemovePrivateAs().apply(PathAttributes.of(new AsPathAttribute(path)));
    assertThat(changed.asPath().toString()).isEqualTo("64511 3 65535 2 4199999999");
    assertThat(new Change.RemovePrivateAs().apply(changed)).isSameAs(changed);
  }

  @ParameterizedTest
  @CsvSource({"100,4294967295,true", "0,99,false", "101,4294967295,false"})
  void localPrefIsAHundredWhereThereIsNone(long least, long most, boolean holds) {
    var none = route(PathAttributes.of());
    assertThat(new LocalPrefWithin((int) least, (int) most).holds(none)).isEqualTo(holds);
  }

  @Test
  void rangesAreUnsigned() {
    var high = route(PathAttributes.of(new LocalPref(-1), new MultiExitDisc(-2)));
    assertThat(new LocalPrefWithin(-1, -1).holds(high)).isTrue();
    assertThat(new LocalPrefWithin(0, 5).holds(high)).isFalse();
    assertThat(new MedWithin(6, -1).holds(high)).isTrue();
    assertThat(new MedWithin(-1, -1).holds(high)).isFalse();
    assertThat(new MedWithin(0, 0).holds(route(PathAttributes.of()))).isTrue();
  }
}
