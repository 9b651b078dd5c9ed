package dev.aviary.emulator.speaker;

import dev.aviary.bgp.route.AsNumber;
import dev.aviary.bgp.route.AsPath;
import dev.aviary.bgp.route.Community;
import dev.aviary.bgp.route.LargeCommunity;
import dev.aviary.bgp.route.Origin;
import dev.aviary.bgp.route.PathAttribute;
import dev.aviary.bgp.route.PathAttributes;
import dev.aviary.emulator.resource.Fields;
import dev.aviary.net.IpAddress;
import dev.aviary.net.IpFamily;
import dev.aviary.net.Prefix;
import java.util.ArrayList;
import java.util.Optional;

/** A route of the speaker's own. */
public record Origination(Prefix prefix, PathAttributes attributes) {

  static Optional<Origination> read(Fields fields) {
    var prefix = fields.parsed("prefix", Prefix::parse, "a prefix");
    if (!fields.has("prefix")) {
      fields.problem("prefix", "is required");
    }
    var attributes = new ArrayList<PathAttribute>();
    attributes.add(new PathAttribute.OriginAttribute(Policies.origin(fields).orElse(Origin.IGP)));
    var path = Policies.each(fields, "asPath", Values::as, Values.AS);
    attributes.add(
        new PathAttribute.AsPathAttribute(
            path.isEmpty() ? AsPath.EMPTY : AsPath.sequence(path.toArray(AsNumber[]::new))));
    Values.unsigned(fields, "med")
        .ifPresent(v -> attributes.add(new PathAttribute.MultiExitDisc(v)));
    Values.unsigned(fields, "localPref")
        .ifPresent(v -> attributes.add(new PathAttribute.LocalPref(v)));
    var communities = Policies.each(fields, "communities", Community::parse, "a community");
    if (!communities.isEmpty()) {
      attributes.add(new PathAttribute.Communities(communities));
    }
    var large = Policies.each(fields, "largeCommunities", LargeCommunity::parse, "AS:N:N");
    if (!large.isEmpty()) {
      attributes.add(new PathAttribute.LargeCommunities(large));
    }
    var hop = fields.parsed("nextHop", IpAddress::parse, "an address");
    if (hop.isPresent() && prefix.isPresent()) {
      boolean same = hop.get().family() == prefix.get().family();
      if (!same && prefix.get().family() == IpFamily.IPV6) {
        fields.problem("nextHop", "must be an IPv6 address");
      }
    }
    fields.done();
    var set = PathAttributes.of(attributes);
    if (hop.isPresent()) {
      set = new dev.aviary.bgp.policy.Change.SetNextHop(hop.get()).apply(set);
    }
    var complete = set;
    return prefix.map(p -> new Origination(p, complete));
  }
}
