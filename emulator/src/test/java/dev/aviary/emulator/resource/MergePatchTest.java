package dev.aviary.emulator.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.aviary.emulator.resource.YamlNode.Mapping;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MergePatchTest {
  private static Mapping mapping(String yaml) throws Exception {
    return (Mapping) YamlReader.read("t.yaml", yaml).getFirst();
  }

  /** In one line, fields by name. */
  private static String text(YamlNode node) {
    return switch (node) {
      case YamlNode.Null _ -> "null";
      case YamlNode.Scalar scalar -> scalar.text();
      case YamlNode.Sequence list -> list.items().stream().map(MergePatchTest::text).toList() + "";
      case Mapping mapping -> {
        Map<String, String> fields = new TreeMap<>();
        mapping.entries().forEach((key, entry) -> fields.put(key, text(entry.value())));
        yield fields.toString();
      }
    };
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{a: {b: 1, c: 2}} | {a: {b: 3}} | {a={b=3, c=2}}",
        "{a: {b: 1, c: 2}} | {a: {b: null}} | {a={c=2}}",
        "{a: [1, 2]} | {a: [3]} | {a=[3]}",
        "{a: 1} | {a: {b: {c: null, d: 1}}} | {a={b={d=1}}}",
      })
  void bothLayFieldsOver(String document, String patch, String result) throws Exception {
    assertThat(text(MergePatch.plain(mapping(document), mapping(patch)))).isEqualTo(result);
    assertThat(text(MergePatch.strategic(mapping(document), mapping(patch)))).isEqualTo(result);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{a: {b: 1, c: 2}} | {a: {$patch: replace, d: 3}} | {a={d=3}}",
        "{a: {b: 1, c: 2}} | {a: {$patch: merge, d: 3}} | {a={b=1, c=2, d=3}}",
        "{a: {b: 1}, e: 1} | {a: {$patch: delete}} | {e=1}",
        "{a: {b: 1, c: 2}} | {a: {$retainKeys: [b, d], d: 3}} | {a={b=1, d=3}}",
      })
  void aStrategicPatchHasDirectives(String document, String patch, String result) throws Exception {
    assertThat(text(MergePatch.strategic(mapping(document), mapping(patch)))).isEqualTo(result);
  }

  @Test
  void aDirectiveThatMeansNothingIsNamed() throws Exception {
    var patch = mapping("{a: {$patch: forget}}");
    assertThatThrownBy(() -> MergePatch.strategic(mapping("{}"), patch))
        .hasMessage("$patch must be replace, merge or delete, is forget");
  }
}
