package dev.aviary.bgp.message;

import dev.aviary.bgp.route.AfiSafi;
import dev.aviary.bgp.route.AsPath;
import dev.aviary.bgp.route.Nlri;
import dev.aviary.bgp.route.PathAttribute.AggregatorAttribute;
import dev.aviary.bgp.route.PathAttribute.As4Aggregator;
import dev.aviary.bgp.route.PathAttribute.As4Path;
import dev.aviary.bgp.route.PathAttribute.AsPathAttribute;
import dev.aviary.bgp.route.PathAttribute.AtomicAggregate;
import dev.aviary.bgp.route.PathAttribute.ClusterList;
import dev.aviary.bgp.route.PathAttribute.Communities;
import dev.aviary.bgp.route.PathAttribute.ExtendedCommunities;
import dev.aviary.bgp.route.PathAttribute.Ipv6ExtendedCommunities;
import dev.aviary.bgp.route.PathAttribute.LargeCommunities;
import dev.aviary.bgp.route.PathAttribute.LocalPref;
import dev.aviary.bgp.route.PathAttribute.MpReach;
import dev.aviary.bgp.route.PathAttribute.MpUnreach;
import dev.aviary.bgp.route.PathAttribute.MultiExitDisc;
import dev.aviary.bgp.route.PathAttribute.NextHop;
import dev.aviary.bgp.route.PathAttribute.OnlyToCustomer;
import dev.aviary.bgp.route.PathAttribute.OriginAttribute;
import dev.aviary.bgp.route.PathAttribute.OriginatorId;
import dev.aviary.bgp.route.PathAttribute.Unrecognized;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** A message in the normalised JSON of the wire vectors. */
final class MessageJson {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private MessageJson() {}

  static ObjectNode of(Message message) {
    var out = JSON.objectNode();
    switch (message) {
      case OpenMessage open -> open(open, out);
      case UpdateMessage update -> update(update, out);
      case NotificationMessage n -> {
        out.put("type", "NOTIFICATION").put("code", n.code()).put("subcode", n.subcode());
        out.put("data", n.data().toString());
        boolean text = n.code() == 6 && (n.subcode() == 2 || n.subcode() == 4);
        if (n.text().isPresent()) {
          out.put("shutdown_communication", n.text().get());
        } else if (text && n.data().length() == 1 && n.data().at(0) == 0) {
          out.put("shutdown_communication", "");
        }
      }
      case RouteRefreshMessage r -> {
        out.put("type", "ROUTE-REFRESH").put("afi", r.family().afi()).put("subtype", r.subtype());
        out.put("safi", r.family().safi());
        if (r.filters().length() > 0) {
          out.put("orf_hex", r.filters().toString());
        }
      }
      case KeepaliveMessage _ -> out.put("type", "KEEPALIVE");
    }
    return out;
  }

  private static void open(OpenMessage open, ObjectNode out) {
    out.put("type", "OPEN").put("version", open.version()).put("my_as", open.myAs());
    out.put("hold_time", open.holdTime()).put("bgp_id", open.identifier().toString());
    var list = out.putArray("capabilities");
    open.capabilities().forEach(c -> list.add(capability(c)));
    if (!open.otherParameters().isEmpty()) {
      var others = out.putArray("other_params");
      open.otherParameters()
          .forEach(p -> others.addObject().put("type", p.type()).put("hex", p.value().toString()));
    }
    if (open.extendedParameters()) {
      out.put("extended_opt_params", true);
    }
  }

  static ObjectNode capability(Capability capability) {
    var out = JSON.objectNode().put("code", capability.code());
    switch (capability) {
      case Capability.Multiprotocol(var family) -> family(out, family);
      case Capability.ExtendedNextHop(var tuples) -> {
        var list = out.putArray("tuples");
        tuples.forEach(
            t -> family(list.addObject(), t.family()).put("nexthop_afi", t.nextHopAfi()));
      }
      case Capability.Role(int role) -> out.put("role", role);
      case Capability.GracefulRestart r -> {
        out.put("restart_state", r.restarting()).put("notification", r.notification());
        out.put("restart_time", r.time());
        var list = out.putArray("families");
        r.families()
            .forEach(f -> family(list.addObject(), f.family()).put("forwarding", f.forwarding()));
      }
      case Capability.FourOctetAs(var as) -> out.put("asn", as.value());
      case Capability.AddPath(var families) -> {
        var list = out.putArray("families");
        families.forEach(f -> family(list.addObject(), f.family()).put("mode", f.mode()));
      }
      case Capability.LongLivedGracefulRestart(var families) -> {
        var list = out.putArray("families");
        families.forEach(
            f ->
                family(list.addObject(), f.family())
                    .put("forwarding", f.forwarding())
                    .put("stale_time", f.staleTime()));
      }
      case Capability.Fqdn(var host, var domain) -> {
        out.put("hostname", new String(host.toArray(), StandardCharsets.UTF_8));
        out.put("domain", new String(domain.toArray(), StandardCharsets.UTF_8));
      }
      case Capability.Unrecognized(int _, var value) -> out.put("hex", value.toString());
      case Capability.RouteRefresh _,
          Capability.ExtendedMessage _,
          Capability.EnhancedRefresh _ -> {}
    }
    return out;
  }

