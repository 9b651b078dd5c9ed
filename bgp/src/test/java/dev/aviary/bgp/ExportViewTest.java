package dev.aviary.bgp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.bgp.ExportView.Filtered;
import dev.aviary.bgp.ExportView.Refused;
import dev.aviary.bgp.ExportView.Told;
import dev.aviary.bgp.policy.Change;
import dev.aviary.bgp.policy.Condition.AsPathStartsWith;
import dev.aviary.bgp.policy.Policy;
import dev.aviary.bgp.policy.Statement;
import dev.aviary.bgp.policy.Statement.Outcome;
import dev.aviary.bgp.rib.RouteDissemination;
import dev.aviary.bgp.rib.RouteDissemination.NextHopRule;
import dev.aviary.bgp.rib.RouteDissemination.Refusal;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AsPath;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.bgp.route.Community;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.bgp.route.Peer;
import dev.aviary.bgp.route.Route;
import dev.aviary.bgp.route.RouteSource;
import dev.aviary.net.IpAddress;
import dev.aviary.net.Ipv4Address;
import dev.aviary.net.Prefix;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an export policy sees of a route towards another AS, and what comes of it. */
class ExportViewTest {
  private static final AsNumber OURS = AsNumber.of(65003);

  private static RouteDissemination rules(Behavior behavior) {
    return new RouteDissemination(
        behavior,
        OURS,
        BgpIdentifier.of("10.0.0.3"),
        false,
        false,
        NextHopRule.STANDARD,
        Optional.of(Ipv4Address.of("10.0.0.3")),
        Optional.empty(),
        false,
        false,
        false,
        OptionalInt.empty());
  }

  private static Route learned(PathAttributes attributes) {
    var peer =
        new Peer(
            "two",
            IpAddress.of("10.0.0.2"),
            AsNumber.of(65002),
            BgpIdentifier.of("10.0.0.2"),
            false,
            false);
    return new Route(Prefix.of("10.9.0.0/16"), 0, attributes, new RouteSource.Learned(peer));
  }

  private static PathAttributes fromTwo() {
    return PathAttributes.of(
        new PathAttribute.AsPathAttribute(AsPath.sequence(AsNumber.of(65002))),
        new PathAttribute.MultiExitDisc(7));
  }

  private static Statement prepending(AsNumber... prefix) {
    return new Statement(
        List.of(new AsPathStartsWith(List.of(prefix))),
        List.of(new Change.Prepend(AsNumber.of(65100), 1)),
        Outcome.ACCEPT);
  }

  @ParameterizedTest
  @CsvSource({
    "BIRD_16, 0, 65100 65003 65002, 0",
    "BIRD_20, 1, 65003 65100 65002, ",
    "RFC, 1, 65003 65100 65002, "
  })
  void thePolicyOf16SeesItsOwnAs(Behavior behavior, int statement, String path, Integer med) {
    var policy =
        new Policy(
            "p",
            List.of(prepending(OURS, AsNumber.of(65002)), prepending(AsNumber.of(65002))),
            Policy.Otherwise.REJECT);
    var view = ExportView.of(rules(behavior), policy, learned(fromTwo()), false);
    assertThat(view)
        .isInstanceOfSatisfying(
            Told.class,
            told -> {
              assertThat(told.statement()).isEqualTo(statement);
              assertThat(told.attributes().asPath().toString()).isEqualTo(path);
              assertThat(told.attributes().med())
                  .isEqualTo(med == null ? OptionalInt.empty() : OptionalInt.of(med));
            });
  }

  @ParameterizedTest
  @CsvSource({"BIRD_16", "BIRD_20", "RFC"})
  void whatThePolicyAddsIsForTheNeighbor(Behavior behavior) {
    var adding =
        new Policy(
            "p",
            List.of(
                new Statement(
                    List.of(),
                    List.of(new Change.AddCommunity(Community.NO_EXPORT)),
                    Outcome.ACCEPT)),
            Policy.Otherwise.REJECT);
    assertThat(ExportView.of(rules(behavior), adding, learned(fromTwo()), false))
        .isInstanceOfSatisfying(
            Told.class, told -> assertThat(told.attributes().has(Community.NO_EXPORT)).isTrue());
    var marked = new Change.AddCommunity(Community.NO_EXPORT).apply(fromTwo());
    assertThat(ExportView.of(rules(behavior), Policy.ACCEPT, learned(marked), false))
        .isEqualTo(new Refused(Refusal.NO_EXPORT));
  }

  @Test
  void whoDecidedIsSaid() {
    var route = learned(fromTwo());
    assertThat(ExportView.of(rules(Behavior.BIRD_16), Policy.REJECT, route, false))
        .isEqualTo(new Filtered(-1));
  }
}
