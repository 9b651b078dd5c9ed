package dev.aviary.emulator.resource;

import dev.aviary.emulator.resource.YamlNode.Mapping;
import dev.aviary.emulator.resource.YamlNode.Scalar;
import io.vavr.control.Validation;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The verbs that change resources, as functions from what there is to what there will be. */
public final class ResourceEdits {
  private ResourceEdits() {}

  /** What is done with each of some resources. */
  public enum Verb {
    /** Puts it there, in the place of an older one if there is one. */
    APPLY,
    /** Only where there is none. */
    CREATE,
    /** Only where there is one. */
    REPLACE,
    DELETE
  }

  /**
   * What came of it.
   *
   * @param handled how many were done
   * @param errors in Calico's words, one for each that was not
   */
  public record Outcome(Resources after, int handled, List<String> errors) {
    public Outcome {
      errors = List.copyOf(errors);
    }
  }

  /**
   * Does {@code verb} with each of {@code given}, in their order.
   *
   * @param lenient what is there already, or is not there, is passed over
   */
  public static Outcome edit(
      Resources before, Verb verb, List<? extends Resource> given, boolean lenient) {
    var all = new LinkedHashMap<String, Resource>();
    before.all().forEach(resource -> all.put(resource.identity(), resource));
    var errors = new ArrayList<String>();
    int handled = 0;
    for (var resource : given) {
      boolean there = all.containsKey(resource.identity());
      boolean wrong =
          switch (verb) {
            case APPLY -> false;
            case CREATE -> there;
            case REPLACE, DELETE -> !there;
          };
      if (wrong && !lenient) {
        errors.add(there ? alreadyExists(resource) : doesNotExist(resource));
        if (verb == Verb.REPLACE) {
          break; // calicoctl stops here
        }
        continue;
      }
      handled++;
      if (wrong) {
        continue;
      }
      switch (verb) {
        case APPLY, CREATE, REPLACE -> all.put(resource.identity(), resource);
        case DELETE -> all.remove(resource.identity());
      }
    }
    return new Outcome(new Resources(List.copyOf(all.values())), handled, errors);
  }

  private static String alreadyExists(Resource resource) {
    var metadata = resource.metadata();
    return ResourceKind.of(resource)
        .map(
            kind ->
                "resource already exists: %s with error: %s \"%s\" already exists"
                    .formatted(
                        kind.identifier(metadata.namespace(), metadata.name()),
                        kind.plural(),
                        metadata.name()))
        .orElse("resource already exists: " + metadata.id());
  }

  private static String doesNotExist(Resource resource) {
    var metadata = resource.metadata();
    return ResourceKind.of(resource)
        .map(kind -> doesNotExist(kind, metadata.namespace(), metadata.name()))
        .orElse("resource does not exist: " + metadata.id());
  }

  /** Calico's words for a resource that is not there. */
  public static String doesNotExist(ResourceKind kind, String namespace, String name) {
    return "resource does not exist: %s with error: %s \"%s\" not found"
        .formatted(kind.identifier(namespace, name), kind.plural(), name);
  }

  /** Those of one kind, in the order of namespaces and names. */
  public static List<Resource> of(Resources resources, ResourceKind kind) {
    return resources.all().stream()
        .filter(resource -> ResourceKind.of(resource).equals(Optional.of(kind)))
        .sorted(java.util.Comparator.comparing(r -> r.metadata().id()))
        .toList();
  }

  /** The document of {@code resource} with {@code patch} laid over it; null takes a field away. */
  public static Mapping patched(Resource resource, Mapping patch) {
    return MergePatch.plain(resource.source().document(), patch);
  }

  /** As {@link #patched}, with the directives of a strategic merge; what is wrong with them. */
  public static Validation<String, Mapping> strategicallyPatched(Resource resource, Mapping patch) {
    try {
      return Validation.valid(MergePatch.strategic(resource.source().document(), patch));
    } catch (MergePatch.PatchException e) {
      return Validation.invalid("--patch: " + e.getMessage());
    }
  }

  /**
   * The document of {@code resource} after the operations of a JSON patch (RFC 6902), written as
   * JSON or YAML; what is wrong with it otherwise.
   */
  public static Validation<String, Mapping> operated(Resource resource, String patch) {
    try {
      var nodes = YamlReader.read("--patch", patch);
      return nodes.size() == 1 && nodes.getFirst() instanceof YamlNode.Sequence operations
          ? Validation.valid(JsonPatch.apply(resource.source().document(), operations))
          : Validation.invalid("--patch: must be a list of operations");
    } catch (YamlReader.MalformedYamlException e) {
      return Validation.invalid(e.problem().toString());
    } catch (JsonPatch.PatchException e) {
      return Validation.invalid("--patch: " + e.getMessage());
    }
  }

  /** The document of {@code resource} with other labels. */
  public static Mapping labelled(Resource resource, Map<String, String> labels) {
    var document = resource.source().document();
    int line = document.line();
    var values = new LinkedHashMap<String, Mapping.Entry>();
    labels.forEach(
        (key, value) ->
            values.put(key, new Mapping.Entry(line, new Scalar(line, value, Scalar.Kind.STRING))));
    var metadata =
        document.find("metadata") instanceof Mapping old
            ? new LinkedHashMap<>(old.entries())
            : new LinkedHashMap<String, Mapping.Entry>();
    metadata.put("labels", new Mapping.Entry(line, new Mapping(line, values)));
    var entries = new LinkedHashMap<>(document.entries());
    entries.put("metadata", new Mapping.Entry(line, new Mapping(line, metadata)));
    return new Mapping(line, entries);
  }
}
