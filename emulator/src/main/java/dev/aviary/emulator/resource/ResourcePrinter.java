package dev.aviary.emulator.resource;

import dev.aviary.emulator.resource.YamlNode.Mapping;
import dev.aviary.emulator.resource.YamlNode.Scalar;
import dev.aviary.emulator.resource.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.dataformat.yaml.YAMLMapper;
import tools.jackson.dataformat.yaml.YAMLWriteFeature;

/** Resources as YAML or JSON, keys in calicoctl's order: sorted in YAML, kind first in JSON. */
public final class ResourcePrinter {
  private static final YAMLMapper YAML =
      YAMLMapper.builder()
          .disable(YAMLWriteFeature.WRITE_DOC_START_MARKER)
          .disable(YAMLWriteFeature.SPLIT_LINES)
          .enable(YAMLWriteFeature.MINIMIZE_QUOTES)
          .enable(YAMLWriteFeature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
          .build();
  private static final List<String> TEXT_MAPS = List.of("labels", "annotations", "labelsToApply");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private ResourcePrinter() {}

  /** What the cluster says about a resource beside what was written; empty for nothing. */
  public interface Statuses {
    /** Nobody says anything. */
    Statuses NONE = _ -> Map.of();

    Map<String, Object> of(Resource resource);
  }

  /** One resource. */
  public static String one(Resource resource, Statuses statuses, boolean json) {
    return print(value(resource, statuses), json);
  }

  /** Several resources, one after the other. */
  public static String several(
      List<? extends Resource> resources, Statuses statuses, boolean json) {
    return print(resources.stream().map(r -> value(r, statuses)).toList(), json);
  }

  /** A list object around resources of one kind. */
  public static String list(
      ResourceKind kind, List<? extends Resource> resources, Statuses statuses, boolean json) {
    var items = resources.stream().map(r -> value(r, statuses)).toList();
    var list = new LinkedHashMap<String, Object>();
    list.put("kind", kind.kind() + "List");
    list.put("apiVersion", kind.group().version());
    list.put("metadata", new LinkedHashMap<String, Object>());
    list.put("items", items);
    return print(list, json);
  }

  /** A report's value as YAML; its fields are sorted. */
  public static String yaml(Object value) {
    return print(value, false);
  }

  private static String print(Object value, boolean json) {
    if (!json) {
      return YAML.writeValueAsString(sorted(value));
    }
    var indent = new DefaultIndenter("  ", "\n");
    var printer = new DefaultPrettyPrinter().withObjectIndenter(indent).withArrayIndenter(indent);
    return JSON.writer().with(printer).writeValueAsString(value) + "\n";
  }

  private static @Nullable Object sorted(@Nullable Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        var sorted = new TreeMap<String, @Nullable Object>();
        map.forEach((key, inner) -> sorted.put(String.valueOf(key), sorted(inner)));
        yield sorted;
      }
      case List<?> list -> {
        var items = new ArrayList<@Nullable Object>();
        list.forEach(item -> items.add(sorted(item)));
        yield items;
      }
      case null, default -> value;
    };
  }

  private static Object value(Resource resource, Statuses statuses) {
    var document = resource.source().document();
    var value = new LinkedHashMap<String, @Nullable Object>();
    for (var first : List.of("kind", "apiVersion", "metadata")) {
      var node = document.find(first);
      if (node != null) {
        value.put(first, value(node));
      }
    }
    document.entries().forEach((key, entry) -> value.putIfAbsent(key, value(entry.value())));
    var status = statuses.of(resource);
    if (!status.isEmpty()) {
      value.put("status", status);
    }
    return value;
  }

  private static @Nullable Object value(YamlNode node) {
    return switch (node) {
      case Mapping mapping -> {
        var value = new LinkedHashMap<String, @Nullable Object>();
        mapping
            .entries()
            .forEach(
                (key, entry) ->
                    value.put(
                        key,
                        TEXT_MAPS.contains(key) && entry.value() instanceof Mapping texts
                            ? texts(texts)
                            : value(entry.value())));
        yield value;
      }
      case Sequence sequence -> sequence.items().stream().map(ResourcePrinter::value).toList();
      case YamlNode.Null _ -> null;
      case Scalar(_, var text, var kind) ->
          switch (kind) {
            case STRING -> text;
            case BOOLEAN -> Boolean.valueOf(text);
            case NUMBER -> number(text);
          };
    };
  }

  /** Labels stay texts, also those that look like something else. */
  private static Map<String, @Nullable Object> texts(Mapping mapping) {
    var texts = new LinkedHashMap<String, @Nullable Object>();
    mapping
        .entries()
        .forEach(
            (key, entry) ->
                texts.put(
                    key,
                    entry.value() instanceof Scalar scalar ? scalar.text() : value(entry.value())));
    return texts;
  }

  private static Object number(String text) {
    try {
      return Long.valueOf(text);
    } catch (NumberFormatException _) {
      return new java.math.BigDecimal(text);
    }
  }
}
