package dev.aviary.emulator.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.aviary.emulator.calicoctl.IpamVerbs;
import dev.aviary.ipam.AssignRequest;
import dev.aviary.ipam.Assignment;
import dev.aviary.ipam.Handle;
import dev.aviary.ipam.IntendedUse;
import dev.aviary.ipam.IpamException;
import dev.aviary.ipam.IpamKey;
import dev.aviary.ipam.IpamVariant;
import dev.aviary.net.Prefix;
import dev.aviary.net.Vectors;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicContainer;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What {@code calicoctl ipam …} prints, through our own command line. */
class CalicoctlIpamVectorsTest {
  @TempDir Path folder = Path.of("target");

  /** What a command printed. */
  private record Ran(String stdout, String stderr, int exit) {}

  private static List<IpamVariant> variants(JsonNode row) {
    var found = new ArrayList<IpamVariant>();
    for (var semantics : FakeSite.texts(row.get("semantics"))) {
      switch (semantics) {
        case "v3.22" -> found.add(IpamVariant.V3_22);
        case "master" -> found.add(IpamVariant.MASTER);
        default -> {
          // Versions between the two that are followed.
        }
      }
    }
    return found;
  }

  /** Every case of every file that is there: the shape of a case says what it is. */
  @TestFactory
  Stream<DynamicContainer> everyFile() {
    return Vectors.list("calicoctl-ipam", "*.yaml").stream()
        .map(
            file ->
                DynamicContainer.dynamicContainer(
                    file.getFileName().toString(), cases(file).flatMap(this::tests)));
  }

  private static Stream<JsonNode> cases(Path file) {
    return new YAMLMapper().readTree(file.toFile()).get("cases").valueStream();
  }

  private Stream<DynamicTest> tests(JsonNode row) {
    if (row.has("parts")) {
      var name = row.get("cidr").asString() + " " + row.get("parts").asInt();
      return Stream.of(DynamicTest.dynamicTest(name, () -> split(row)));
    }
    var id = row.get("id").asString();
    var variants = variants(row);
    return variants.isEmpty()
        ? Stream.of(
            DynamicTest.dynamicTest(id, () -> assumeTrue(false, "a version that is not followed")))
        : variants.stream()
            .map(
                variant ->
                    DynamicTest.dynamicTest(
                        id + " " + variant,
                        () -> {
                          if (row.has("steps")) {
                            flow(row, variant);
                          } else {
                            run(row, variant);
                          }
                        }));
  }

