package dev.aviary.emulator.resource;

import java.util.Optional;

/**
 * Calico's WorkloadEndpoint, as {@code calicoctl get} exports it: what the CNI plugin chose for a
 * pod, to be kept.
 */
public record WorkloadEndpointResource(
    Metadata metadata,
    Source source,
    String node,
    String pod,
    String interfaceName,
    Optional<String> mac)
    implements Resource {

  static WorkloadEndpointResource read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, true);
    var spec = fields.object("spec");
    var name = spec.required("interfaceName");
    if (name.length() > 15) {
      spec.problem("interfaceName", "is longer than 15 characters: '" + name + "'");
    }
    var read =
        new WorkloadEndpointResource(
            metadata, source, spec.required("node"), spec.required("pod"), name, spec.text("mac"));
    spec.accept(
        "orchestrator",
        "endpoint",
        "containerID",
        "ipNetworks",
        "ipNATs",
        "ports",
        "profiles",
        "serviceAccountName",
        "workload");
    spec.done();
    return read;
  }
}
