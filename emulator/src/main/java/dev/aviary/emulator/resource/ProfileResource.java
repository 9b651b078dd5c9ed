package dev.aviary.emulator.resource;

import dev.aviary.emulator.resource.NetworkPolicyResource.Rule;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Calico's Profile: labels and rules that endpoints name. */
public record ProfileResource(
    Metadata metadata,
    Source source,
    Map<String, String> labelsToApply,
    List<Rule> ingress,
    List<Rule> egress)
    implements Resource {
  public ProfileResource {
    labelsToApply = java.util.Collections.unmodifiableMap(new TreeMap<>(labelsToApply));
    ingress = List.copyOf(ingress);
    egress = List.copyOf(egress);
  }

  static ProfileResource read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, false);
    var spec = fields.object("spec");
    var read =
        new ProfileResource(
            metadata,
            source,
            spec.map("labelsToApply"),
            NetworkPolicyResource.rules(spec, "ingress", ""),
            NetworkPolicyResource.rules(spec, "egress", ""));
    spec.done();
    return read;
  }
}
