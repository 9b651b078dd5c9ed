package dev.aviary.emulator.resource;

import java.util.List;

/**
 * Kubernetes' Namespace: its labels and its pools.
 *
 * @param pools those that its annotations {@code cni.projectcalico.org/ipv4pools} and {@code
 *     ipv6pools} name, for pods that name none themselves
 */
public record NamespaceResource(Metadata metadata, Source source, List<String> pools)
    implements Resource {
  public NamespaceResource {
    pools = List.copyOf(pools);
  }

  static NamespaceResource read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, false);
    fields.accept("spec", "status");
    return new NamespaceResource(metadata, source, PodResource.pools(fields, metadata));
  }
}
