package dev.aviary.emulator.resource;

import dev.aviary.emulator.resource.YamlNode.Mapping;
import dev.aviary.emulator.resource.YamlNode.Scalar;
import dev.aviary.emulator.resource.YamlNode.Sequence;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.dataformat.yaml.YAMLFactory;
import tools.jackson.dataformat.yaml.YAMLParser;

/** Reads the documents of one file into {@link YamlNode}s. JSON is YAML, so it reads that too. */
final class YamlReader {
  private static final YAMLFactory FACTORY = new YAMLFactory();
  private static final int MAX_DEPTH = 100;

  /** What go-yaml, and so Kubernetes and Calico, takes for a boolean where nothing is quoted. */
  private static final Map<String, String> YAML_11_BOOLEANS =
      Map.ofEntries(
          Map.entry("y", "true"),
          Map.entry("Y", "true"),
          Map.entry("yes", "true"),
          Map.entry("Yes", "true"),
          Map.entry("YES", "true"),
          Map.entry("on", "true"),
          Map.entry("On", "true"),
          Map.entry("ON", "true"),
          Map.entry("n", "false"),
          Map.entry("N", "false"),
          Map.entry("no", "false"),
          Map.entry("No", "false"),
          Map.entry("NO", "false"),
          Map.entry("off", "false"),
          Map.entry("Off", "false"),
          Map.entry("OFF", "false"));

  private final String file;
  private final String text;
  private final JsonParser parser;

  private YamlReader(String file, String text, JsonParser parser) {
    this.file = file;
    this.text = text;
    this.parser = parser;
  }

  /** A mistake in the text itself, which ends the reading of its file. */
  static final class MalformedYamlException extends Exception {
    private final transient Problem problem;

    MalformedYamlException(Problem problem) {
      super(problem.toString(), null, false, false);
      this.problem = problem;
    }

    Problem problem() {
      return problem;
    }
  }

  /** The documents of {@code text}; empty ones are left out. */
  static List<YamlNode> read(String file, String text) throws MalformedYamlException {
    try (var parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      return new YamlReader(file, text, parser).documents();
    } catch (JacksonException e) {
      var location = e.getLocation();
      int line = location == null ? 0 : Math.max(0, location.getLineNr());
      throw new MalformedYamlException(new Problem(file, line, "", reason(e)));
    }
  }

  /** The first line of the parser's message that says something; it knows no fields. */
  private static String reason(JacksonException e) {
    var text = e.getOriginalMessage() == null ? "not YAML" : e.getOriginalMessage();
    var lines = text.lines().map(String::strip).filter(l -> !l.isEmpty()).toList();
    return "not YAML: "
        + lines.stream()
            .filter(l -> !l.startsWith("in "))
            .limit(2)
            .reduce((a, b) -> a + ", " + b)
            .orElse("malformed");
  }

  private List<YamlNode> documents() throws MalformedYamlException {
    var documents = new ArrayList<YamlNode>();
    for (var token = parser.nextToken(); token != null; token = parser.nextToken()) {
      var document = value(token, 0);
      if (!(document instanceof YamlNode.Null)) {
        documents.add(document);
      }
    }
    return documents;
  }

  private int line() {
    return parser.currentTokenLocation().getLineNr();
  }

  private YamlNode value(@Nullable JsonToken token, int depth) throws MalformedYamlException {
    if (depth > MAX_DEPTH) {
      throw malformed("nested deeper than " + MAX_DEPTH);
    }
    if (parser instanceof YAMLParser yaml && yaml.isCurrentAlias()) {
      throw malformed("YAML aliases are not read; write the value out");
    }
    int line = line();
    return switch (token) {
      case START_OBJECT -> mapping(line, depth);
      case START_ARRAY -> sequence(line, depth);
      case VALUE_NULL -> new YamlNode.Null(line);
      case VALUE_TRUE, VALUE_FALSE -> new Scalar(line, parser.getString(), Scalar.Kind.BOOLEAN);
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT ->
          new Scalar(line, parser.getString(), Scalar.Kind.NUMBER);
      case VALUE_STRING -> string(line, parser.getString());
      case null, default -> throw malformed("not YAML: the value is missing");
    };
  }

  private Scalar string(int line, String value) {
    var meant = YAML_11_BOOLEANS.get(value);
    return meant == null || isQuoted()
        ? new Scalar(line, value, Scalar.Kind.STRING)
        : new Scalar(line, meant, Scalar.Kind.BOOLEAN);
  }

  private boolean isQuoted() {
    int at = (int) parser.currentTokenLocation().getCharOffset();
    return at < 0 || at >= text.length() || text.charAt(at) == '"' || text.charAt(at) == '\'';
  }

  private YamlNode mapping(int line, int depth) throws MalformedYamlException {
    var entries = new LinkedHashMap<String, Mapping.Entry>();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      var key = parser.currentName();
      int keyLine = line();
      var value = value(parser.nextToken(), depth + 1);
      if (entries.put(key, new Mapping.Entry(keyLine, value)) != null) {
        throw new MalformedYamlException(
            new Problem(file, keyLine, key, "stands twice in one mapping"));
      }
    }
    return new Mapping(line, entries);
  }

  private YamlNode sequence(int line, int depth) throws MalformedYamlException {
    var items = new ArrayList<YamlNode>();
    for (var token = parser.nextToken(); token != JsonToken.END_ARRAY; token = parser.nextToken()) {
      items.add(value(token, depth + 1));
    }
    return new Sequence(line, items);
  }

  private MalformedYamlException malformed(String text) {
    return new MalformedYamlException(new Problem(file, line(), "", text));
  }
}
