package dev.aviary.bgp.message;

import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.Behavior;
import dev.aviary.bgp.route.BgpIdentifier;
import dev.aviary.net.Vectors;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;

/** Rows of the tab-separated wire vectors, and what their contexts mean. */
public final class WireVectors {
  private static final ObjectMapper JSON = new ObjectMapper();

  private WireVectors() {}

  /** The rows of {@code name} without the line that names the columns. */
  public static List<String[]> rows(String name) {
    return Vectors.text("bgp-wire/" + name)
        .lines()
        .filter(line -> !line.startsWith("#") && !line.isBlank())
        .map(line -> line.split("\t", -1))
        .toList();
  }

  /** Reads a JSON column. */
  public static JsonNode json(String text) {
    return JSON.readTree(text);
  }

  /** The families of a list of pairs. */
  public static Set<AfiSafi> families(JsonNode pairs) {
    var families = new HashSet<AfiSafi>();
    pairs.forEach(pair -> families.add(new AfiSafi(pair.get(0).asInt(), pair.get(1).asInt())));
    return families;
  }

  /** A session that was negotiated as {@code context} says. */
  public static SessionOptions options(JsonNode context, boolean internal) {
    return new SessionOptions(
        Behavior.RFC,
        AsNumber.of(65000),
        AsNumber.of(internal ? 65000 : 64512),
        internal,
        context.get("as4").asBoolean(),
        Set.of(AfiSafi.IPV4_UNICAST, AfiSafi.IPV6_UNICAST),
        families(context.get("addpath")),
        Set.of(),
        context.get("ext_msg").asBoolean(),
        Set.of(),
        true,
        true,
        Duration.ofSeconds(90),
        BgpIdentifier.of("10.0.0.2"),
        List.of());
  }
}
