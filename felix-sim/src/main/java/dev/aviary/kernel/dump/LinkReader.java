package dev.aviary.kernel.dump;

import dev.aviary.kernel.InterfaceAddress;
import dev.aviary.kernel.packet.MacAddress;
import dev.aviary.kernel.route.RouteScope;
import dev.aviary.net.IpAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads {@code ip addr} and {@code ip -d link}; where both tell of a link, all counts. */
final class LinkReader {
  private static final Pattern HEAD =
      Pattern.compile("(\\d{1,9}): ([^\\s:@]{1,15})(?:@\\S+)?: <([^>]*)>(.*)");
  private static final Pattern MTU = Pattern.compile("\\bmtu (\\d{1,6})\\b");
  private static final Pattern VXLAN_ID = Pattern.compile("\\bvxlan id (\\d{1,8})\\b");
  private static final Pattern VXLAN_PORT = Pattern.compile("\\bdstport (\\d{1,5})\\b");
  private static final Pattern VXLAN_LOCAL = Pattern.compile("\\blocal (\\S+)");

  private final String file;
  private final Map<String, LinkDump> links;
  private LinkDump current = LinkDump.NONE;

  private LinkReader(String file, Map<String, LinkDump> links) {
    this.file = file;
    this.links = links;
  }

  /** Adds what {@code text} tells to {@code links}. */
  static void read(String file, String text, Map<String, LinkDump> links) throws DumpException {
    var reader = new LinkReader(file, links);
    int number = 0;
    for (var line : text.lines().toList()) {
      number++;
      reader.line(line, number);
    }
    if (links.isEmpty()) {
      throw new DumpException(file, 0, "there is no link in it");
    }
  }

  static Map<String, LinkDump> none() {
    return new LinkedHashMap<>();
  }

  private void line(String line, int number) throws DumpException {
    var text = line.strip();
    if (text.isEmpty() || text.startsWith("#") || text.equals("---")) {
      return;
    }
    var head = HEAD.matcher(text);
    if (head.matches()) {
      var mtu = MTU.matcher(head.group(4));
      var known = links.getOrDefault(head.group(2), LinkDump.NONE);
      current =
          new LinkDump(
              Integer.parseInt(head.group(1)),
              head.group(2),
              List.of(head.group(3).split(",", -1)).contains("UP"),
              mtu.find() ? Integer.parseInt(mtu.group(1)) : 1500,
              known.type(),
              known.mac(),
              known.addresses(),
              known.vxlan());
      links.put(current.name(), current);
      return;
    }
    if (current.equals(LinkDump.NONE)) {
      throw new DumpException(file, number, "'" + text + "' comes before any link");
    }
    var words = text.split("\\s+", -1);
    switch (words[0]) {
      case "inet", "inet6" -> put(current.with(address(words, number)));
      case "valid_lft" -> {}
      case "vxlan" -> put(current.with(vxlan(text)));
      default -> {
        if (words[0].startsWith("link/")) {
          var type = words[0].substring("link/".length());
          var mac = words.length > 1 ? MacAddress.parse(words[1]) : null;
          put(current.with(type, mac == null ? MacAddress.ZERO : mac.orElse(MacAddress.ZERO)));
        }
        // What ip -d tells besides (bridge ports, queues) changes nothing here.
      }
    }
  }

  private void put(LinkDump changed) {
    current = changed;
    links.put(changed.name(), changed);
  }

  private static LinkDump.Vxlan vxlan(String text) {
    var id = VXLAN_ID.matcher(text);
    var port = VXLAN_PORT.matcher(text);
    var local = VXLAN_LOCAL.matcher(text);
    return new LinkDump.Vxlan(
        id.find() ? Integer.parseInt(id.group(1)) : LinkDump.Vxlan.CALICO.vni(),
        port.find() ? Integer.parseInt(port.group(1)) : LinkDump.Vxlan.CALICO.port(),
        local.find() ? IpAddress.parse(local.group(1)) : LinkDump.Vxlan.CALICO.local());
  }

  /** "inet ADDRESS/LENGTH [brd B] scope S [secondary] [noprefixroute] LABEL". */
  private InterfaceAddress address(String[] words, int number) throws DumpException {
    var text = words.length > 1 ? words[1] : "";
    int slash = text.indexOf('/');
    var plain = slash < 0 ? text : text.substring(0, slash);
    var parsed =
        IpAddress.parse(plain)
            .orElseThrow(() -> new DumpException(file, number, "'" + text + "' is no address"));
    int bits = parsed.family().bits();
    int length = slash < 0 ? bits : length(text.substring(slash + 1), bits, number);
    var address = InterfaceAddress.of(parsed, length, current.name());
    for (int i = 2; i < words.length; i++) {
      var next = i + 1 < words.length ? words[i + 1] : "";
      switch (words[i]) {
        case "brd" -> {
          var broadcast = IpAddress.parse(next);
          if (broadcast.isPresent()) {
            address = address.withBroadcast(broadcast.get());
          }
        }
        case "scope" -> {
          var scope = RouteScope.parse(next);
          if (scope.isPresent()) {
            address = address.withScope(scope.get());
          }
        }
        case "noprefixroute" -> address = address.withNoPrefixRoute();
        default -> {}
      }
    }
    return address;
  }

  private int length(String text, int most, int number) throws DumpException {
    if (text.matches("\\d{1,3}") && Integer.parseInt(text) <= most) {
      return Integer.parseInt(text);
    }
    throw new DumpException(file, number, "'/" + text + "' is no length of 0 to " + most);
  }

  /** The names of {@code links}, in order of index. */
  static List<LinkDump> ordered(Map<String, LinkDump> links) {
    var list = new ArrayList<>(links.values());
    list.sort((a, b) -> Integer.compare(a.index(), b.index()));
    return list;
  }
}
