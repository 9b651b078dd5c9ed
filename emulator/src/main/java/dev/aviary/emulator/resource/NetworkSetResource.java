package dev.aviary.emulator.resource;

import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;

/** Calico's NetworkSet and GlobalNetworkSet: prefixes with labels. */
public record NetworkSetResource(Metadata metadata, Source source, List<Prefix> nets)
    implements Resource {
  public NetworkSetResource {
    nets = List.copyOf(nets);
  }

  static NetworkSetResource read(Fields fields, Source source, boolean global) {
    var metadata = Metadata.read(fields, !global);
    var spec = fields.object("spec");
    var nets = new ArrayList<Prefix>();
    for (var text : spec.texts("nets")) {
      Prefix.parse(text.contains("/") ? text : text + (text.contains(":") ? "/128" : "/32"))
          .ifPresentOrElse(nets::add, () -> spec.problem("nets", "'" + text + "' is no prefix"));
    }
    spec.done();
    return new NetworkSetResource(metadata, source, nets);
  }
}
