package dev.aviary.emulator.resource;

import dev.aviary.net.IpAddress;
import java.util.ArrayList;
import java.util.List;

/** Kubernetes' Node: its labels, and its internal addresses where Calico's Node does not say. */
public record KubernetesNodeResource(Metadata metadata, Source source, List<IpAddress> internalIps)
    implements Resource {
  public KubernetesNodeResource {
    internalIps = List.copyOf(internalIps);
  }

  static KubernetesNodeResource read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, false);
    var addresses = new ArrayList<IpAddress>();
    for (var address : fields.object("status").objects("addresses")) {
      if (address.text("type", "").equals("InternalIP")) {
        address.parsed("address", IpAddress::parse, "an IP address").ifPresent(addresses::add);
      }
    }
    fields.accept("spec");
    return new KubernetesNodeResource(metadata, source, addresses);
  }
}
