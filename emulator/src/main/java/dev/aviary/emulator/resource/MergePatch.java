package dev.aviary.emulator.resource;

import dev.aviary.emulator.resource.YamlNode.Mapping;
import dev.aviary.emulator.resource.YamlNode.Scalar;
import dev.aviary.emulator.resource.YamlNode.Sequence;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;

/**
 * Fields laid over a document: RFC 7386, and Kubernetes' strategic merge, which adds directives.
 * Calico's kinds give no list a merge key, so either replaces lists as a whole.
 */
final class MergePatch {
  private static final String DIRECTIVE = "$patch";
  private static final String RETAINED = "$retainKeys";

  private final boolean strategic;

  private MergePatch(boolean strategic) {
    this.strategic = strategic;
  }

  /** A directive that means nothing; the message says which. */
  static final class PatchException extends Exception {
    private static final long serialVersionUID = 1;

    PatchException(String message) {
      super(message);
    }
  }

  /** RFC 7386: null takes a field away. */
  static Mapping plain(Mapping document, Mapping patch) {
    try {
      return new MergePatch(false).merged(document, patch);
    } catch (PatchException e) {
      throw new IllegalStateException("a plain patch has no directives", e);
    }
  }

  /** As {@link #plain}, and {@code $patch} and {@code $retainKeys} are obeyed. */
  static Mapping strategic(Mapping document, Mapping patch) throws PatchException {
    return new MergePatch(true).merged(document, patch);
  }

  private Mapping merged(Mapping base, Mapping patch) throws PatchException {
    var entries = new LinkedHashMap<>(base.entries());
    if (strategic) {
      switch (directive(patch)) {
        case "merge" -> {}
        case "replace", "delete" -> entries.clear();
        case String other -> throw unknown(other);
      }
      if (patch.find(RETAINED) instanceof Sequence keys) {
        entries.keySet().retainAll(texts(keys));
      }
    }
    for (var field : patch.entries().entrySet()) {
      if (!isDirective(field.getKey())) {
        lay(entries, field.getKey(), field.getValue());
      }
    }
    return new Mapping(base.line(), entries);
  }

  private void lay(Map<String, Mapping.Entry> entries, String key, Mapping.Entry entry)
      throws PatchException {
    switch (entry.value()) {
      case YamlNode.Null _ -> entries.remove(key);
      case Mapping inner -> {
        if (strategic && directive(inner).equals("delete")) {
          entries.remove(key);
          return;
        }
        var there = entries.get(key);
        var old =
            there != null && there.value() instanceof Mapping mapping
                ? mapping
                : new Mapping(entry.line(), new LinkedHashMap<>());
        entries.put(key, new Mapping.Entry(entry.line(), merged(old, inner)));
      }
      case Scalar scalar -> entries.put(key, new Mapping.Entry(entry.line(), scalar));
      case Sequence list -> entries.put(key, new Mapping.Entry(entry.line(), list));
    }
  }

  private boolean isDirective(String key) {
    return strategic && (key.equals(DIRECTIVE) || key.equals(RETAINED));
  }

  private static String directive(Mapping patch) throws PatchException {
    return switch (patch.find(DIRECTIVE)) {
      case null -> "merge";
      case Scalar scalar -> scalar.text();
      case YamlNode _ -> throw unknown("not a single value");
    };
  }

  private static PatchException unknown(String directive) {
    return new PatchException("$patch must be replace, merge or delete, is " + directive);
  }

  private static Set<String> texts(Sequence list) {
    var texts = new HashSet<String>();
    for (var item : list.items()) {
      if (item instanceof Scalar scalar) {
        texts.add(scalar.text());
      }
    }
    return texts;
  }
}
