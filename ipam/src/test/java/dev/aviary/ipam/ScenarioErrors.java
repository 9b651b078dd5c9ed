package dev.aviary.ipam;

import static org.assertj.core.api.Assertions.assertThat;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Holds what a step gave against what the scenario expects. */
final class ScenarioErrors {
  private ScenarioErrors() {}

  static void check(JsonNode step, @Nullable JsonNode expected, IpamError error) {
    assertThat(expected).as("%s failed: %s", step, error.message()).isNotNull();
    var code = expected.has("code") ? expected.get("code").asString() : "Any";
    if (!code.equals("Any")) {
      assertThat(code(error)).as("%s: %s", step, error.message()).isEqualTo(code);
    }
    if (expected.has("message")) {
      assertThat(error.message()).isEqualTo(expected.get("message").asString());
    }
    if (expected.has("contains")) {
      assertThat(error.message()).contains(expected.get("contains").asString());
    }
  }

  private static String code(IpamError error) {
    return switch (error) {
      case IpamError.NotExist _ -> "NotExist";
      case IpamError.AlreadyExists _ -> "AlreadyExists";
      case IpamError.Conflict _, IpamError.OutOfDate _ -> "Conflict";
      case IpamError.BlockLimit _ -> "BlockLimit";
      case IpamError.NoQualifiedPool _ -> "NoQualifiedPool";
      case IpamError.UseRequired _ -> "UseRequired";
      case IpamError.StrictAffinityRequired _ -> "StrictAffinityRequired";
      case IpamError.BlockNotEmpty _ -> "BlockNotEmpty";
      case IpamError.BlockClaimConflict _ -> "BlockClaimConflict";
      case IpamError.InvalidSize _ -> "InvalidSize";
      case IpamError.StaleAffinity _,
          IpamError.NoFreeBlocks _,
          IpamError.FamilyMismatch _,
          IpamError.HandleLimit _,
          IpamError.Unavailable _,
          IpamError.Malformed _,
          IpamError.Other _ ->
          "Other";
    };
  }

  /** A set of texts, or how many there are. */
  static void count(
      String what, List<String> actual, List<String> expected, @Nullable JsonNode given) {
    if (given == null) {
      return;
    }
    if (given.isNumber()) {
      assertThat(actual).as(what).hasSize(given.asInt());
    } else {
      assertThat(actual).as(what).containsExactlyInAnyOrderElementsOf(expected);
    }
  }

  static void addresses(
      Scenario scenario,
      JsonNode step,
      JsonNode expect,
      String family,
      Assignment.@Nullable Addresses actual) {
    var expected = expect.get(family);
    if (expected == null) {
      return;
    }
    if (expected.isNull()) {
      assertThat(actual).as("%s of %s", family, step).isNull();
      return;
    }
    assertThat(actual).as("%s of %s", family, step).isNotNull();
    var ips = actual.assigned().stream().map(a -> a.address().toString()).toList();
    assertThat(ips).doesNotHaveDuplicates();
    if (expected.has("count")) {
      assertThat(ips).as("%s", step).hasSize(expected.get("count").asInt());
    }
    if (expected.has("requested")) {
      assertThat(actual.requested()).isEqualTo(expected.get("requested").asInt());
    }
    for (var name : List.of("ips", "seededIPs")) {
      if (expected.has(name)) {
        assertThat(ips)
            .as("%s", step)
            .containsExactlyElementsOf(scenario.expanded(expected.get(name)));
      }
    }
    if (expected.has("inCidrs")) {
      var cidrs = scenario.expanded(expected.get("inCidrs")).stream().map(Prefix::of).toList();
      assertThat(ips)
          .allMatch(ip -> cidrs.stream().anyMatch(cidr -> cidr.contains(IpAddress.of(ip))));
    }
    if (expected.has("notIn")) {
      assertThat(ips).doesNotContainAnyElementsOf(scenario.expanded(expected.get("notIn")));
    }
    if (expected.has("prefixLength")) {
      assertThat(actual.assigned())
          .allMatch(a -> a.length() == expected.get("prefixLength").asInt());
    }
    if (expected.has("messages")) {
      assertThat(actual.messages())
          .containsExactlyElementsOf(scenario.expanded(expected.get("messages")));
    }
  }
}