  private Ran command(FakeSite site, String command) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var words = new ArrayList<String>();
    for (var word : command.strip().split(" +", -1)) {
      words.add(word.endsWith(".json") ? absolute(word) : word);
    }
    int exit =
        CommandLines.run(
            new Context(
                new Console(
                    new PrintStream(out, true, StandardCharsets.UTF_8),
                    new PrintStream(err, true, StandardCharsets.UTF_8),
                    false),
                null,
                site,
                words));
    var prefix = folder + "/";
    return new Ran(
        out.toString(StandardCharsets.UTF_8).replace(prefix, ""),
        err.toString(StandardCharsets.UTF_8).replace(prefix, ""),
        exit);
  }

  /** The tests' files lie in a folder of their own. */
  private String absolute(String word) {
    int equals = word.indexOf('=');
    return word.substring(0, equals + 1) + folder.resolve(word.substring(equals + 1));
  }

  private void run(JsonNode row, IpamVariant variant) throws Exception {
    var given = row.get("given");
    var site = new FakeSite(variant);
    if (given.has("state")) {
      site.load(given.get("state"));
    }
    site.load(given);
    if (given.has("reports")) {
      for (var report : given.get("reports")) {
        writeReport(site, report);
      }
    }
    var ran = command(site, row.get("command").asString());
    var match = row.has("match") ? row.get("match").asString() : "exact";
    var stdout = row.get("stdout").asString();
    switch (match) {
      case "exact" -> assertThat(ran.stdout()).isEqualTo(stdout);
      case "stderr starts with" -> assertThat(ran.stdout()).isEqualTo(stdout);
      case "attribute-lines-in-any-order" ->
          assertThat(sorted(ran.stdout())).isEqualTo(sorted(stdout));
      case "exact; lines inside one scanning section may come in any order" ->
          assertThat(sections(ran.stdout())).isEqualTo(sections(stdout));
      default -> throw new AssertionError("match: " + match);
    }
    var stderr = row.has("stderr") ? row.get("stderr").asString() : "";
    if (match.equals("stderr starts with")) {
      assertThat(ran.stderr()).startsWith(stderr.stripTrailing());
    } else {
      assertThat(ran.stderr()).isEqualTo(stderr);
    }
    assertThat(ran.exit()).isEqualTo(row.get("exit").asInt());
    after(row, site);
  }

  private void after(JsonNode row, FakeSite site) throws IpamException, IOException {
    if (row.has("reportFile")) {
      assertThat(Files.readString(folder.resolve("report.json")))
          .isEqualTo(
              row.get("reportFile").asString().replace("$REVISION", site.information().revision()));
    }
    if (row.has("configAfter")) {
      var config = site.ipam().config();
      var wanted = row.get("configAfter");
      assertThat(config.strictAffinity()).isEqualTo(wanted.path("strictAffinity").asBoolean(false));
      assertThat(config.autoAllocateBlocks())
          .isEqualTo(wanted.path("autoAllocateBlocks").asBoolean(false));
      assertThat(config.maxBlocksPerHost()).isEqualTo(wanted.path("maxBlocksPerHost").asInt(0));
    }
    if (row.has("poolsAfter")) {
      assertThat(site.poolSpecs())
          .containsExactlyInAnyOrderElementsOf(
              row.get("poolsAfter").valueStream().map(FakeSite::pool).toList());
    }
  }

  private void writeReport(FakeSite site, JsonNode report) throws IOException, IpamException {
    var allocations = new ArrayList<String>();
    for (var ip : FakeSite.texts(report.get("notInUse"))) {
      allocations.add("\"%s\":[{\"ip\":\"%s\",\"inUse\":false,\"owners\":null}]".formatted(ip, ip));
    }
    var handles = new ArrayList<String>();
    for (var text : FakeSite.texts(report.get("leakedHandles"))) {
      boolean changed = text.endsWith("@changed");
      var handle = changed ? text.substring(0, text.indexOf('@')) : text;
      var stored = site.store().find(new IpamKey.HandleKey(handle), Handle.class);
      handles.add(
          "{\"ID\":\"%s\",\"UID\":null,\"Revision\":\"%s\"}"
              .formatted(handle, changed || stored == null ? "0" : stored.revision() + ""));
    }
    Files.writeString(
        folder.resolve(report.get("file").asString()),
        """
        {"version":"%s","clusterGUID":"%s","clusterInformationRevision":"%s","allocations":{%s},"leakedHandles":[%s]}
        """
            .formatted(
                report.get("version").asString().replace("$CLIENT", IpamVerbs.CLIENT_VERSION),
                report.get("clusterGUID").asString(),
                report
                    .get("clusterInformationRevision")
                    .asString()
                    .replace("$CURRENT", site.information().revision()),
                String.join(",", allocations),
                String.join(",", handles)));
  }

  private static List<String> sorted(String text) {
    return text.lines().sorted().toList();
  }

  /** Lines with an indent may come in any order between two without. */
  private static List<String> sections(String text) {
    var found = new ArrayList<String>();
    var indented = new ArrayList<String>();
    for (var line : text.split("\n", -1)) {
      if (line.startsWith("  ")) {
        indented.add(line);
      } else {
        found.addAll(indented.stream().sorted().toList());
        indented.clear();
        found.add(line);
      }
    }
    found.addAll(indented);
    return found;
  }

  private static void split(JsonNode row) {
    assertThat(IpamVerbs.splitText(row.get("cidr").asString(), row.get("parts").asInt()))
        .isEqualTo(
            row.has("error")
                ? List.of(row.get("error").asString())
                : FakeSite.texts(row.get("result")));
  }

  private void flow(JsonNode row, IpamVariant variant) {
    var site = new FakeSite(variant);
    var saved = new HashMap<String, List<String>>();
    for (var step : row.get("steps")) {
      if (step.has("create")) {
        site.load(host(step.get("create")));
      } else if (step.has("autoAssign")) {
        assign(site, step, saved);
      } else if (step.has("run")) {
        var ran = command(site, expanded(step.get("run").asString(), saved));
        hold(step, ran, saved);
      } else {
        throw new AssertionError("step " + step);
      }
    }
  }

  private static JsonNode host(JsonNode node) {
    return new YAMLMapper().readTree(node.toString().replace("$HOST", "host1"));
  }

  private static void assign(FakeSite site, JsonNode step, Map<String, List<String>> saved) {
    var asked = host(step.get("autoAssign"));
    var attrs = new HashMap<String, String>();
    if (asked.has("attrs")) {
      asked.get("attrs").forEachEntry((k, v) -> attrs.put(k, v.asString()));
    }
    var answer =
        site.ipam()
            .autoAssign(
                new AssignRequest(
                    asked.get("host").asString(),
                    asked.path("num4").asInt(0),
                    asked.path("num6").asInt(0),
                    asked.has("handle") ? asked.get("handle").asString() : null,
                    attrs,
                    FakeSite.texts(asked.get("pools4")).stream().map(Prefix::of).toList(),
                    FakeSite.texts(asked.get("pools6")).stream().map(Prefix::of).toList(),
                    0,
                    null,
                    null,
                    IntendedUse.WORKLOAD,
                    false));
    assertThat(answer.error()).isNull();
    if (step.has("save")) {
      var name = step.get("save").asString();
      saved.put(name + ".v4", texts(answer.v4()));
      saved.put(name + ".v6", texts(answer.v6()));
    }
  }

  private static List<String> texts(Assignment.@Nullable Addresses addresses) {
    return addresses == null
        ? List.of()
        : addresses.assigned().stream().map(a -> a.address().toString()).toList();
  }

  private static String expanded(String text, Map<String, List<String>> saved) {
    var result = text;
    for (var entry : saved.entrySet()) {
      for (int i = 0; i < entry.getValue().size(); i++) {
        result = result.replace(entry.getKey() + "[" + i + "]", entry.getValue().get(i));
      }
    }
    return result;
  }

  private static void hold(JsonNode step, Ran ran, Map<String, List<String>> saved) {
    assertThat(ran.exit()).as("%s: %s", step, ran).isEqualTo(step.path("exit").asInt(0));
    if (step.has("stdout")) {
      assertThat(ran.stdout()).isEqualTo(step.get("stdout").asString());
    }
    for (var part : FakeSite.texts(step.get("contains"))) {
      assertThat(ran.stdout() + ran.stderr()).contains(expanded(part, saved));
    }
    if (step.has("lineWith")) {
      for (var parts : step.get("lineWith")) {
        assertThat(ran.stdout().lines())
            .anyMatch(line -> FakeSite.texts(parts).stream().allMatch(line::contains));
      }
    }
  }
}