  private static ObjectNode family(ObjectNode out, AfiSafi family) {
    return out.put("afi", family.afi()).put("safi", family.safi());
  }

  private static void update(UpdateMessage update, ObjectNode out) {
    out.put("type", "UPDATE");
    nlri(out.putArray("withdrawn"), update.withdrawn());
    var list = out.putArray("attributes");
    for (var attribute : update.attributes()) {
      list.add(attribute(attribute));
    }
    nlri(out.putArray("nlri"), update.nlri());
    update.endOfRib().ifPresent(f -> out.putArray("end_of_rib").add(f.afi()).add(f.safi()));
  }

  private static void nlri(ArrayNode out, List<Nlri> list) {
    for (var nlri : list) {
      boolean plain =
          nlri.pathId().isEmpty() && nlri.labels().isEmpty() && nlri.distinguisher().isEmpty();
      if (plain) {
        out.add(nlri.prefix().toString());
        continue;
      }
      var each = out.addObject();
      nlri.pathId().ifPresent(id -> each.put("path_id", Integer.toUnsignedLong(id)));
      if (!nlri.labels().isEmpty()) {
        var labels = each.putArray("labels");
        nlri.labels().forEach(labels::add);
      }
      nlri.distinguisher().ifPresent(rd -> each.put("rd", rd.toString()));
      each.put("prefix", nlri.prefix().toString());
    }
  }

  static ObjectNode attribute(WireAttribute wire) {
    var out = JSON.objectNode().put("code", wire.value().code()).put("flags", wire.flags());
    switch (wire.value()) {
      case OriginAttribute(var origin) -> out.put("origin", origin.code());
      case AsPathAttribute(var path) -> path(out.putArray("as_path"), path);
      case NextHop(var address) -> out.put("next_hop", address.toString());
      case MultiExitDisc(int metric) -> out.put("med", Integer.toUnsignedLong(metric));
      case LocalPref(int preference) -> out.put("local_pref", Integer.toUnsignedLong(preference));
      case AtomicAggregate() -> out.put("atomic_aggregate", true);
      case AggregatorAttribute(var a) ->
          out.putObject("aggregator")
              .put("asn", a.as().value())
              .put("address", a.address().toString());
      case Communities(var values) -> strings(out.putArray("communities"), values);
      case OriginatorId(var id) -> out.put("originator_id", id.toString());
      case ClusterList(var clusters) -> strings(out.putArray("cluster_list"), clusters);
      case MpReach reach -> {
        var each = family(out.putObject("mp_reach"), reach.family());
        if (reach.raw().isPresent()) {
          each.put("next_hop_hex", reach.raw().get().nextHop().toString());
          each.put("nlri_hex", reach.raw().get().destinations().toString());
        } else {
          strings(each.putArray("next_hop"), reach.nextHops());
          nlri(each.putArray("nlri"), reach.destinations());
        }
      }
      case MpUnreach unreach -> {
        var each = family(out.putObject("mp_unreach"), unreach.family());
        if (unreach.raw().isPresent()) {
          each.put("withdrawn_hex", unreach.raw().get().toString());
        } else {
          nlri(each.putArray("withdrawn"), unreach.destinations());
        }
      }
      case ExtendedCommunities(var values) -> strings(out.putArray("extended_communities"), values);
      case As4Path(var path) -> path(out.putArray("as4_path"), path);
      case As4Aggregator(var a) ->
          out.putObject("as4_aggregator")
              .put("asn", a.as().value())
              .put("address", a.address().toString());
      case Ipv6ExtendedCommunities(var values) ->
          strings(out.putArray("ipv6_extended_communities"), values);
      case LargeCommunities(var values) -> strings(out.putArray("large_communities"), values);
      case OnlyToCustomer(var as) -> out.put("otc", as.value());
      case Unrecognized(int _, int _, var value) -> out.put("hex", value.toString());
    }
    return out;
  }

  private static void path(ArrayNode out, AsPath path) {
    for (var segment : path.segments()) {
      var each = out.addObject().put("type", segment.kind().name());
      var ases = each.putArray("asns");
      segment.ases().forEach(as -> ases.add(as.value()));
    }
  }

  private static void strings(ArrayNode out, List<?> values) {
    values.forEach(value -> out.add(value.toString()));
  }
}
