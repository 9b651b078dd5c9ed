package dev.aviary.emulator.resource;

/** Kubernetes' Namespace: its labels and its pools. */
public record NamespaceResource(Metadata metadata, Source source) implements Resource {

  static NamespaceResource read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, false);
    fields.accept("spec", "status");
    return new NamespaceResource(metadata, source);
  }
}
