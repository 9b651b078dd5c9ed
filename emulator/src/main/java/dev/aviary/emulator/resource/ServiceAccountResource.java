package dev.aviary.emulator.resource;

/** Kubernetes' ServiceAccount: its labels. */
public record ServiceAccountResource(Metadata metadata, Source source) implements Resource {

  static ServiceAccountResource read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, true);
    fields.accept("secrets", "imagePullSecrets", "automountServiceAccountToken");
    return new ServiceAccountResource(metadata, source);
  }
}
