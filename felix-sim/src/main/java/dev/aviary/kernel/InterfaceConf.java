package dev.aviary.kernel;

import java.util.List;

/** The settings of {@code net.ipv4.conf.X}, {@code net.ipv6.conf.X} and {@code neigh.X}. */
final class InterfaceConf {
  /** The IPv4 names in the order that they are listed. */
  static final List<String> IPV4_NAMES =
      List.of(
          "forwarding",
          "proxy_arp",
          "rp_filter",
          "route_localnet",
          "send_redirects",
          "accept_local",
          "arp_ignore",
          "arp_filter",
          "accept_redirects",
          "arp_announce",
          "arp_accept",
          "proxy_arp_pvlan",
          "src_valid_mark",
          "log_martians",
          "disable_policy",
          "disable_xfrm",
          "medium_id",
          "secure_redirects",
          "shared_media",
          "accept_source_route",
          "ignore_routes_with_linkdown",
          "promote_secondaries");

  int forwarding;
  int proxyArp;
  int rpFilter;
  int routeLocalnet;
  int sendRedirects = 1;
  int acceptLocal;
  int arpIgnore;
  int arpFilter;
  int acceptRedirects = 1;
  int arpAnnounce;
  int arpAccept;
  int proxyArpPvlan;
  int srcValidMark;
  int logMartians;
  int disablePolicy;
  int disableXfrm;
  int mediumId;
  int secureRedirects = 1;
  int sharedMedia = 1;
  int acceptSourceRoute;
  int ignoreRoutesWithLinkdown;
  int promoteSecondaries;
  int forwarding6;
  int disableIpv6;
  int proxyNdp;
  int acceptRa = 1;
  int proxyDelay = 80;

  static InterfaceConf copyOf(InterfaceConf other) {
    var copy = new InterfaceConf();
    for (var name : IPV4_NAMES) {
      copy.set(name, other.get(name));
    }
    copy.forwarding6 = other.forwarding6;
    copy.disableIpv6 = other.disableIpv6;
    copy.proxyNdp = other.proxyNdp;
    copy.acceptRa = other.acceptRa;
    copy.proxyDelay = other.proxyDelay;
    return copy;
  }

  /** The value of an IPv4 name. */
  int get(String name) {
    return switch (name) {
      case "forwarding" -> forwarding;
      case "proxy_arp" -> proxyArp;
      case "rp_filter" -> rpFilter;
      case "route_localnet" -> routeLocalnet;
      case "send_redirects" -> sendRedirects;
      case "accept_local" -> acceptLocal;
      case "arp_ignore" -> arpIgnore;
      case "arp_filter" -> arpFilter;
      case "accept_redirects" -> acceptRedirects;
      case "arp_announce" -> arpAnnounce;
      case "arp_accept" -> arpAccept;
      case "proxy_arp_pvlan" -> proxyArpPvlan;
      case "src_valid_mark" -> srcValidMark;
      case "log_martians" -> logMartians;
      case "disable_policy" -> disablePolicy;
      case "disable_xfrm" -> disableXfrm;
      case "medium_id" -> mediumId;
      case "secure_redirects" -> secureRedirects;
      case "shared_media" -> sharedMedia;
      case "accept_source_route" -> acceptSourceRoute;
      case "ignore_routes_with_linkdown" -> ignoreRoutesWithLinkdown;
      case "promote_secondaries" -> promoteSecondaries;
      default -> throw new IllegalArgumentException("no setting " + name);
    };
  }

  void set(String name, int value) {
    switch (name) {
      case "forwarding" -> forwarding = value;
      case "proxy_arp" -> proxyArp = value;
      case "rp_filter" -> rpFilter = value;
      case "route_localnet" -> routeLocalnet = value;
      case "send_redirects" -> sendRedirects = value;
      case "accept_local" -> acceptLocal = value;
      case "arp_ignore" -> arpIgnore = value;
      case "arp_filter" -> arpFilter = value;
      case "accept_redirects" -> acceptRedirects = value;
      case "arp_announce" -> arpAnnounce = value;
      case "arp_accept" -> arpAccept = value;
      case "proxy_arp_pvlan" -> proxyArpPvlan = value;
      case "src_valid_mark" -> srcValidMark = value;
      case "log_martians" -> logMartians = value;
      case "disable_policy" -> disablePolicy = value;
      case "disable_xfrm" -> disableXfrm = value;
      case "medium_id" -> mediumId = value;
      case "secure_redirects" -> secureRedirects = value;
      case "shared_media" -> sharedMedia = value;
      case "accept_source_route" -> acceptSourceRoute = value;
      case "ignore_routes_with_linkdown" -> ignoreRoutesWithLinkdown = value;
      case "promote_secondaries" -> promoteSecondaries = value;
      default -> throw new IllegalArgumentException("no setting " + name);
    }
  }
}
