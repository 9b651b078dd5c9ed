package dev.aviary.emulator.resource;

import java.util.Map;
import java.util.TreeMap;

/**
 * What every resource has.
 *
 * @param namespace empty for kinds that have none
 */
public record Metadata(
    String name, String namespace, Map<String, String> labels, Map<String, String> annotations) {
  public Metadata {
    labels = java.util.Collections.unmodifiableMap(new TreeMap<>(labels));
    annotations = java.util.Collections.unmodifiableMap(new TreeMap<>(annotations));
  }

  static Metadata read(Fields fields, boolean namespaced) {
    var metadata = fields.object("metadata");
    var name = metadata.required("name");
    var namespace = metadata.text("namespace", namespaced ? "default" : "");
    if (!namespaced && !namespace.isEmpty()) {
      metadata.problem("namespace", "this kind has no namespace");
    }
    var read = new Metadata(name, namespace, metadata.map("labels"), metadata.map("annotations"));
    metadata.accept(
        "creationTimestamp",
        "resourceVersion",
        "uid",
        "generation",
        "generateName",
        "ownerReferences",
        "finalizers",
        "managedFields",
        "selfLink",
        "deletionTimestamp",
        "deletionGracePeriodSeconds");
    metadata.done();
    return read;
  }

  /** {@code namespace/name}, or the name alone. */
  public String id() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
