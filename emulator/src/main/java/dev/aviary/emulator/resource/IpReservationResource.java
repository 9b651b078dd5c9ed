package dev.aviary.emulator.resource;

import dev.aviary.net.IpAddress;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.List;

/** Calico's IPReservation: addresses that IPAM gives to nobody. */
public record IpReservationResource(Metadata metadata, Source source, List<Prefix> cidrs)
    implements Resource {
  public IpReservationResource {
    cidrs = List.copyOf(cidrs);
  }

  static IpReservationResource read(Fields fields, Source source) {
    var metadata = Metadata.read(fields, false);
    var spec = fields.object("spec");
    var found = new ArrayList<Prefix>();
    for (var text : spec.texts("reservedCIDRs")) {
      (text.indexOf('/') < 0 ? IpAddress.parse(text).map(IpAddress::toPrefix) : Prefix.parse(text))
          .ifPresentOrElse(
              found::add, () -> spec.problem("reservedCIDRs", "'" + text + "' is no prefix"));
    }
    spec.done();
    return new IpReservationResource(metadata, source, found);
  }
}
