package dev.aviary.felix.calc;

/** The ids of the sets that don't come from policy. */
final class IpSetNames {
  static final String ALL_POOLS = "all-ipam-pools";
  static final String MASQUERADED_POOLS = "masq-ipam-pools";
  static final String THIS_HOST = "this-host";
  static final String ALL_HOSTS = "all-hosts-net";
  static final String ALL_VXLAN = "all-vxlan-net";

  private IpSetNames() {}
}
